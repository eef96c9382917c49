/// Metrics of a trained network: accuracy and confusion of classes, errors of values.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace insitu::desktop {

/// Index of the largest output; the first of equals.
std::size_t largest(std::span<const float> outputs);

/// counts[actual * classes + predicted]
class Confusion {
 public:
  explicit Confusion(std::size_t classes) : classes_(classes), counts_(classes * classes, 0) {}

  void add(std::size_t actual, std::size_t predicted) { ++counts_[actual * classes_ + predicted]; }
  std::size_t count(std::size_t actual, std::size_t predicted) const { return counts_[actual * classes_ + predicted]; }
  std::size_t total() const;
  std::size_t right() const;
  /// right() / total(); 0 without samples
  double accuracy() const;

  /// A table: a row for each actual class, a column for each predicted one, and the share found (recall). Above 20 classes, the ten confusions that
  /// happen most instead. Names where there are some, otherwise numbers.
  std::string text(const std::vector<std::string>& names = {}) const;

 private:
  std::size_t classes_;
  std::vector<std::size_t> counts_;

  std::string table(const std::vector<std::string>& names) const;
  std::string most_frequent(const std::vector<std::string>& names) const;
};

/// Errors of values against targets, over all outputs.
struct Regression {
  double rmse;  ///< root of the mean squared error
  double mae;   ///< mean absolute error
  double r2;    ///< 1 - squared error / squared deviation from the mean of each output's targets; NaN where the targets never change
};

/// values and targets are rows x outputs.
Regression regression(std::span<const float> values, std::span<const float> targets, std::size_t outputs);

}  // namespace insitu::desktop
