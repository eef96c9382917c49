/// Outcome: what work in a process of its own left behind.
#pragma once

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "temporary_folder.h"

namespace insitu::desktop {

struct Outcome {
  int code;
  std::string out, err;

  std::string last_line() const {
    const std::size_t end = out.find_last_not_of('\n'), begin = out.find_last_of('\n', end);
    return out.substr(begin + 1, end - begin);
  }
};

/// Does `work`, which gives an exit code, in a process of its own. `interrupt_after` milliseconds, where not 0, it gets a SIGINT; `largest_file`, where not 0, is
/// the most bytes of a file.
template <class Work>
Outcome apart(const Work& work, int interrupt_after = 0, rlim_t largest_file = 0) {
  const TemporaryFolder folder;
  std::fflush(nullptr);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    if (!std::freopen((folder / "out").c_str(), "w", stdout) || !std::freopen((folder / "err").c_str(), "w", stderr)) _exit(99);
    if (largest_file > 0) {
      const rlimit limit{largest_file, largest_file};
      setrlimit(RLIMIT_FSIZE, &limit);
      signal(SIGXFSZ, SIG_IGN);
    }
    const int code = work();
    std::fflush(nullptr);
    _exit(code);
  }
  if (interrupt_after > 0) {
    usleep(static_cast<useconds_t>(interrupt_after) * 1000);
    kill(child, SIGINT);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, file_text(folder / "out"), file_text(folder / "err")};
}

}  // namespace insitu::desktop
