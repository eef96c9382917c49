/// run_again: a training from its start once more, with something changed.
#pragma once

#include "training_run.h"

namespace insitu::desktop::doctor {

inline constexpr std::size_t Never = static_cast<std::size_t>(-1);

/// How a run went. A step's loss is that of its batch before the update; after the last step comes the loss of all samples.
struct Course {
  std::vector<double> losses;
  std::size_t not_finite = Never;  ///< the first step whose loss or gradient is NaN or infinite: the run ends there
  std::size_t all_dead =
      Never;  ///< the step from which on a hidden layer passes no gradient on for any sample of a batch; at the end for none of all
  std::size_t rollbacks = 0;  ///< of the guard
  double rate = 0;            ///< that the guard has left
  double largest_output = 0;  ///< |z| of the last layer, at any step
  std::size_t largest_output_at = 0;
  Layers end;  ///< the parameters, in the coordinates of `network` and `samples`
  Architecture network;
  Batch samples;
  double outside = 0;  ///< see turned_inputs.h

  std::size_t peak() const;
  /// The mean over the samples of each epoch, as `insitu train` says it.
  std::vector<double> by_epoch(const TrainingRun& run) const;
};

/// `shaken`: not 0, the start is moved by a thousandth of each weight, at random by that seed: what cures by luck alone then does not.
Course run_again(const TrainingRun& run, const Change& change, std::uint64_t shaken = 0);

/// Centred or standardised by the samples' own means and deviations; a feature that never changes becomes 0.
Tensor scaled(Tensor inputs, Scaling scaling);

/// The share of a layer's units that pass no gradient on for any of the samples: a ReLU at or below 0, a sigmoid or tanh at its end to the last bit.
double dead_share(const Architecture& network, const Pass& pass, std::size_t layer);

}  // namespace insitu::desktop::doctor
