/// Dataset: samples that fit a network: checked, as rows of float, with targets as the loss wants them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "samples.h"
#include "task.h"

namespace insitu::desktop {

struct Dataset {
  std::string name;
  Shape shape{};
  std::size_t rows = 0;
  std::vector<float> inputs;         ///< rows x shape.inputs
  std::vector<float> targets;        ///< rows x shape.outputs: one-hot for Task::Classes; empty where the samples have no targets
  std::vector<int> labels;           ///< class of each row; Task::Classes only
  std::vector<std::string> classes;  ///< names of the classes, if they have some

  bool labelled() const { return !targets.empty(); }
  const float* input(std::size_t row) const { return inputs.data() + row * shape.inputs; }
  const float* target(std::size_t row) const { return targets.data() + row * shape.outputs; }

  /// The rows whose numbers are given, in that order.
  Dataset select(std::span<const std::uint32_t> chosen) const;
};

/// Throws Error where the samples do not fit the network: number of features or targets, NaN or Inf, a class out of range, inputs and targets of
/// different number.
Dataset make_dataset(const Samples& samples, const Shape& shape);

/// A part of `fraction` (0 to 1, both excluded) drawn at random by `seed` is split off: the rest, and that part. Both have at least one row.
std::pair<Dataset, Dataset> split(const Dataset& all, double fraction, std::uint64_t seed);

/// The weight of each class in the loss that makes all classes count the same: rows / (classes x rows of the class); 1 for a class without rows.
std::vector<float> balanced_weights(const Dataset& dataset);

}  // namespace insitu::desktop
