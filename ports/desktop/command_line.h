/// command_line: the whole program for one network: train, predict, info, doctor.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>

#include "command.h"
#include "doctor/replay_command.h"
#include "info_command.h"
#include "predict_command.h"
#include "train_command.h"

namespace insitu::desktop {

template <class Training>
int obey(const Command& command) {
  switch (command.verb) {
    case Command::Verb::Help:
      return 0;
    case Command::Verb::Train:
      return train<Training>(command.train);
    case Command::Verb::Predict:
      return predict_samples<Training>(command.predict);
    case Command::Verb::Info:
      return info<Training>(command.info);
    case Command::Verb::Replay:
      return replay_flight<Training>(command.replay);
  }
  return 0;
}

/// The exit code: 0; 2 where something was wrong, after a sentence on stderr; Interrupted after Ctrl-C.
template <class Training>
int command_line(int argc, const char* const* argv, const std::string& network) {
  try {
    const int code = obey<Training>(read_command(argc, argv, network));
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
