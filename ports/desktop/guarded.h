/// guarded: what every program does with an error: a sentence on stderr, and an exit code.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

#include "error.h"

namespace insitu::desktop {

/// The exit code of `work`; 2 where something was wrong, after a sentence on stderr.
template <class Work>
int guarded(const Work& work) {
  try {
    const int code = work();
    if (std::fflush(stdout) != 0) throw Error("what was to be printed could not be written: ", std::strerror(errno));
    return code;
  } catch (const std::bad_alloc&) {
    std::fprintf(stderr, "insitu: there is not enough memory for this\n");
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "insitu: %s\n", problem.what());
  }
  return 2;
}

}  // namespace insitu::desktop
