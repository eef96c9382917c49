#include "metrics.h"

#include <algorithm>
#include <cmath>
#include <iomanip>
#include <limits>
#include <numeric>
#include <sstream>

namespace insitu::desktop {
namespace {

constexpr std::size_t LargestTable = 20;

std::string class_name(const std::vector<std::string>& names, std::size_t c) { return c < names.size() ? names[c] : std::to_string(c); }

}  // namespace

std::size_t largest(std::span<const float> outputs) {
  return static_cast<std::size_t>(std::max_element(outputs.begin(), outputs.end()) - outputs.begin());
}

std::size_t Confusion::total() const { return std::accumulate(counts_.begin(), counts_.end(), std::size_t{0}); }

std::size_t Confusion::right() const {
  std::size_t sum = 0;
  for (std::size_t c = 0; c < classes_; ++c) sum += count(c, c);
  return sum;
}

double Confusion::accuracy() const { return total() == 0 ? 0.0 : static_cast<double>(right()) / static_cast<double>(total()); }

std::string Confusion::text(const std::vector<std::string>& names) const {
  return classes_ > LargestTable ? most_frequent(names) : table(names);
}

std::string Confusion::table(const std::vector<std::string>& names) const {
  std::size_t width = std::to_string(*std::max_element(counts_.begin(), counts_.end())).size();
  for (std::size_t c = 0; c < classes_; ++c) width = std::max(width, class_name(names, c).size());
  const auto cell = static_cast<int>(width) + 1, first = std::max(cell, 7);
  std::ostringstream text;
  text << "rows: actual class, columns: predicted class\n" << std::setw(first) << "";
  for (std::size_t c = 0; c < classes_; ++c) text << std::setw(cell) << class_name(names, c);
  text << "  found\n";
  for (std::size_t a = 0; a < classes_; ++a) {
    std::size_t of_class = 0;
    text << std::setw(first) << class_name(names, a);
    for (std::size_t p = 0; p < classes_; ++p) {
      of_class += count(a, p);
      text << std::setw(cell) << (count(a, p) == 0 ? "." : std::to_string(count(a, p)));
    }
    if (of_class == 0) {
      text << "      -\n";
    } else {
      text << std::fixed << std::setprecision(1) << std::setw(6) << 100.0 * static_cast<double>(count(a, a)) / static_cast<double>(of_class)
           << " %\n";
    }
  }
  return text.str();
}

std::string Confusion::most_frequent(const std::vector<std::string>& names) const {
  std::vector<std::size_t> pairs;
  for (std::size_t k = 0; k < counts_.size(); ++k) {
    if (k / classes_ != k % classes_ && counts_[k] > 0) pairs.push_back(k);
  }
  std::stable_sort(pairs.begin(), pairs.end(), [&](std::size_t a, std::size_t b) { return counts_[a] > counts_[b]; });
  std::ostringstream text;
  text << "the most frequent confusions of " << classes_ << " classes:\n";
  for (std::size_t k = 0; k < std::min<std::size_t>(pairs.size(), 10); ++k) {
    text << "  " << class_name(names, pairs[k] / classes_) << " taken for " << class_name(names, pairs[k] % classes_) << ": "
         << counts_[pairs[k]] << "\n";
  }
  return text.str();
}

Regression regression(std::span<const float> values, std::span<const float> targets, std::size_t outputs) {
  const auto n = static_cast<double>(targets.size()), rows = n / static_cast<double>(outputs);
  std::vector<double> mean(outputs, 0.0);
  for (std::size_t k = 0; k < targets.size(); ++k) mean[k % outputs] += static_cast<double>(targets[k]) / rows;
  double squared = 0, absolute = 0, spread = 0;
  for (std::size_t k = 0; k < targets.size(); ++k) {
    const double error = static_cast<double>(values[k]) - static_cast<double>(targets[k]),
                 deviation = static_cast<double>(targets[k]) - mean[k % outputs];
    squared += error * error;
    absolute += std::abs(error);
    spread += deviation * deviation;
  }
  return {std::sqrt(squared / n), absolute / n, spread > 0 ? 1 - squared / spread : std::numeric_limits<double>::quiet_NaN()};
}

}  // namespace insitu::desktop
