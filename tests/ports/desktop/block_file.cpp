#include "ports/desktop/block_file.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "model/store.h"
#include "ports/desktop/error.h"
#include "temporary_folder.h"

namespace insitu::desktop {
namespace {

using Net = Network<Dense<4, 300, Tanh>, Dense<300, 2>>;  // 2,102 floats: a record of several blocks
using File = FileDevice<4096, 8>;

/// Every number is the version.
void fill(Parameters<Net>& p, float version) {
  float* numbers = reinterpret_cast<float*>(&p);
  for (int k = 0; k < float_count<Parameters<Net>>; ++k) numbers[k] = version;
}
/// The version of which all numbers are; -1 for a mixture.
float version_of(const Parameters<Net>& p) {
  const float* numbers = reinterpret_cast<const float*>(&p);
  for (int k = 1; k < float_count<Parameters<Net>>; ++k) {
    if (numbers[k] != numbers[0]) return -1;
  }
  return numbers[0];
}
void nothing_stored(Trained<Net>& p) { fill(p, 0); }

/// The version in a file, as the next process finds it.
float stored(const std::string& path) {
  File file(path);
  Store<Net, File, Slots<2>> store{file};
  Parameters<Net> p;
  const Loaded loaded = store.load(p, nothing_stored);
  CHECK(loaded.status == (loaded.from == LoadedFrom::Record ? Status::Ok : Status::NoRecord));
  return version_of(p);
}

/// Writes until an operation in which it stops: half of what is written there arrives.
struct Cut : File {
  using File::File;
  int operations = 0, at = -1;
  bool dead = false;
  Status program(int block, int offset, const unsigned char* from, int count) {
    if (dead) return Status::DeviceFailed;
    if (operations++ != at) return File::program(block, offset, from, count);
    dead = true;
    (void)File::program(block, offset, from, count / 2);
    return Status::DeviceFailed;
  }
  Status sync() {
    if (dead || operations++ == at) dead = true;
    return dead ? Status::DeviceFailed : File::sync();
  }
};

}  // namespace

TEST_CASE("FileDevice: a store in a file, cut in every write and sync") {
  const TemporaryFolder folder;
  const std::string path = folder / "store";
  CHECK(stored(path) == 0);
  bool cut = true;
  float last = 0;
  for (int operation = 0; cut; ++operation) {
    Parameters<Net> p;
    {
      Cut file(path);
      Store<Net, Cut, Slots<2>> store{file};
      fill(p, last + 1);
      file.at = operation;
      const Status status = store.save(p);
      CHECK((status == Status::Ok) == !file.dead);
      cut = file.dead;
    }
    const float found = stored(path);
    CHECK((found == last || found == last + 1));
    if (!cut) CHECK(found == last + 1);
    {
      File file(path);
      Store<Net, File, Slots<2>> store{file};
      fill(p, last + 2);
      CHECK(store.save(p) == Status::Ok);
    }
    last += 2;
    CHECK(stored(path) == last);
  }
  CHECK(last > 20);
}

TEST_CASE("FileDevice: a process that is killed while it saves") {
  const TemporaryFolder folder;
  const std::string path = folder / "store";
  float last = stored(path);
  for (int round = 0; round < 20; ++round) {
    int written[2];
    REQUIRE(pipe(written) == 0);
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      File file(path);
      Store<Net, File, Slots<2>> store{file};
      static Parameters<Net> p;
      for (float version = last + 1;; ++version) {
        fill(p, version);
        if (store.save(p) != Status::Ok || write(written[1], &version, sizeof version) != sizeof version) _exit(1);
      }
    }
    close(written[1]);
    float saved = last;  // what the child knows to be there
    if (read(written[0], &saved, sizeof saved) != sizeof saved) saved = -1;
    usleep(static_cast<useconds_t>(100 + round * 137 % 1000));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    for (float more = 0; read(written[0], &more, sizeof more) == sizeof more;) saved = more;
    close(written[0]);
    CHECK(saved > last);
    last = stored(path);
    CHECK((last == saved || last == saved + 1));
  }
}

TEST_CASE("FileDevice: what cannot be a store is refused in a sentence, and a full disk is a bad block") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH_AS(File("/nowhere/store"), "/nowhere/store cannot be opened for reading and writing: No such file or directory", Error);
  CHECK_THROWS_WITH_AS(File("/dev/null"), "/dev/null is not a regular file, and a store needs one", Error);
  const std::string path = folder / "store";
  {
    const File open(path);
    const std::string sentence = path + " cannot be used: another process has it open: Resource temporarily unavailable";
    CHECK_THROWS_WITH_AS(File{path}, sentence.c_str(), Error);
  }
  CHECK(std::filesystem::file_size(path) == 8 * 4096);

  rlimit old;
  getrlimit(RLIMIT_FSIZE, &old);
  const rlimit limit{4 * 4096, old.rlim_max};  // writes beyond the first slot fail, as on a full disk
  {
    File file(path);
    Store<Net, File, Slots<2>> store{file};
    Parameters<Net> p;
    fill(p, 1);
    CHECK(store.save(p) == Status::Ok);
    setrlimit(RLIMIT_FSIZE, &limit);
    auto* const handler = signal(SIGXFSZ, SIG_IGN);
    fill(p, 2);
    const Status status = store.save(p);
    setrlimit(RLIMIT_FSIZE, &old);
    signal(SIGXFSZ, handler);
    CHECK(status == Status::DeviceFailed);
  }
  CHECK(stored(path) == 1);
  std::filesystem::resize_file(path, 1000);  // cut off: nothing is left, and it is made long enough again
  CHECK(stored(path) == 0);
  CHECK(std::filesystem::file_size(path) == 8 * 4096);
}

}  // namespace insitu::desktop
