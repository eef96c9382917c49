#include "onnx_layers.h"

#include <algorithm>

namespace insitu::desktop {
namespace {

std::uint64_t size_of(const onnx::Dimension& dimension) {
  return dimension.dim_value() > 0 ? static_cast<std::uint64_t>(dimension.dim_value()) : 0;
}

const auto& dimensions_of(const onnx::Value& value) { return value.type().tensor_type().shape().dim(); }

void turn(Array& matrix) {
  matrix.values = transposed(matrix.values, matrix.shape[0], matrix.shape[1]);
  std::swap(matrix.shape[0], matrix.shape[1]);
}

/// A factor of 1 leaves every bit as it is.
void multiply(std::vector<float>& values, float factor) {
  for (float& value : values) value = factor == 1 ? value : value * factor;
}

std::string leaky(const OnnxNode& node) {
  node.only({"alpha"});
  const float slope = node.number("alpha", 0.01f);
  if (slope == 0) return "relu";
  try {
    return leaky_relu(slope);
  } catch (const Error& problem) {
    node.refuse(": ", problem.what());
  }
}

}  // namespace

OnnxLayers::OnnxLayers(const onnx::Value& input, std::int64_t opset)
    : input_(&input), opset_(opset), rank_(static_cast<std::size_t>(dimensions_of(input).size())), features_(0) {
  if (rank_ > 0) features_ = size_of(dimensions_of(input)[static_cast<int>(rank_) - 1]);
}

void OnnxLayers::dense(const OnnxNode& node, const Array& weights) {
  const std::size_t inputs = weights.shape[0], outputs = weights.shape[1];
  if (inputs > LargestNetwork || outputs > LargestNetwork || count_ + weights.values.size() + outputs > LargestNetwork) {
    node.refuse(" makes a network that is larger than a record");
  }
  const std::uint64_t given = mlp_.layers.empty() ? features_ : static_cast<std::uint64_t>(mlp_.outputs());
  if (given != inputs && given != 0) {
    node.refuse(" takes ", inputs, " inputs, and what comes before it, ", mlp_.layers.empty() ? "the graph's input" : "a layer", ", gives ",
                given);
  }
  mlp_.layers.push_back(
      {static_cast<int>(inputs), static_cast<int>(outputs), "identity", weights.values, std::vector<float>(outputs, 0.0f)});
  activated_ = has_bias_ = false;
}

void OnnxLayers::gemm(const OnnxNode& node, Array weights, const Array* bias) {
  node.only({"alpha", "beta", "transA", "transB"});
  if (node.whole("transA", 0) != 0) node.refuse(" transposes its input (transA), and a dense layer takes one sample a row");
  if (rank_ != 0 && rank_ != 2) node.refuse(" takes ", rank_, " dimensions, and has 2 by the standard");
  rank_ = 2;
  if (weights.shape.size() != 2) node.refuse(" has weights of ", weights.shape.size(), " dimensions, and those of a dense layer have 2");
  if (node.whole("transB", 0) != 0) turn(weights);
  multiply(weights.values, node.number("alpha", 1));
  dense(node, weights);
  if (!bias) return;
  Array scaled = *bias;
  multiply(scaled.values, node.number("beta", 1));
  add_bias(node, scaled);
}

void OnnxLayers::matmul(const OnnxNode& node, const Array& weights) {
  node.only({});
  if (weights.shape.size() != 2) node.refuse(" has weights of ", weights.shape.size(), " dimensions, and those of a dense layer have 2");
  dense(node, weights);
}

void OnnxLayers::add(const OnnxNode& node, const Array& bias) {
  node.only({});
  if (activated_) node.refuse(" adds a constant that is no bias: one follows Gemm or MatMul");
  add_bias(node, bias);
}

/// One number for each output, or one for all. Further dimensions are of 1, and not more than the value has.
void OnnxLayers::add_bias(const OnnxNode& node, const Array& bias) {
  std::vector<float>& to = mlp_.layers.back().bias;
  const bool row = bias.shape.empty() || bias.values.size() == bias.shape.back();
  const bool fits = bias.values.size() == to.size() || bias.values.size() == 1;
  if (!row || !fits || bias.shape.size() > std::max<std::size_t>(rank_, 1)) {
    node.refuse(" adds a constant of ", bias.shape.empty() ? "1" : shape_text(bias.shape), " numbers, and the layer has ", to.size(),
                " outputs");
  }
  for (std::size_t k = 0; k < to.size(); ++k) {
    const float b = bias.values[bias.values.size() == 1 ? 0 : k];
    to[k] = has_bias_ ? to[k] + b : b;  // 0 + -0 would lose a sign
  }
  has_bias_ = true;
}

void OnnxLayers::normalise(const OnnxNode& node, const Array& constant) {
  node.only({});
  Normalisation& normalisation = mlp_.normalisation;
  std::vector<float>& to = node.op == "Sub" ? normalisation.offset : normalisation.scale;
  const bool row = constant.shape.empty() || constant.values.size() == constant.shape.back();
  const bool in_order = to.empty() && (node.op == "Mul" || normalisation.scale.empty());
  if (!mlp_.layers.empty() || !in_order || !row || constant.shape.size() > 2 || (rank_ != 0 && rank_ != 2)) {
    node.refuse(
        " changes values otherwise than a dense layer does, or the normalisation of an input, which is one Sub and one Mul of a number for "
        "each feature");
  }
  to = constant.values;
}

void OnnxLayers::unary(const OnnxNode& node) {
  if (node.op == "Identity") return node.only({});
  if (node.op == "Flatten") return flatten(node);
  std::string activation;
  if (node.op == "Softmax") {
    check_softmax(node);
    activation = "softmax";
  } else if (node.op == "LeakyRelu") {
    activation = leaky(node);
  } else if (node.op == "Relu" || node.op == "Sigmoid" || node.op == "Tanh") {
    node.only({});
    activation = node.op == "Relu" ? "relu" : node.op == "Sigmoid" ? "sigmoid" : "tanh";
  } else {
    node.refuse(" has one input, and takes more");
  }
  if (activated_) node.refuse(" does not follow a dense layer: insitu has one activation after each");
  mlp_.layers.back().activation = activation;
  activated_ = true;
}

void OnnxLayers::check_softmax(const OnnxNode& node) const {
  node.only({"axis"});
  const std::int64_t axis = node.whole("axis", opset_ < 13 ? 1 : -1);
  if (axis != -1 && (rank_ == 0 || axis != static_cast<std::int64_t>(rank_) - 1)) {
    node.refuse(" goes along axis ", axis, ", and insitu's along the outputs, the last axis");
  }
}

void OnnxLayers::flatten(const OnnxNode& node) {
  node.only({"axis"});
  const std::int64_t axis = node.whole("axis", 1), rank = static_cast<std::int64_t>(rank_);
  const bool samples_first = axis == 1 || (rank > 0 && axis == 1 - rank);
  const bool untouched = mlp_.layers.empty() && mlp_.normalisation.offset.empty() && mlp_.normalisation.scale.empty();
  if (!samples_first || rank == 1 || (rank != 2 && !untouched))
    node.refuse(" flattens otherwise than each sample of the input into one row (axis 1)");
  if (rank != 2 && rank != 0) {
    features_ = 1;  // 0 again where one of them is not known
    for (int d = 1; d < static_cast<int>(rank_); ++d) {
      const std::uint64_t size = size_of(dimensions_of(*input_)[d]);
      if (size > LargestNetwork || features_ * size > LargestNetwork) node.refuse(" makes more features than a record holds weights");
      features_ *= size;
    }
  }
  rank_ = 2;
}

Mlp OnnxLayers::finish(const std::string& file) {
  Normalisation& normalisation = mlp_.normalisation;
  if (!mlp_.layers.empty() && (!normalisation.offset.empty() || !normalisation.scale.empty())) {
    if (normalisation.offset.empty()) normalisation.offset.push_back(0);
    if (normalisation.scale.empty()) normalisation.scale.push_back(1);
    for (std::vector<float>* numbers : {&normalisation.offset, &normalisation.scale}) {
      if (numbers->size() == 1) numbers->resize(static_cast<std::size_t>(mlp_.inputs()), numbers->front());
    }
  }
  check(mlp_, file);
  return mlp_;
}

}  // namespace insitu::desktop
