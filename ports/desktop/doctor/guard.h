/// Guard: a training that takes back what ruins it, as SafeTrainer does on a device.
#pragma once

#include <cmath>

#include "backpropagation.h"
#include "model/judge.h"

namespace insitu::desktop::doctor {

/// What SafeTrainer does, with its own judges: the parameters before a step are kept where their loss is good, and come back where it is not.
class Guard {
 public:
  explicit Guard(bool whole_batch) : whole_batch_(whole_batch) {}

  /// False where the loss rose, is no number, or a layer died: then `parameters` and `rate` are mended, and there is no step.
  bool approve(double loss, bool dead_now, Layers& parameters, double& rate) {
    // a small batch may move no unit of a healthy layer
    dead_ = dead_now ? dead_ + 1 : 0;
    const bool dead = dead_ >= (whole_batch_ ? every_.patience() : smoothed_.patience());
    const auto judged = static_cast<float>(loss);
    const Judgement judgement = !std::isfinite(judged) || dead ? Judgement::Rose
                                : whole_batch_                 ? every_.see(judged)
                                                               : smoothed_.see(judged);
    if (judgement == Judgement::Rose) return roll_back(parameters, rate), false;
    if ((judgement != Judgement::Wait || kept_.empty()) && dead_ == 0) kept_ = parameters;
    return true;
  }
  void roll_back(Layers& parameters, double& rate) {
    if (!kept_.empty()) parameters = kept_;
    dead_ = 0;
    every_.rolled_back();
    smoothed_.rolled_back();
    rate /= 2;
  }

 private:
  bool whole_batch_;
  EveryStep every_;
  Smoothed<16> smoothed_;
  int dead_ = 0;
  Layers kept_;
};

}  // namespace insitu::desktop::doctor
