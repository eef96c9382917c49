/// LayerState: how a layer stands before a step: its units, its gradient, and what the step will do to its weights.
#pragma once

#include "faulty_gradient.h"

namespace insitu::desktop::doctor {

struct LayerState {
  std::size_t units = 0;
  double dead = 0;  ///< share of the units that pass no gradient on for any sample; 0 for the last layer
  double saturated =
      0;  ///< share of the outputs (units x samples) of a sigmoid or tanh with a slope below a thousandth; of softmax, of p (1 - p)
  double gradient = 0;  ///< |dW|
  double weights = 0;   ///< |W|
  double update = 0;    ///< rate |dW| / |W|
};

/// [0] is empty. `outside` is the squared norm of what turned_inputs() left out of W1.
std::vector<LayerState> layer_states(const Architecture& network, const Layers& parameters, const Batch& batch,
                                     const FaultyGradient& gradient, double rate, double outside);

}  // namespace insitu::desktop::doctor
