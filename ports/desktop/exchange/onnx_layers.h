/// OnnxLayers: the layers that the operators of a chain make, one after the other.
#pragma once

#include <string>

#include "mlp.h"
#include "onnx_parts.h"

namespace insitu::desktop {

class OnnxLayers {
 public:
  /// `input` is the graph's; `opset` the version of its operators.
  OnnxLayers(const onnx::Value& input, std::int64_t opset);

  // Each throws Error, by node.refuse(), where a network of insitu has no such layer at this place.
  void gemm(const OnnxNode& node, Array weights, const Array* bias);
  void matmul(const OnnxNode& node, const Array& weights);
  void add(const OnnxNode& node, const Array& bias);
  /// Sub or Mul of a constant before the first layer: x' = (x - offset) * scale.
  void normalise(const OnnxNode& node, const Array& constant);
  /// Activations, Flatten and Identity.
  void unary(const OnnxNode& node);

  /// The whole, checked; `file` is for messages.
  Mlp finish(const std::string& file);

 private:
  Mlp mlp_;
  const onnx::Value* input_;
  std::int64_t opset_;
  std::size_t count_ = 0;   // weights and biases
  std::size_t rank_;        // dimensions of the value that the chain has come to; 0 where the file does not say
  std::uint64_t features_;  // of the input; 0 where the file does not say
  bool activated_ = true;   // whether the last layer can take neither a bias nor an activation any more
  bool has_bias_ = false;   // whether it has one

  void dense(const OnnxNode& node, const Array& weights);
  void add_bias(const OnnxNode& node, const Array& bias);
  void check_softmax(const OnnxNode& node) const;
  void flatten(const OnnxNode& node);
};

}  // namespace insitu::desktop
