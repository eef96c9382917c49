#include <algorithm>
#include <cmath>

#include "diagnosis.h"

namespace insitu::desktop::doctor {

std::vector<Reading> readings(std::span<const double> scale, std::span<const std::size_t> samples, std::size_t outputs, double tolerance) {
  const auto n = static_cast<double>(outputs);
  std::vector<Reading> known = {{"missing_mean", 1, 1},
                                {"divided_twice", 1, -1},
                                {"sign", -1, 0},
                                {"doubled", 2, 0},
                                {"halved", 0.5, 0},
                                {"missing_mean_and_sign", -1, 1},
                                {"missing_mean_and_doubled", 2, 1},
                                {"missing_mean_and_halved", 0.5, 1}};
  if (outputs > 1) {
    known.push_back({"summed_over_outputs", n, 0});
    known.push_back({"averaged_over_outputs", 1 / n, 0});
    known.push_back({"missing_mean_over_all", n, 1});
    known.push_back({"divided_twice_over_all", 1 / n, -1});
  }
  // of one batch any batch size explains a factor, so that this says nothing
  if (samples.size() > 1) known.push_back({"batch_size_of_first", 1 / static_cast<double>(samples[0]), 1});
  const auto fits = [&](const Reading& reading) {
    for (std::size_t k = 0; k < scale.size(); ++k) {
      const double c = reading.factor * std::pow(static_cast<double>(samples[k]), reading.power);
      if (!(std::fabs(scale[k] - c) <= 10 * tolerance * std::fabs(c))) return false;
    }
    return true;
  };
  std::vector<Reading> found;
  for (const Reading& reading : known) {
    if (fits(reading)) found.push_back(reading);
  }
  if (const Reading constant{"constant", scale[0], 0}; fits(constant)) {
    // a constant that has a name needs none beside it, unless the batches cannot tell it from a power of m
    const bool plain = std::any_of(found.begin(), found.end(), [](const Reading& reading) { return reading.power == 0; });
    if (!plain) found.push_back(constant);
  }
  return found;
}

}  // namespace insitu::desktop::doctor
