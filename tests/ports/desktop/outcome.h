/// Outcome: what a run of the command line, in a process of its own, left behind.
#pragma once

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "ports/desktop/command_line.h"
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

/// A run in a process of its own. `interrupt_after` milliseconds, where not 0, it gets a SIGINT; `largest_file`, where not 0, is the most bytes of a file.
template <class Training>
Outcome run(std::vector<std::string> arguments, int interrupt_after = 0, rlim_t largest_file = 0) {
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
    arguments.insert(arguments.begin(), "insitu");
    std::vector<const char*> pointers;
    for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
    const int code = command_line<Training>(static_cast<int>(pointers.size()), pointers.data(), "points");
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
