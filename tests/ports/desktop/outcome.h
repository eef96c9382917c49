/// run: the command line of a network, in a process of its own.
#pragma once

#include <string>
#include <vector>

#include "ports/desktop/command_line.h"
#include "process.h"

namespace insitu::desktop {

/// interrupt_after and largest_file as in apart().
template <class Training>
Outcome run(std::vector<std::string> arguments, int interrupt_after = 0, rlim_t largest_file = 0) {
  arguments.insert(arguments.begin(), "insitu");
  std::vector<const char*> pointers;
  for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
  const auto work = [&] { return command_line<Training>(static_cast<int>(pointers.size()), pointers.data(), "points"); };
  return apart(work, interrupt_after, largest_file);
}

}  // namespace insitu::desktop
