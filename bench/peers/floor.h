/// The least time in which this core could do the work: for each stage the largest of its bounds, stages that must follow each other added.
///
/// Bounds of a stage: its multiply-adds at the peak; its weights at the bandwidth of the memory that holds all weights of the network; the longest chain of
/// operations that wait for each other, in the order of order.h. Only the weights' traffic counts, and of elementwise work only its latency, so that the floor
/// is below what can be reached.
#pragma once

#include <algorithm>

#include "limits.h"
#include "model/insitu.h"

namespace insitu::peers {

/// A sum of `terms` products in `sums` interleaved sums and their tree.
inline double chain(int terms, int sums) {
  const int used = std::min(terms, sums);
  double seconds = fma_latency() * ((terms + used - 1) / used);
  for (int k = 1; k < used; k *= 2) seconds += add_latency();
  return seconds;
}

template <class Act>
double activation_latency() {
  if constexpr (std::is_same_v<Act, Sigmoid>) return sigmoid_latency();
  if constexpr (std::is_same_v<Act, Tanh>) return tanh_latency();
  if constexpr (std::is_same_v<Act, Softmax>) return exp_latency();
  return 0;
}

/// With Online the first layer's weights are also updated in this pass.
template <class Net, int Batch, bool Online = false>
double forward_floor() {
  double seconds = 0;
  unroll<Net::depth>([&](auto l) {
    using L = typename Net::template Layer<l>;
    constexpr bool Updates = Online && l == 0;
    const double weights = 1.0 * L::inputs * L::outputs, all = 4.0 * Net::parameter_count;
    const double traffic = 4 * weights / (Updates ? update_bandwidth(all) : read_bandwidth(all));
    seconds += std::max({(Updates ? 2 : 1) * 2 * Batch * weights / peak(), traffic, chain(L::inputs, partial_sums(L::outputs))}) +
               activation_latency<typename L::Activation>();
  });
  return seconds;
}

/// Forward, then from the last layer down: dX and the update of W in one pass, but no dX below the first layer. Two passes over W, since each step ends with
/// its update done; with a batch of one the first layer has one (OnlineTrainer).
template <class Net, int Batch>
double training_floor() {
  constexpr bool Online = Batch == 1;
  double seconds = forward_floor<Net, Batch, Online>();
  unroll<Net::depth>([&](auto l) {
    using L = typename Net::template Layer<l>;
    if constexpr (Online && l == 0) return;
    const double weights = 1.0 * L::inputs * L::outputs, products = l > 0 ? 2 : 1;
    const double update = 4 * weights / update_bandwidth(4.0 * Net::parameter_count);
    seconds += std::max({products * 2 * Batch * weights / peak(), update, l > 0 ? chain(L::outputs, BackwardSums) : Batch * fma_latency()});
  });
  return seconds;
}

}  // namespace insitu::peers
