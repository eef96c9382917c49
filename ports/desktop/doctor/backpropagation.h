/// The forward and the backward pass of an Architecture, in double: right ones here, wrong ones by factors.h.
#pragma once

#include "architecture.h"

namespace insitu::desktop::doctor {

/// Parameters of a layer, or the gradient with respect to them.
struct Layer {
  Tensor W;  ///< [In x Out]
  Tensor b;  ///< [1 x Out]
};
/// [0] is empty, [l] is layer l.
using Layers = std::vector<Layer>;

struct Batch {
  Tensor inputs;   ///< [m x inputs]
  Tensor targets;  ///< [m x outputs]; of classes one-hot
  std::size_t samples() const { return inputs.rows; }
};

/// z[l] = a[l-1] W[l] + b[l], a[l] = f(z[l]); a[0] are the inputs, z[0] is empty. [m x units of layer l] each.
struct Pass {
  std::vector<Tensor> z, a;
};
Pass forward(const Architecture& network, const Layers& parameters, const Tensor& inputs);

/// The loss, divided as network.mean says; finite wherever z is: from z for the cross-entropies, not from a.
double loss(const Architecture& network, const Pass& pass, const Tensor& targets);

/// dz[l] = dL/dz[l], divided as the loss is; dz[0] is empty. `gradient` has the shapes of the parameters.
struct Backward {
  std::vector<Tensor> dz;
  Layers gradient;
};
Backward backward(const Architecture& network, const Layers& parameters, const Pass& pass, const Tensor& targets);

/// f(z), and f'(z), element by element; softmax by rows, and its derivative is taken with the loss only. a = f(z) is given where it is known.
Tensor activate(const Architecture& network, Activation activation, const Tensor& z);
Tensor derivative(const Architecture& network, Activation activation, const Tensor& z, const Tensor& a);

/// dL/da[L] of the sum, and dL/dz[L] of the sum, before any division. For the cross-entropies only the second: (probabilities - y).
Tensor loss_derivative(const Architecture& network, const Tensor& a, const Tensor& targets);
Tensor output_delta(const Architecture& network, const Pass& pass, const Tensor& targets);
/// The loss of one output; of cross-entropy without the normaliser ln sum e^z, which belongs to the whole sample.
double element_loss(const Architecture& network, double z, double a, double target);
/// What that sum is divided by.
double terms(const Architecture& network, std::size_t samples);

}  // namespace insitu::desktop::doctor
