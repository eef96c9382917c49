#include <set>

#include "../error.h"
#include "onnx_constants.h"
#include "onnx_file.h"
#include "onnx_layers.h"

namespace insitu::desktop {
namespace {

std::int64_t opset_of(const onnx::Model& model, const std::string& name) {
  std::int64_t opset = 0;
  for (const onnx::OperatorSet& set : model.opset_import()) {
    if (set.domain().empty() || set.domain() == "ai.onnx") opset = set.version();
  }
  if (opset < 7) throw Error(name, " uses version ", opset, " of ONNX's operators, and those from 7 on are read");
  return opset;
}

/// The one input of a graph. Older files list their initializers as well.
const onnx::Value& input_of(const onnx::Graph& graph, const OnnxConstants& constants, const std::string& name) {
  const onnx::Value* input = nullptr;
  for (const onnx::Value& value : graph.input()) {
    if (constants.contains(value.name())) continue;
    if (input)
      throw Error(name, " has the inputs '", shown(input->name()), "' and '", shown(value.name()), "', and a network of insitu has one");
    input = &value;
  }
  if (!input) throw Error(name, " has no input");
  return *input;
}

/// Follows the chain from the input to the output, node by node in the order of the file, which by the standard is one in which they can run.
class Chain {
 public:
  Chain(const onnx::Graph& graph, OnnxConstants& constants, const onnx::Value& input, std::int64_t opset)
      : graph_(graph), constants_(constants), layers_(input, opset), current_(input.name()) {
    defined_.insert(current_);
  }

  Mlp follow(const std::string& name) {
    for (const onnx::Node& message : graph_.node()) {
      const OnnxNode node(message, name);
      if (constants_.contains(node.output) || node.output.empty() || !defined_.insert(node.output).second) {
        node.refuse(" gives the value '", shown(node.output), "', which has no name, or is there already");
      }
      if (constants_.all(node.inputs)) {
        constants_.fold(node);
      } else {
        apply(node, place_of(node));
        current_ = node.output;
      }
    }
    if (graph_.output_size() != 1) throw Error(name, " has ", graph_.output_size(), " outputs, and a network of insitu has one");
    if (graph_.output(0).name() != current_) {
      throw Error(name, ": its output '", shown(graph_.output(0).name()), "' is not the end of the chain, which is '", shown(current_),
                  "'");
    }
    return layers_.finish(name);
  }

 private:
  const onnx::Graph& graph_;
  OnnxConstants& constants_;
  OnnxLayers layers_;
  std::string current_;  // the value that the chain has come to
  std::set<std::string> defined_;

  /// Which of the inputs is the chain's: the one that is no constant.
  std::size_t place_of(const OnnxNode& node) const {
    std::size_t place = node.inputs.size();
    for (std::size_t k = 0; k < node.inputs.size(); ++k) {
      if (constants_.contains(node.inputs[k])) continue;
      if (node.inputs[k] != current_ || place < node.inputs.size()) {
        if (node.op != "Sub" && node.op != "Mul") node.check_operator();
        node.refuse(" takes '", shown(node.inputs[k]), "' where the chain is at '", shown(current_),
                    "': the graph branches, and a network of insitu is one chain of layers");
      }
      place = k;
    }
    return place;
  }

  void apply(const OnnxNode& node, std::size_t place) {
    const std::size_t count = node.inputs.size();
    const bool from_right = place == 0 && count > 1;
    if (node.op == "Gemm" && from_right && count == 2) return layers_.gemm(node, constants_.numbers(node.inputs[1]), nullptr);
    if (node.op == "Gemm" && from_right && count == 3) {
      const Array bias = constants_.numbers(node.inputs[2]);
      return layers_.gemm(node, constants_.numbers(node.inputs[1]), &bias);
    }
    if (node.op == "MatMul" && from_right && count == 2) return layers_.matmul(node, constants_.numbers(node.inputs[1]));
    if (node.op == "Gemm" || node.op == "MatMul")
      node.refuse(" does not multiply its input by a constant from the right, as a dense layer does");
    if (node.op == "Add" && count == 2) return layers_.add(node, constants_.numbers(node.inputs[1 - place]));
    if ((node.op == "Sub" && from_right && count == 2) || (node.op == "Mul" && count == 2)) {
      return layers_.normalise(node, constants_.numbers(node.inputs[1 - place]));
    }
    node.check_operator();
    if (count != 1) node.refuse(" has ", count, " inputs, and what is read has another number of them");
    layers_.unary(node);
  }
};

}  // namespace

Mlp read_onnx(std::span<const unsigned char> bytes, const std::string& name) {
  const onnx::Model model = parse_model(bytes, name);
  const std::int64_t opset = opset_of(model, name);
  OnnxConstants constants(model.graph(), name);
  return Chain(model.graph(), constants, input_of(model.graph(), constants, name), opset).follow(name);
}

}  // namespace insitu::desktop
