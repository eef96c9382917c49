/// OnnxConstants: what a graph knows before it runs: its initializers, and what is computed from them alone.
#pragma once

#include <map>
#include <set>
#include <string>

#include "onnx_parts.h"

namespace insitu::desktop {

class OnnxConstants {
 public:
  /// The initializers. The graph must live as long. `file` is for messages.
  OnnxConstants(const onnx::Graph& graph, const std::string& file);

  bool contains(const std::string& value) const { return stored_.contains(value) || folded_.contains(value); }
  bool all(const std::vector<std::string>& values) const;
  /// Throws Error where they are no numbers of a dense layer.
  Array numbers(const std::string& value) const;
  /// Computes a node of which all inputs are constants. Throws Error for others than Constant, Identity and Transpose.
  void fold(const OnnxNode& node);

 private:
  std::string file_;
  std::map<std::string, const onnx::Tensor*> stored_;  // as they are in the file
  std::map<std::string, Array> folded_;
  std::size_t folded_numbers_ = 0;
};

}  // namespace insitu::desktop
