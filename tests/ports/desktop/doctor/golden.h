/// The networks that the golden faults were injected into, drawn as their makers did.
#pragma once

#include "grad_faults.h"
#include "inject.h"
#include "ports/desktop/doctor/draw.h"

namespace insitu::desktop::doctor {

/// The batch of 7 is the golden one; another of 11 goes on from there.
inline Probe golden_network(char tag) {
  using enum Activation;
  std::uint32_t state = 1;
  const auto u = [&] {
    state = state * 1664525u + 1013904223u;
    return (state >> 16) / 65536.0;
  };
  Architecture network{{4, 5, 5, 3}, {Identity, Tanh, Sigmoid, Softmax}, LossKind::CrossEntropy, Mean::Batch};
  if (tag == 'B') network = {{4, 5, 5, 3}, {Identity, Relu, Tanh, Sigmoid}, LossKind::HalfSquaredError, Mean::Batch};
  Probe probe{network, Layers(1), {}};
  for (std::size_t l = 1; l <= 3; ++l) {
    const std::size_t in = network.dims[l - 1], out = network.dims[l];
    const Tensor w = map(Tensor(out, in), [&](double) { return 2 * u() - 1; });
    probe.parameters.push_back({transposed(w), map(Tensor(1, out), [&](double) { return (2 * u() - 1) / 4; })});
  }
  for (const std::size_t m : {std::size_t{7}, std::size_t{11}}) {
    Batch batch{map(Tensor(m, 4), [&](double) { return (2 * u() - 1) * 2; }), Tensor(m, 3)};
    for (std::size_t s = 0; s < m; ++s) {
      if (tag == 'A')
        batch.targets(s, static_cast<std::size_t>(3 * u())) = 1;
      else
        for (std::size_t j = 0; j < 3; ++j) batch.targets(s, j) = u();
    }
    probe.batches.push_back(batch);
  }
  return probe;
}

/// The right gradient of the golden batch, or a faulty one: the tensors that it changes, and the right ones beside them.
inline Layers golden_gradient(const GoldenFault& fault, const Layers* right) {
  Layers gradient(4);
  for (std::size_t l = 1; l <= 3; ++l) gradient[l] = {Tensor(l == 1 ? 4 : 5, l == 3 ? 3 : 5), Tensor(1, l == 3 ? 3 : 5)};
  if (right) gradient = *right;
  const double* value = fault.values.data();
  for (int t = 0; t < 6; ++t) {
    if (!(fault.changed >> t & 1)) continue;
    Layer& layer = gradient[static_cast<std::size_t>(3 - t / 2)];
    Tensor& tensor = t % 2 == 0 ? layer.W : layer.b;
    if (t % 2 == 0) tensor = Tensor(tensor.columns, tensor.rows);
    for (double& v : tensor.values) v = *value++;
    if (t % 2 == 0) tensor = transposed(tensor);
  }
  return gradient;
}

inline Mistake mistake_of(const GoldenFault& fault) {
  Mistake mistake{fault.kind, static_cast<std::size_t>(fault.layer), 0, fault.value};
  if (*fault.activation) mistake.activation = find_activation(fault.activation);
  if (mistake.kind == "wrong_layer_input") mistake.other = mistake.layer;
  if (mistake.kind.starts_with("scale") && fault.value == 7) mistake.value = 1, mistake.other = 1;
  if (mistake.kind.starts_with("scale") && std::fabs(fault.value - 1 / 7.0) < 1e-12) mistake.value = 1, mistake.other = 2;
  return mistake;
}

}  // namespace insitu::desktop::doctor
