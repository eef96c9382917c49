#include "normalisation.h"

#include <algorithm>
#include <cmath>

#include "error.h"

namespace insitu::desktop {

Normalisation Normalisation::of(const Dataset& training, const std::string& mode) {
  const std::size_t features = training.shape.inputs;
  Normalisation result;
  if (mode == "none") return result;
  if (mode == "range") {
    const auto [low, high] = std::minmax_element(training.inputs.begin(), training.inputs.end());
    const double width = static_cast<double>(*high) - static_cast<double>(*low);
    result.offset.assign(features, *low);
    result.scale.assign(features, width > 0 ? static_cast<float>(1 / width) : 1.0f);
    return result;
  }
  if (mode != "standard") throw Error("the normalisation is one of none, standard and range, and '", mode, "' was asked for");
  const auto rows = static_cast<double>(training.rows);
  std::vector<double> mean(features, 0.0), square(features, 0.0);
  for (std::size_t row = 0; row < training.rows; ++row) {
    for (std::size_t i = 0; i < features; ++i) mean[i] += static_cast<double>(training.input(row)[i]) / rows;
  }
  for (std::size_t row = 0; row < training.rows; ++row) {
    for (std::size_t i = 0; i < features; ++i) {
      const double d = static_cast<double>(training.input(row)[i]) - mean[i];
      square[i] = std::fma(d, d, square[i]);
    }
  }
  for (std::size_t i = 0; i < features; ++i) {
    const double deviation = std::sqrt(square[i] / rows);
    const bool constant = deviation <= 1e-7 * std::abs(mean[i]);  // below the resolution of float
    result.offset.push_back(static_cast<float>(mean[i]));
    result.scale.push_back(constant ? 1.0f : static_cast<float>(1 / deviation));
  }
  return result;
}

void Normalisation::apply(Dataset& dataset) const {
  if (offset.empty()) return;
  const std::size_t features = dataset.shape.inputs;
  if (offset.size() != features)
    throw Error("the normalisation is for ", offset.size(), " features, and ", dataset.name, " has ", features);
  for (std::size_t row = 0; row < dataset.rows; ++row) {
    float* x = dataset.inputs.data() + row * features;
    for (std::size_t i = 0; i < features; ++i) x[i] = (x[i] - offset[i]) * scale[i];
  }
}

}  // namespace insitu::desktop
