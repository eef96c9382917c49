/// TrainingRun: a training that went wrong, as far as the doctor knows it, and the changes with which it is run again.
#pragma once

#include <string>

#include "faulty_gradient.h"

namespace insitu::desktop::doctor {

/// Plain gradient descent, in double: parameters -= rate * gradient, on `batch` samples a step.
struct TrainingRun {
  Architecture network;
  Layers start;
  Batch samples;
  double rate = 0;
  std::size_t batch = 0;   ///< of a step; all samples, in their order, or fewer, in the order of `insitu train`
  std::uint64_t seed = 1;  ///< of that order, and of another start
  std::size_t steps = 0;
  FaultyGradient posted = {};  ///< the gradient as the user's code computes it; a right one where nothing is known against it

  std::size_t steps_per_epoch() const { return (samples.samples() + batch - 1) / batch; }
};

enum class Scaling { None, Centred, Standardised };

/// What is done differently when the run is run again. Several at once are tried only where no single one cures.
struct Change {
  bool mended = false;              ///< the right gradient
  double rate = 1;                  ///< times the run's
  Scaling scaling = Scaling::None;  ///< of each feature: its mean 0; its mean 0 and its deviation 1
  bool clipped = false;             ///< the gradient is shortened to norm 1 where it is longer
  bool guarded = false;             ///< SafeTrainer: where the loss rises, back to the last good parameters, at half the rate
  bool fresh = false;               ///< other random weights

  /// How many things are changed.
  int count() const;
};

/// Each change by itself, least invasive first, and then all pairs of those; `mended` only where the run's gradient is wrong.
std::vector<Change> single_changes(const TrainingRun& run);
std::vector<Change> pairs_of_changes(const TrainingRun& run);

/// "as it is", "gradient mended", "rate / 10 + inputs centred"
std::string name(const Change& change);
/// What the user has to do, with numbers: "train at a learning rate of 0.01"
std::string instruction(const Change& change, const TrainingRun& run);

/// Weights of a network of known shape as `insitu train` draws them, to the bit: He's where the first layer is a ReLU, otherwise Glorot's; biases 0. `init` is "", he,
/// glorot, or a number, the deviation of normal weights. Throws Error for another.
Layers initial_parameters(const Architecture& network, const std::string& init, std::uint64_t seed);

}  // namespace insitu::desktop::doctor
