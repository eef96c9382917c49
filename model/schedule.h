/// Schedules: the learning rate as a function of the step. Use: trainer.optimizer.learning_rate = schedule(step).
#pragma once

#include "../kernels/math.h"

namespace insitu {

/// rate (step + 1) / warm_up in the first `warm_up` steps; then the factor is 1.
struct WarmUp {
  int steps = 0;
  INSITU_INLINE float operator()(int step) const { return step < steps ? static_cast<float>(step + 1) / static_cast<float>(steps) : 1.0f; }
};

/// The same rate throughout.
struct ConstantSchedule {
  float rate;
  WarmUp warm_up = {};
  float operator()(int step) const { return rate * warm_up(step); }
};

/// rate factor^k after k times `every` steps past the warm-up.
struct StepSchedule {
  float rate;
  int every;
  float factor = 0.1f;
  WarmUp warm_up = {};
  float operator()(int step) const {
    float r = rate * warm_up(step);
    for (int k = step - warm_up.steps; k >= every && every > 0; k -= every) r = r * factor;
    return r;
  }
};

/// From rate to `last` along half a cosine, last + (rate - last) (1 + cos(pi k / total)) / 2, in the `total` steps after the warm-up; then `last`.
/// Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017.
struct CosineSchedule {
  float rate;
  int total;
  float last = 0.0f;
  WarmUp warm_up = {};
  float operator()(int step) const {
    if (step < warm_up.steps) return rate * warm_up(step);
    const int k = step - warm_up.steps;
    if (k >= total) return last;
    const Scalar turned = cos(Scalar(3.14159265f * static_cast<float>(k) / static_cast<float>(total)));
    return fma(Scalar(0.5f) * (Scalar(rate) - Scalar(last)), Scalar(1.0f) + turned, Scalar(last)).value;
  }
};

}  // namespace insitu
