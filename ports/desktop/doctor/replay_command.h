/// replay: the command that flies a device's record again. `replay_flight<Training>` is the whole of it, a template on the training that the device compiled.
#pragma once

#include "../bytes.h"
#include "../command.h"
#include "../error.h"
#include "../trained_model.h"
#include "replay.h"

namespace insitu::desktop {

/// 0 where the bits are the same, 1 where they are not. Throws Error where the record or the factory's weights cannot be read.
template <class Training>
int replay_flight(const ReplayOptions& options) {
  using Net = typename Training::Network;
  if constexpr (Training::Inner::slots > 0) {
    throw Error("flights are recorded with Sgd or SgdDecay, and this program trains with ", Training::Inner::name);
  } else {
    const auto factory = std::make_unique<Weights<Net>>();
    if (!options.factory.empty()) factory->load(options.factory);
    if (options.factory.empty() && !Net::all_trained)
      throw Error("parts of this network are frozen: the replay needs --factory, a checkpoint of its weights");
    const Replay flight = replay<Training>(read_bytes(options.flight), factory->parameters);
    if (!flight.problem.empty()) throw Error(options.flight, ": ", flight.problem);
    std::printf("%s", replay_report(flight).c_str());
    return flight.same() ? 0 : 1;
  }
}

}  // namespace insitu::desktop
