/// Factors: what a backward pass is made of. A fault replaces one of them, and the rest stays right.
#pragma once

#include <functional>

#include "backpropagation.h"

namespace insitu::desktop::doctor {

/// A network, one batch, and the forward pass of it: what a backward pass reads.
struct Question {
  const Architecture& network;
  const Layers& parameters;
  const Batch& batch;
  Pass pass;

  Question(const Architecture& network_, const Layers& parameters_, const Batch& batch_)
      : network(network_), parameters(parameters_), batch(batch_), pass(forward(network, parameters, batch.inputs)) {}
  std::size_t layers() const { return network.layers(); }
  std::size_t samples() const { return batch.samples(); }
};

/// An empty function stands for the right factor. Of layer l: dW[l] = input' dz[l], db[l] = bias, da[l-1] = propagate, dz[l] = da[l] * slope.
struct Factors {
  std::size_t layer = 0;                                             ///< the only one whose factors are replaced; 0: all
  std::function<Tensor(const Question&)> output_delta = {};          ///< of the sum, as all dz are
  std::function<Tensor(const Question&, std::size_t l)> input = {};  ///< right: a[l-1]
  std::function<Tensor(const Question&, std::size_t l, const Tensor& dz, const Layer& gradient)> bias = {};  ///< right: the mean gradient.b
  std::function<Tensor(const Question&, std::size_t l, const Tensor& dz, const Layer& gradient)> propagate = {};  ///< right: dz W'
  std::function<Tensor(const Question&, std::size_t l, const Tensor& da)> slope = {};                             ///< right: f'(z[l])
  std::function<void(const Question&, Layers& gradient)> finish = {};  ///< what is done to the right gradient
  std::function<Layers(const Question&)> whole = {};                   ///< another computation altogether
};

/// The gradient of the mean loss, by these factors.
Layers gradient(const Question& question, const Factors& factors = {});

}  // namespace insitu::desktop::doctor
