#include "block_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "error.h"

namespace insitu::desktop {
namespace {

int force(int descriptor) {
#ifdef F_FULLFSYNC
  return ::fcntl(descriptor, F_FULLFSYNC);  // macOS: fsync stops at the disk's own cache
#else
  return ::fsync(descriptor);
#endif
}

/// The file's name, too, survives a power cut.
void force_folder(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  const int directory = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  (void)::fsync(directory);
  ::close(directory);
}

}  // namespace

BlockFile::BlockFile(const std::string& path, long long bytes) : descriptor_(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)) {
  if (descriptor_ < 0) throw Error(path, " cannot be opened for reading and writing: ", std::strerror(errno));
  const auto fail = [&](const char* what) {
    const int reason = errno;
    ::close(descriptor_);
    throw Error(path, " cannot be ", what, ": ", std::strerror(reason));
  };
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) fail(errno == EWOULDBLOCK ? "used: another process has it open" : "locked");
  struct stat now;
  if (::fstat(descriptor_, &now) != 0) fail("examined");
  if (!S_ISREG(now.st_mode)) {
    ::close(descriptor_);
    throw Error(path, " is not a regular file, and a store needs one");
  }
  if (now.st_size >= bytes) return;
  if (::ftruncate(descriptor_, bytes) != 0 || force(descriptor_) != 0) fail("made long enough");
  force_folder(path);
}

BlockFile::~BlockFile() { ::close(descriptor_); }

Status BlockFile::read(long long at, unsigned char* to, int count) const {
  while (count > 0) {
    const ssize_t got = ::pread(descriptor_, to, static_cast<std::size_t>(count), at);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return Status::DeviceFailed;
    to += got, at += got, count -= static_cast<int>(got);
  }
  return Status::Ok;
}

Status BlockFile::write(long long at, const unsigned char* from, int count) {
  while (count > 0) {
    const ssize_t put = ::pwrite(descriptor_, from, static_cast<std::size_t>(count), at);
    if (put < 0 && errno == EINTR) continue;
    if (put <= 0) return Status::DeviceFailed;
    from += put, at += put, count -= static_cast<int>(put);
  }
  return Status::Ok;
}

Status BlockFile::sync() { return force(descriptor_) == 0 ? Status::Ok : Status::DeviceFailed; }

}  // namespace insitu::desktop
