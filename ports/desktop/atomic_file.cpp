#include "atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "error.h"

namespace insitu::desktop {

AtomicFile::AtomicFile(const std::string& path) : path_(path) {
  namespace fs = std::filesystem;
  std::error_code problem;
  const fs::path real = fs::weakly_canonical(path, problem);
  target_ = problem ? path : real.string();
  if (fs::is_directory(target_, problem)) throw Error(path_, " is a folder, and a file is to be written there");
  direct_ = fs::exists(target_, problem) && !fs::is_regular_file(target_, problem);
  written_ = direct_ ? target_ : target_ + ".part" + std::to_string(::getpid());
  descriptor_ = ::open(written_.c_str(), O_WRONLY | O_CLOEXEC | (direct_ ? 0 : O_CREAT | O_TRUNC), 0666);
  if (descriptor_ < 0) throw Error(path_, " cannot be written: ", std::strerror(errno));
  struct stat old;
  if (!direct_ && ::stat(target_.c_str(), &old) == 0) (void)::fchmod(descriptor_, old.st_mode & 07777);
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::discard() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  descriptor_ = -1;
  if (!direct_) ::unlink(written_.c_str());
}

void AtomicFile::fail(const char* what) {
  const int reason = errno;
  const bool old = !direct_ && std::filesystem::exists(target_);
  discard();
  throw Error(path_, " cannot be ", what, ": ", std::strerror(reason), old ? "; the file that was there is as it was" : "");
}

void AtomicFile::write(std::span<const unsigned char> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("written");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void AtomicFile::write(std::string_view text) { write({reinterpret_cast<const unsigned char*>(text.data()), text.size()}); }

void AtomicFile::commit() {
  if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS)
    fail("forced to the disk");  // EINVAL: a pipe or terminal
  const int descriptor = descriptor_;
  if (direct_) {
    descriptor_ = -1;
    if (::close(descriptor) != 0) throw Error(path_, " cannot be written: ", std::strerror(errno));
    return;
  }
  if (std::rename(written_.c_str(), target_.c_str()) != 0) fail("put in place");
  descriptor_ = -1;
  ::close(descriptor);
  const std::string folder = std::filesystem::path(target_).parent_path().string();
  const int directory = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  (void)::fsync(directory);  // the name, too, survives a power cut
  ::close(directory);
}

void write_atomically(const std::string& path, std::span<const unsigned char> bytes) {
  AtomicFile file(path);
  file.write(bytes);
  file.commit();
}

void write_atomically(const std::string& path, std::string_view text) {
  write_atomically(path, {reinterpret_cast<const unsigned char*>(text.data()), text.size()});
}

}  // namespace insitu::desktop
