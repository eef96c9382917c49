/// turned_inputs: a run of few samples with many features, in as many coordinates as it has samples.
#pragma once

#include "backpropagation.h"

namespace insitu::desktop::doctor {

/// X = X' Q with Q' Q = 1 on the span of the samples, so X W1 = X' (Q W1), and gradient descent on Q W1 takes the same steps as on W1: [12288, 64, 1] on ten samples
/// is [10, 64, 1]. What of W1 lies outside of the span is never changed, nor seen by a sample; `outside` is its squared norm.
struct TurnedInputs {
  Architecture network;
  Layers start;
  Tensor inputs;
  double outside = 0;
};

/// Unchanged where that saves nothing.
TurnedInputs turned_inputs(const Architecture& network, const Layers& start, const Tensor& inputs);

}  // namespace insitu::desktop::doctor
