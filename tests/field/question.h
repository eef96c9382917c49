/// The question's network on raw pixels, with its bug, under SafeTrainer: what safe_question.cpp tests, and a program of its own runs at full size.
#pragma once

#include "model/checkpoint.h"
#include "model/initialize.h"
#include "model/safe_trainer.h"

namespace question {

using namespace insitu;

/// Ten pictures of Side x Side pixels in three colours, numbers from 0 to 255: discs (1) and squares (0) in turn before a background that changes from left to
/// right. All in whole numbers.
template <int Side>
void draw(std::uint64_t seed, Matrix<10, Side * Side * 3>& inputs, Matrix<10, 1>& targets) {
  Random random{seed};
  const auto below = [&](int n) { return static_cast<int>(random.below(static_cast<std::uint32_t>(n))); };
  for (int picture = 0; picture < 10; ++picture) {
    const bool round = picture % 2 == 1;
    const int radius = Side / 8 + below(Side / 4 + 1), x0 = Side * 3 / 8 + below(Side / 4 + 1), y0 = Side * 3 / 8 + below(Side / 4 + 1);
    int colour[3], background[3], slope[3];
    for (int c = 0; c < 3; ++c) colour[c] = below(256), background[c] = 64 + below(128), slope[c] = below(65) - 32;
    for (int y = 0; y < Side; ++y) {
      for (int x = 0; x < Side; ++x) {
        const int dx = x < x0 ? x0 - x : x - x0, dy = y < y0 ? y0 - y : y - y0;
        const bool inside = round ? dx * dx + dy * dy <= radius * radius : dx <= radius && dy <= radius;
        for (int c = 0; c < 3; ++c) {
          inputs(picture, (y * Side + x) * 3 + c) =
              static_cast<float>(inside ? colour[c] : background[c] + slope[c] * (x - Side / 2) / Side);
        }
      }
    }
    targets.data[picture] = round ? 1.0f : 0.0f;
  }
}

/// How one run ended.
struct Outcome {
  int steps;  ///< to a loss below 0.01, or all of them
  float loss;
  std::uint32_t rollbacks, crc;
  bool learnt, finite;
};

template <int Side, int Hidden>
struct Run {
  static constexpr int Inputs = Side * Side * 3;
  using Net = Network<Dense<Inputs, Hidden, Relu>, Dense<Hidden, 1, Sigmoid>>;
  using Safe = SafeTrainer<Trainer<Net, BinaryCrossEntropy, Sgd, Batch<10>>>;

  alignas(Alignment) Matrix<10, Inputs> inputs;
  alignas(Alignment) Matrix<10, 1> targets;
  alignas(Alignment) Parameters<Net> p;
  alignas(Alignment) Parameters<Net> gradient;
  alignas(Alignment) Safe safe;

  /// W ~ 0.01 randn, b = 0, rate 0.1; the gradient of W1 is not divided by m. Without the guard the plain trainer takes the same gradients.
  Outcome train(std::uint64_t seed, int steps, bool guarded = true) {
    draw<Side>(seed, inputs, targets);
    initialize(p, Normal{0.01f}, Random{seed + 1000});
    safe.trainer.optimizer.learning_rate = 0.1f;
    safe.restart();
    safe.steps = safe.alarms = 0;
    Outcome outcome = {0, 0.0f, 0, 0, false, true};
    for (; outcome.steps < steps && !outcome.learnt; ++outcome.steps) {
      outcome.loss = safe.trainer.gradient(p, inputs, targets, gradient);
      outcome.learnt = outcome.loss < 0.01f;
      for (float& g : gradient.layer.weights) g = g * 10.0f;
      if (guarded) {
        safe.apply(p, gradient, outcome.loss);
      } else {
        safe.trainer.apply(p, gradient);
      }
    }
    outcome.rollbacks = safe.alarms;
    outcome.finite = scan(p).finite && is_finite(outcome.loss);
    outcome.crc = crc32c(reinterpret_cast<const unsigned char*>(&p), static_cast<int>(sizeof p));
    return outcome;
  }
};

}  // namespace question
