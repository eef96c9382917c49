/// command_line: the whole program for one network: train, predict, info, doctor, and what brings weights in and out.
#pragma once

#include "command.h"
#include "doctor/check_command.h"
#include "doctor/curve_command.h"
#include "doctor/replay_command.h"
#include "guarded.h"
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
    case Command::Verb::Check:
      return doctor::check_gradients(command.check);
    case Command::Verb::Probe:
      return doctor::make_probe(command.probe);
    case Command::Verb::Curve:
      return doctor::explain_curve(command.curve);
    case Command::Verb::Replay:
      return replay_flight<Training>(command.replay);
    case Command::Verb::Exchange:
      return exchange_weights(command.exchange, network_text<typename Training::Network>());
  }
  return 0;
}

/// The exit code: 0; 2 where something was wrong, after a sentence on stderr; Interrupted after Ctrl-C.
template <class Training>
int command_line(int argc, const char* const* argv, const std::string& network) {
  return guarded([&] { return obey<Training>(read_command(argc, argv, network)); });
}

}  // namespace insitu::desktop
