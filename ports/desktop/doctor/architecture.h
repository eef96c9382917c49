/// Architecture: what a network of dense layers is, as the doctor meets it: its shape is known at run time only, and it computes in double.
///
/// Everything that belongs to a layer is indexed by the layer's number in the formulas: W1 is layers[1].W, Z1 is z[1]; [0] is the input, a[0] = X.
#pragma once

#include <string>
#include <vector>

#include "tensor.h"

namespace insitu::desktop::doctor {

enum class Activation { Identity, Relu, LeakyRelu, Tanh, Sigmoid, Softmax };

enum class LossKind {
  SquaredError,        ///< (a - y)^2
  HalfSquaredError,    ///< (a - y)^2 / 2
  Huber,               ///< (a - y)^2 / 2 where |a - y| <= delta, else delta (|a - y| - delta / 2)
  BinaryCrossEntropy,  ///< of a sigmoid, or of logits (identity)
  CrossEntropy,        ///< of softmax, or of logits (identity)
};

/// What the sum over samples and outputs is divided by.
enum class Mean { Batch, BatchAndOutputs, None };

struct Architecture {
  std::vector<std::size_t> dims;        ///< inputs, then the outputs of each layer: layers + 1 numbers
  std::vector<Activation> activations;  ///< [0] is not used
  LossKind loss = LossKind::SquaredError;
  Mean mean = Mean::Batch;
  double leaky_slope = 0.01;
  double huber_delta = 1.0;

  std::size_t layers() const { return dims.size() - 1; }
  std::size_t outputs() const { return dims.back(); }
};

/// Throws Error in one sentence where the parts do not fit: no layer, a size of 0, softmax in a hidden layer, a loss that does not take the output's activation.
void check(const Architecture& network);

/// Names as files have them: identity relu leaky_relu tanh sigmoid softmax; mean_squared_error (over batch and outputs) half_squared_error (over the batch)
/// huber binary_cross_entropy cross_entropy. `find_` takes the usual other ones (linear, mse, bce, ce) too, and throws Error with the list for any other.
const char* name(Activation activation);
const char* name(LossKind loss);
const char* name(Mean mean);
Activation find_activation(const std::string& name);
LossKind find_loss(const std::string& name);
Mean find_mean(const std::string& name);
/// As PyTorch has it: over the batch for cross-entropy and half_squared_error, over batch and outputs for the others.
Mean usual_mean(LossKind loss);

}  // namespace insitu::desktop::doctor
