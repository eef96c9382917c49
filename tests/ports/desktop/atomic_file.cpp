#include "ports/desktop/atomic_file.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "ports/desktop/error.h"
#include "temporary_folder.h"

namespace insitu::desktop {
namespace {

/// While it lives no file may grow beyond `bytes`: a write fails (EFBIG) as it would on a full disk.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit limit{bytes, old_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = signal(SIGXFSZ, SIG_IGN);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &old_);
    signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit old_;
  void (*handler_)(int);
};

}  // namespace

TEST_CASE("AtomicFile: nothing changes before commit, and nothing is left beside it") {
  const TemporaryFolder folder;
  const std::string path = folder.write("model", "old");
  {
    AtomicFile file(path);
    file.write("new");
    CHECK(file_text(path) == "old");
    CHECK(folder.files() == 2);
    file.write(" and more");
    file.commit();
  }
  CHECK(file_text(path) == "new and more");
  {
    AtomicFile file(path);
    file.write("never committed");
  }
  CHECK(file_text(path) == "new and more");
  CHECK(folder.files() == 1);
}

TEST_CASE("AtomicFile: a write that fails leaves the old file and nothing else") {
  const TemporaryFolder folder;
  const std::string path = folder.write("model", "old");
  {
    const FileSizeLimit limit(1000);
    CHECK_THROWS_WITH_AS(write_atomically(path, std::string(5000, 'x')),
                         (path + " cannot be written: File too large; the file that was there is as it was").c_str(), Error);
  }
  CHECK(file_text(path) == "old");
  CHECK(folder.files() == 1);
}

TEST_CASE("AtomicFile: a full disk, a missing folder, a folder in place of the file") {
  const TemporaryFolder folder;
  if (std::filesystem::exists("/dev/full")) {
    CHECK_THROWS_WITH_AS(write_atomically("/dev/full", std::string(10, 'x')), "/dev/full cannot be written: No space left on device",
                         Error);
    CHECK(std::filesystem::is_character_file("/dev/full"));
  }
  const std::string nowhere = folder / "no/model";
  CHECK_THROWS_WITH_AS(write_atomically(nowhere, "x"), (nowhere + " cannot be written: No such file or directory").c_str(), Error);
  CHECK_THROWS_WITH_AS(write_atomically(folder.path(), "x"), (folder.path() + " is a folder, and a file is to be written there").c_str(),
                       Error);
}

TEST_CASE("AtomicFile: a symbolic link stays one, and the mode of the old file is kept") {
  const TemporaryFolder folder;
  const std::string path = folder.write("model", "old"), link = folder / "link";
  std::filesystem::create_symlink(path, link);
  std::filesystem::permissions(path, std::filesystem::perms(0640));
  write_atomically(link, "new");
  CHECK(std::filesystem::is_symlink(link));
  CHECK(file_text(path) == "new");
  CHECK(std::filesystem::status(path).permissions() == std::filesystem::perms(0640));
}

}  // namespace insitu::desktop
