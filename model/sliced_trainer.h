/// SlicedTrainer<Training>: a step of training in slices of bounded work, between which a main loop or an RTOS does something else. SafeSlicedTrainer: the same
/// under the guard of a SafeTrainer.
#pragma once

#include "safe_trainer.h"
#include "slices.h"

namespace insitu {

/// `run` does units of a step until the budget is used up. A unit is never divided: a smaller budget, 0 too, does one unit. The parameters have the bits of
/// Trainer::step, wherever it was cut.
///
/// From begin to Done the caller leaves parameters, inputs and targets where and as they are. In that time the parameters of some layers are newer than those of
/// others: predict before begin or after Done. An aggregate: SlicedTrainer<Tuning> sliced{.trainer = {.optimizer = {...}}}.
template <class Training>
struct SlicedTrainer {
  using Network = typename Training::Network;
  using Net = Network;
  using Inputs = typename Training::Inputs;
  static constexpr int batch = Training::batch;
  /// Multiply-adds of the largest unit: a budget below does one unit all the same.
  static constexpr long largest_unit = Slices<Training>::largest_unit;

  Training trainer;
  Slices<Training> slices = {};

  /// Starts a step on the first rows of the batch. A step that was not done is forgotten: cancelled before LossKnown was answered by another `run`, it has
  /// changed nothing.
  void begin(int samples = batch) { slices.begin(samples); }
  void cancel() { slices.cancel(); }
  bool idle() const { return slices.idle(); }
  /// Of the step at hand, from LossKnown on; then of the last.
  float loss() const { return slices.loss; }

  /// Units worth at most `budget` multiply-adds, at least one. Always returns at LossKnown, before anything is updated, and at Done.
  template <class P, class Targets>
  Progress run(P& trained, const Parameters<Net>& factory, const Inputs& inputs, const Targets& targets, long budget) {
    return slices.run(trainer, trained, factory, inputs, targets, budget);
  }
  template <class P, class Targets>
  Progress run(P& parameters, const Inputs& inputs, const Targets& targets, long budget) {
    static_assert(Net::all_trained, "insitu: parts of this network are frozen: write run(trained, factory, inputs, targets, budget)");
    if constexpr (Net::all_trained) return run(parameters, parameters, inputs, targets, budget);
  }
};

/// A SafeTrainer whose steps are done in slices: the same parameters and events but for `norm_squared`, which is 0: the norm would need a pass over all inputs of a
/// layer at once. What it would have shown, the loss of the next step shows.
///
/// Not divided: looking at the samples (and a probe's loss where it is due) in the first slice; at LossKnown judging and, where it is time, the copy.
/// An aggregate: SafeSlicedTrainer<Tuning> sliced{.safe = {.trainer = {.optimizer = {...}}}}.
template <class Training, class Judge = EveryStep, class Keep = KeepCopy>
struct SafeSlicedTrainer {
  using Network = typename Training::Network;
  using Net = Network;
  using Inputs = typename Training::Inputs;
  static constexpr int batch = Training::batch;
  static constexpr long largest_unit = Slices<Training>::largest_unit;

  SafeTrainer<Training, Judge, Keep> safe;
  Slices<Training> slices = {};
  Event event = {};  ///< of the step at hand; at Done what it came to

  void begin(int samples = batch) {
    event = safe.begin();
    if (safe.stopped) {
      slices.cancel();
    } else {
      slices.begin(samples);
    }
  }
  bool idle() const { return slices.idle(); }

  /// As SlicedTrainer::run. Done where an alarm ended the step, too: `event` says so, and the parameters are the last good ones.
  template <class P, class Targets>
  Progress run(P& trained, const Parameters<Net>& factory, const Inputs& inputs, const Targets& targets, long budget) {
    if (slices.idle()) return Progress::Done;
    if (slices.fresh() && !safe.admit(trained, factory, inputs, targets, slices.samples, event)) return end();
    Progress progress = Progress::Done;
    safe.with_scale([&] { progress = slices.run(safe.trainer, trained, factory, inputs, targets, budget); });
    if (progress == Progress::LossKnown) {
      event.loss = slices.loss;
      if (!safe.approve(trained, factory, slices.samples, event)) return end();
    }
    if (progress == Progress::Done) event = safe.finish(trained, factory, event);
    return progress;
  }
  template <class P, class Targets>
  Progress run(P& parameters, const Inputs& inputs, const Targets& targets, long budget) {
    static_assert(
        Net::all_trained && Keep::copies,
        "insitu: parts of this network are frozen, or it goes back to the factory: write run(trained, factory, inputs, targets, budget)");
    if constexpr (Net::all_trained) return run(parameters, parameters, inputs, targets, budget);
  }

 private:
  Progress end() {
    slices.cancel();
    return Progress::Done;
  }
};

}  // namespace insitu
