/// What the tests of the store keep: a network whose numbers tell which save they come from.
#pragma once

#include "tests/field/flash.h"
#include "tests/model/problem.h"

namespace problem {

using StoredNet = Network<Frozen<Dense<2, 2, Tanh>>, Dense<2, 2>>;
using StoredTraining = Trainer<StoredNet, MeanSquaredError, Momentum, Batch<1>>;
using StoredPieces = Keep<StepCount, OptimizerState<StoredTraining>>;

inline const Parameters<StoredNet>& stored_factory() {
  static const Parameters<StoredNet> p = [] {
    Parameters<StoredNet> q;
    Random random{77};
    fill(q, random);
    return q;
  }();
  return p;
}

/// Everything that a save writes and a load reads. Version 0 is the factory's.
struct State {
  Trained<StoredNet> trained;
  StoredTraining trainer;
  std::uint32_t step;

  explicit State(int version = -1) {
    trainer = {};
    Random random{static_cast<std::uint64_t>(1000 + version)};
    fill(trained, random);
    fill(trainer.state, random);
    trainer.optimizer.learning_rate = random.uniform();
    step = static_cast<std::uint32_t>(version);
    if (version == 0) copy_factory<StoredNet>(stored_factory(), trained);
  }
  template <class S>
  Status save(S& store) {
    return store.save(trained, StepCount{&step}, OptimizerState<StoredTraining>{&trainer});
  }
  template <class S>
  Loaded load(S& store) {
    return store.load(trained, stored_factory(), StepCount{&step}, OptimizerState<StoredTraining>{&trainer});
  }
  bool is(int version) const {
    const State other(version);
    if (!same_bytes(trained, other.trained)) return false;
    return version == 0 ||
           (step == other.step && same_bytes(trainer.state, other.trainer.state) && same_bytes(trainer.optimizer, other.trainer.optimizer));
  }
};

/// What a store on this device loads after a restart: the version, 0 for the factory's, -1 for a mixture or anything else that never was.
template <class S, class Device>
int restarted(Device& flash) {
  flash.restart();
  S store{flash};
  State state;
  const Loaded loaded = state.load(store);
  if (flash.misused) return -1;
  if (loaded.from == LoadedFrom::Factory) return state.is(0) && (loaded.status == Status::NoRecord || flash.manner.corrected) ? 0 : -1;
  const int version = static_cast<int>(state.step);
  return loaded.status == Status::Ok && version > 0 && state.is(version) ? version : -1;
}

}  // namespace problem
