#include "onnx_constants.h"

#include <algorithm>

#include "mlp.h"

namespace insitu::desktop {
namespace {

void transpose(Array& array, const OnnxNode& node) {
  node.only({"perm"});
  const onnx::Attribute* perm = node.find("perm");
  if (array.shape.size() != 2) node.refuse(" transposes ", array.shape.size(), " dimensions, and 2 are read");
  const bool turned = !perm || (perm->ints_size() == 2 && perm->ints(0) == 1 && perm->ints(1) == 0);
  const bool kept = perm && perm->ints_size() == 2 && perm->ints(0) == 0 && perm->ints(1) == 1;
  if (!turned && !kept) node.refuse(" has a 'perm' that is no order of two dimensions");
  if (kept) return;
  array.values = transposed(array.values, array.shape[0], array.shape[1]);
  std::swap(array.shape[0], array.shape[1]);
}

}  // namespace

OnnxConstants::OnnxConstants(const onnx::Graph& graph, const std::string& file) : file_(file) {
  for (const onnx::Tensor& tensor : graph.initializer()) {
    if (!stored_.emplace(tensor.name(), &tensor).second) throw Error(file, " defines the value '", shown(tensor.name()), "' twice");
  }
}

bool OnnxConstants::all(const std::vector<std::string>& values) const {
  return std::all_of(values.begin(), values.end(), [&](const std::string& value) { return contains(value); });
}

Array OnnxConstants::numbers(const std::string& value) const {
  if (const auto found = folded_.find(value); found != folded_.end()) return found->second;
  return tensor_of(*stored_.at(value), file_ + ": '" + shown(value) + "'");
}

void OnnxConstants::fold(const OnnxNode& node) {
  const bool constant = node.op == "Constant" && node.inputs.empty(), one = node.inputs.size() == 1;
  const onnx::Attribute* value = node.find("value");
  if (constant && value && value->has_t()) {
    stored_[node.output] = &value->t();
  } else if (constant && node.find("value_float")) {
    folded_[node.output] = Array{node.output, {}, {node.number("value_float", 0)}};
  } else if (node.op == "Identity" && one && stored_.contains(node.inputs[0])) {
    stored_[node.output] = stored_[node.inputs[0]];
  } else if ((node.op == "Identity" || node.op == "Transpose") && one) {
    Array array = numbers(node.inputs[0]);
    folded_numbers_ += array.values.size();
    if (folded_numbers_ > LargestNetwork) node.refuse(" makes more constants than a record can hold");
    if (node.op == "Transpose") transpose(array, node);
    folded_[node.output] = std::move(array);
  } else {
    node.refuse(" computes with constants alone, and of that Constant (of numbers), Identity and Transpose are read");
  }
}

}  // namespace insitu::desktop
