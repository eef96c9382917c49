/// FaultyGradient: the gradient of a user's code, step by step, from what `doctor check` found of it on a probe.
#pragma once

#include <optional>

#include "diagnosis.h"

namespace insitu::desktop::doctor {

class FaultyGradient {
 public:
  /// The right one.
  FaultyGradient() = default;
  /// Throws Error where the mistake cannot go through an update: a W that is transposed and not square.
  FaultyGradient(const Explanation& explanation, const Architecture& network);

  bool wrong() const { return explanation_.has_value(); }
  /// Whether the run is the same in turned coordinates of the inputs: each gradient is a multiple of the right one, tensor by tensor.
  bool only_scales() const;
  /// What tensor t (from the output down) is multiplied by on so many samples, as far as it is only that; otherwise 1.
  double scale(std::size_t t, std::size_t samples) const;

  /// Of these parameters and this batch. Where the user's code forgets to zero it, `before` has the sum so far.
  Layers operator()(const Question& question, Layers& before) const;

 private:
  std::optional<Explanation> explanation_;
};

}  // namespace insitu::desktop::doctor
