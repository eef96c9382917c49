#include "dataset.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "error.h"
#include "shuffle.h"

namespace insitu::desktop {
namespace {

const char* plural(std::size_t n) { return n == 1 ? "" : "s"; }

void check_finite(const Array& array, const Samples& samples) {
  for (std::size_t k = 0; k < array.values.size(); ++k) {
    if (std::isfinite(array.values[k])) continue;
    const std::size_t row = k / array.columns(), column = k % array.columns();
    const bool own_lines = samples.targets && &array == &*samples.targets;
    const std::string place = own_lines ? samples.place(row) : array.name + ", sample " + std::to_string(row + 1);
    throw Error(place, ", number ", column + 1, ": ", array.values[k], " stands where a finite number belongs");
  }
}

/// One-hot rows, or one class index a row.
void set_classes(Dataset& dataset, const Samples& samples) {
  const Array& targets = *samples.targets;
  const std::size_t outputs = dataset.shape.outputs;
  for (std::size_t row = 0; row < dataset.rows; ++row) {
    const float* values = targets.values.data() + row * targets.columns();
    float label = values[0];
    if (targets.columns() > 1) {
      const auto ones = std::count(values, values + outputs, 1.0f), zeros = std::count(values, values + outputs, 0.0f);
      if (ones != 1 || ones + zeros != static_cast<std::ptrdiff_t>(outputs))
        throw Error(samples.place(row), ": the targets are not one 1 and zeros, as one-hot classes are");
      label = static_cast<float>(std::find(values, values + outputs, 1.0f) - values);
    } else if (!(label >= 0 && label < static_cast<float>(outputs)) || label != std::floor(label)) {
      throw Error(samples.place(row), ": the label is ", label, ", and the classes of this network are the whole numbers 0 to ",
                  outputs - 1);
    }
    dataset.labels.push_back(static_cast<int>(label));
    for (std::size_t j = 0; j < outputs; ++j) dataset.targets.push_back(j == static_cast<std::size_t>(label) ? 1.0f : 0.0f);
  }
}

}  // namespace

Dataset make_dataset(const Samples& samples, const Shape& shape) {
  Dataset dataset{samples.inputs.name, shape, samples.inputs.rows(), samples.inputs.values, {}, {}, samples.classes};
  const std::size_t features = samples.inputs.columns();
  if (features != shape.inputs)
    throw Error(dataset.name, " has ", features, " feature", plural(features), " per sample, and the network takes ", shape.inputs);
  if (dataset.rows > std::numeric_limits<std::uint32_t>::max())
    throw Error(dataset.name, " has ", dataset.rows, " samples, and 4294967295 are the most that is read");
  check_finite(samples.inputs, samples);
  if (!samples.targets) return dataset;

  const Array& targets = *samples.targets;
  if (targets.rows() != dataset.rows)
    throw Error(dataset.name, " has ", dataset.rows, " sample", plural(dataset.rows), ", and ", targets.name, " has ", targets.rows(),
                " targets");
  check_finite(targets, samples);
  const bool indices = shape.task == Task::Classes && targets.columns() == 1;
  if (targets.columns() != shape.outputs && !indices) {
    throw Error(targets.name, " has ", targets.columns(), " target", plural(targets.columns()), " per sample, and the network has ",
                shape.outputs, " output", plural(shape.outputs));
  }
  if (shape.task == Task::Classes) {
    if (dataset.classes.size() > shape.outputs)
      throw Error(targets.name, " has ", dataset.classes.size(), " classes, and the network has ", shape.outputs, " outputs");
    set_classes(dataset, samples);
    return dataset;
  }
  dataset.targets = targets.values;
  if (shape.task == Task::Binary) {
    const auto wrong = std::find_if(dataset.targets.begin(), dataset.targets.end(), [](float y) { return !(y >= 0 && y <= 1); });
    if (wrong != dataset.targets.end()) {
      const auto row = static_cast<std::size_t>(wrong - dataset.targets.begin()) / shape.outputs;
      throw Error(samples.place(row), ": the target is ", *wrong, ", and those of a sigmoid output lie between 0 and 1");
    }
  }
  return dataset;
}

Dataset Dataset::select(std::span<const std::uint32_t> chosen) const {
  Dataset part{name, shape, chosen.size(), {}, {}, {}, classes};
  part.inputs.reserve(chosen.size() * shape.inputs);
  for (const std::uint32_t row : chosen) {
    part.inputs.insert(part.inputs.end(), input(row), input(row) + shape.inputs);
    if (labelled()) part.targets.insert(part.targets.end(), target(row), target(row) + shape.outputs);
    if (!labels.empty()) part.labels.push_back(labels[row]);
  }
  return part;
}

std::pair<Dataset, Dataset> split(const Dataset& all, double fraction, std::uint64_t seed) {
  if (!(fraction > 0 && fraction < 1)) throw Error("the part split off must be between 0 and 1, and is ", fraction);
  if (all.rows < 2) throw Error(all.name, " has a single sample, and splitting it needs two");
  std::vector<std::uint32_t> order(all.rows);
  std::iota(order.begin(), order.end(), 0u);
  Random random{seed};
  shuffle(order, random);
  const auto wanted = static_cast<std::size_t>(std::lround(fraction * static_cast<double>(all.rows)));
  const std::size_t part = std::clamp<std::size_t>(wanted, 1, all.rows - 1);
  const std::span<std::uint32_t> rows(order);
  return {all.select(rows.subspan(part)), all.select(rows.first(part))};
}

std::vector<float> balanced_weights(const Dataset& dataset) {
  std::vector<std::size_t> counts(dataset.shape.outputs, 0);
  for (const int label : dataset.labels) ++counts[static_cast<std::size_t>(label)];
  std::vector<float> weights(counts.size(), 1.0f);
  for (std::size_t c = 0; c < counts.size(); ++c) {
    if (counts[c] > 0)
      weights[c] =
          static_cast<float>(static_cast<double>(dataset.rows) / (static_cast<double>(counts.size()) * static_cast<double>(counts[c])));
  }
  return weights;
}

}  // namespace insitu::desktop
