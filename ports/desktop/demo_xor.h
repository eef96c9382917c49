/// The network of the answer, 2-3-1 on the exclusive or, and the way it must go.
#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <vector>

#include "model/insitu.h"

namespace insitu::desktop::demo {

using Xor = Network<Dense<2, 3, Sigmoid>, Dense<3, 1, Sigmoid>>;
using XorTrainer = Trainer<Xor, MeanSquaredError, Sgd, Batch<4>>;

/// Figures of independent implementations (NumPy, PyTorch and C++, which agree) after so many epochs: the mean of |t - o| in single precision, half the sum
/// of (t - o)^2 in double, and by how much, relatively, a run in single precision may differ: five times the worst of 96 such runs.
struct XorCheckpoint {
  int epoch;
  double error, half_squares, error_tolerance, half_squares_tolerance;
  double found_error = 0, found_half_squares = 0;

  double error_off() const { return std::abs(found_error / error - 1); }
  double half_squares_off() const { return std::abs(found_half_squares / half_squares - 1); }
  bool holds() const { return error_off() <= error_tolerance && half_squares_off() <= half_squares_tolerance; }  // false for NaN
};
using XorCheckpoints = std::array<XorCheckpoint, 7>;
inline constexpr XorCheckpoints ExpectedXor = {{
    {0, 0.4997844696044922, 0.812878635165093, 1e-6, 2e-6},
    {1, 0.4997812509536743, 0.8046853073332636, 1e-6, 2e-6},
    {10, 0.49976465106010437, 0.7075259571266907, 1e-6, 2e-6},
    {100, 0.49998098611831665, 0.4999652186966686, 1e-6, 2e-6},
    {1000, 0.4998593330383301, 0.49972280162864, 1e-6, 2e-6},
    {10000, 0.10285145044326782, 0.02134345922086, 3e-5, 5e-5},
    {50000, 0.017038103193044662, 0.0005821062223322, 1e-5, 2e-3},
}};

struct XorCourse {
  XorCheckpoints checkpoints = ExpectedXor;
  std::vector<double> losses;  ///< the mean of (t - o)^2 before each epoch's update
  Matrix<4, 1> outputs{};
  int learned = -1;  ///< the first epoch after which the mean of |t - o| is below 0.05
  double last_error = 0;
};

/// Start values are drawn by the linear congruential generator of the figures, 16 bits each: exact in every precision.
inline void begin(Parameters<Xor>& parameters, std::uint32_t seed) {
  const auto draw = [&seed] {
    seed = seed * 1664525u + 1013904223u;
    return static_cast<float>(seed >> 16) / 65536.0f;
  };
  for (float& w : parameters.layer.weights) w = draw();
  const float shared = 1.0f + 2.0f * draw();
  for (float& b : parameters.layer.bias) b = shared;
  for (float& w : parameters.next.layer.weights) w = draw();
  parameters.next.layer.bias[0] = 1.0f;
}

inline constexpr Matrix<4, 2> XorInputs{{0, 0, 0, 1, 1, 0, 1, 1}};
inline constexpr Matrix<4, 1> XorTargets{{0, 1, 1, 0}};

/// `told(epoch, loss)` hears of each epoch.
template <class Told>
XorCourse train_xor(Told&& told) {
  alignas(Alignment) Parameters<Xor> parameters;
  alignas(Alignment) XorTrainer trainer{.optimizer = {.learning_rate = 0.2f}};
  begin(parameters, 1);
  XorCourse course;
  std::size_t next = 0;
  for (int epoch = 0;; ++epoch) {
    course.outputs = predict<Xor>(parameters, XorInputs);
    double error = 0, squares = 0;
    for (int s = 0; s < 4; ++s) {
      const double e = static_cast<double>(XorTargets.data[s]) - static_cast<double>(course.outputs.data[s]);
      error += std::abs(e) / 4;
      squares = std::fma(e, e, squares);
    }
    if (error < 0.05 && course.learned < 0) course.learned = epoch;
    if (epoch == course.checkpoints[next].epoch) {
      course.checkpoints[next].found_error = error;
      course.checkpoints[next].found_half_squares = squares / 2;
      course.last_error = error;
      if (++next == course.checkpoints.size()) return course;
    }
    course.losses.push_back(static_cast<double>(trainer.step(parameters, XorInputs, XorTargets)));
    told(epoch, course.losses.back());
  }
}

}  // namespace insitu::desktop::demo
