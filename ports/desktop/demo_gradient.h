/// The question's gradient, tensor by tensor, against central differences in double.
#pragma once

#include <array>

#include "demo_question.h"
#include "model/gradient_check.h"

namespace insitu::desktop::demo {

/// What a gradient is to the true one: `ratio` times it, by least squares over the entries looked at, but for `rest`, the largest difference that is left,
/// as a part of the largest entry.
struct TensorCheck {
  const char* name;
  int begin, count;  ///< where the tensor lies in the parameters
  int compared = 0, skipped = 0;
  double ratio = 0, rest = 0;

  static constexpr double Tolerance = 1e-3;
  bool scaled_by(double factor) const { return std::abs(ratio - factor) <= Tolerance * factor && rest <= Tolerance; }
  bool right() const { return scaled_by(1); }
};
using GradientTable = std::array<TensorCheck, 4>;  // W1 b1 W2 b2

/// Only W1 is wrong, and is so by the number of samples: dW1 lacks the 1/m.
inline bool lacks_mean(const GradientTable& table, int samples) {
  return table[0].scaled_by(samples) && std::all_of(table.begin() + 1, table.end(), [](const TensorCheck& t) { return t.right(); });
}

/// At the parameters of `run`, on its first `samples` pictures; `entries` drawn at random from each tensor, but for those whose step opens or shuts a ReLU.
inline GradientTable check_gradient(QuestionRun& run, int samples, int entries, std::uint64_t seed) {
  using Checker = GradientChecker<Question, BinaryCrossEntropy, Pictures>;
  const auto checker = make_aligned<Checker>();
  const auto inputs = make_aligned<Checker::Inputs>();
  const auto posted = make_aligned<Parameters<Question>>();
  Matrix<Pictures, 1, double> targets;
  const auto widen_into = [](const float* from, double* to, int n) {
    std::transform(from, from + n, to, [](float x) { return static_cast<double>(x); });
  };
  widen_into(reinterpret_cast<const float*>(&run.parameters()), reinterpret_cast<double*>(&checker->moved), Checker::count);
  widen_into(run.inputs().data, inputs->data, Pictures * Numbers);
  widen_into(run.targets().data, targets.data, Pictures);
  run.posted_gradient(*posted, samples);
  const float* gradient = reinterpret_cast<const float*>(posted.get());

  constexpr int W1 = Numbers * Units;
  GradientTable table = {{{"W1", 0, W1}, {"b1", W1, Units}, {"W2", W1 + Units, Units}, {"b2", W1 + 2 * Units, 1}}};
  Random random{seed};
  for (TensorCheck& tensor : table) {
    std::vector<std::pair<double, double>> pairs;  // posted, numeric
    double products = 0, squares = 0, largest = 0;
    for (int e = 0; e < std::min(entries, tensor.count); ++e) {
      const int k = tensor.begin + static_cast<int>(random.below(static_cast<std::uint32_t>(tensor.count)));
      double numeric = 0;
      if (!checker->numeric(k, checker->moved, *inputs, targets, samples, numeric)) {
        ++tensor.skipped;
        continue;
      }
      const auto claimed = static_cast<double>(gradient[k]);
      pairs.emplace_back(claimed, numeric);
      products += claimed * numeric;
      squares += numeric * numeric;
      largest = std::max(largest, std::abs(claimed));
    }
    tensor.compared = static_cast<int>(pairs.size());
    tensor.ratio = products / squares;
    for (const auto& [claimed, numeric] : pairs) tensor.rest = std::max(tensor.rest, std::abs(claimed - tensor.ratio * numeric) / largest);
  }
  return table;
}

}  // namespace insitu::desktop::demo
