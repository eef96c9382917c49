/// TrainingSets: what is trained on, and what only watches; and the settings of a run, from the command line and the checkpoint it goes on from.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "command.h"
#include "dataset.h"
#include "run.h"

namespace insitu::desktop {

struct TrainingSets {
  Dataset training;
  std::optional<Dataset> validation, test;

  /// The set by which early stopping judges: validation, otherwise test, otherwise none.
  const Dataset* watched() const { return validation ? &*validation : test ? &*test : nullptr; }
};

/// Reads and checks the samples; splits the validation set off by the run's seed. Throws Error.
TrainingSets read_sets(const TrainOptions& options, const Shape& shape, const Run& run);

/// The checkpoint's settings, or those of a new run, with what the command line says in their place. Throws Error where the two cannot be reconciled.
Run settle(const TrainOptions& options, const std::optional<Run>& resumed);

/// CRC-32 of a set's inputs and targets.
std::uint32_t crc_of(const Dataset& dataset);

/// The learning rate of a step, by the run's schedule: constant; step, a tenth after each third of the run; cosine, down to zero at the end.
float rate_at(const Run& run, float rate, std::uint64_t step);

/// The weight of each class: all 1, "balanced", or "1,2.5,...". Throws Error where the number of weights is not that of the classes.
std::vector<float> class_weights(const std::string& text, const Dataset& training);

}  // namespace insitu::desktop
