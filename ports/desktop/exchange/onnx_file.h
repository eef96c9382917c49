/// ONNX: networks of dense layers as PyTorch and others export them, in and out.
///
/// Read: one chain from the input to the output, of Gemm (either transB, alpha, beta), MatMul by a constant, Add of a constant, Relu, LeakyRelu, Sigmoid, Tanh, Softmax over the
/// last axis, Flatten, Identity; Constant, and Identity and Transpose of constants. Sub and Mul of constants before the first layer are the normalisation.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "../bytes.h"
#include "mlp.h"

namespace insitu::desktop {

/// Throws Error, which begins with `name`, for a damaged file, and for what insitu has no layer for: that names the node and its operator.
Mlp read_onnx(std::span<const unsigned char> bytes, const std::string& name);

/// Opset 13: Gemm with transB = 1 and the weights [out, in] under PyTorch's names. `layers` as in layer_names().
Bytes write_onnx(const Mlp& mlp, const std::vector<std::string>& layers);

}  // namespace insitu::desktop
