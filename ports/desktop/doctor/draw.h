/// draw: parameters and batches at random for an architecture, screened so that faults show.
#pragma once

#include "backpropagation.h"
#include "model/initialize.h"

namespace insitu::desktop::doctor {

struct Probe {
  Architecture network;
  Layers parameters;
  std::vector<Batch> batches;
};

/// Weights of order 1 over the root of the inputs, biases that are not zero, and a batch of each of these sizes. All numbers are exact in float. Drawn again
/// until the gradient of every tensor can be seen beside the others, units of relu are on for some samples and off for others, and none is saturated.
/// Throws Error where that does not come about.
Probe draw(const Architecture& network, const std::vector<std::size_t>& samples, Random& random);

/// Two sizes of batches that no layer has, so that no shape fits by chance.
std::vector<std::size_t> batch_sizes(const Architecture& network);

}  // namespace insitu::desktop::doctor
