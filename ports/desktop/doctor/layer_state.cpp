#include "layer_state.h"

#include <cmath>

#include "trial.h"

namespace insitu::desktop::doctor {
namespace {

double square_norm(const Tensor& x) {
  double sum = 0;
  for (const double v : x.values) sum += v * v;
  return sum;
}

double saturated_share(const Architecture& network, const Pass& pass, std::size_t l) {
  const Activation activation = network.activations[l];
  const bool ends = activation == Activation::Sigmoid || activation == Activation::Tanh || activation == Activation::Softmax;
  if (!ends) return 0;
  const Tensor slope = derivative(network, activation == Activation::Softmax ? Activation::Sigmoid : activation, pass.z[l], pass.a[l]);
  std::size_t flat = 0;
  for (const double s : slope.values) flat += s < 1e-3;
  return static_cast<double>(flat) / static_cast<double>(slope.values.size());
}

}  // namespace

std::vector<LayerState> layer_states(const Architecture& network, const Layers& parameters, const Batch& batch,
                                     const FaultyGradient& gradient, double rate, double outside) {
  const Question question(network, parameters, batch);
  Layers none;
  const Layers g = gradient(question, none);
  std::vector<LayerState> states(1);
  for (std::size_t l = 1; l <= network.layers(); ++l) {
    LayerState state;
    state.units = network.dims[l];
    state.dead = l < network.layers() ? dead_share(network, question.pass, l) : 0;
    state.saturated = saturated_share(network, question.pass, l);
    state.gradient = std::sqrt(square_norm(g[l].W));
    state.weights = std::sqrt(square_norm(parameters[l].W) + (l == 1 ? outside : 0));
    state.update = state.weights > 0 ? rate * state.gradient / state.weights : 0;
    states.push_back(state);
  }
  return states;
}

}  // namespace insitu::desktop::doctor
