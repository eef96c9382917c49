#include "../error.h"
#include "model/version.h"
#include "onnx_file.h"
#include "onnx_parts.h"
#include "tensors.h"

namespace insitu::desktop {
namespace {

constexpr int IrVersion = 7, Opset = 13;

/// Nodes in order, each taking what the one before it gives.
class GraphWriter {
 public:
  explicit GraphWriter(onnx::Graph& graph) : graph_(&graph) {}

  /// `layer` is the first part of the names, as PyTorch has them: /0/Gemm and its value /0/Gemm_output_0.
  onnx::Node& node(const std::string& layer, const std::string& op, const std::vector<std::string>& constants) {
    onnx::Node& added = *graph_->add_node();
    added.set_name("/" + layer + "/" + op);
    added.set_op_type(op);
    added.add_input(current_);
    for (const std::string& constant : constants) added.add_input(constant);
    current_ = added.name() + "_output_0";
    added.add_output(current_);
    return added;
  }
  void initializer(const std::string& name, const std::vector<int>& shape, const std::vector<float>& values) {
    onnx::Tensor& tensor = *graph_->add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(OnnxFloat);
    for (const int n : shape) tensor.add_dims(n);
    Bytes bytes;
    append(bytes, values);
    tensor.set_raw_data(bytes.data(), bytes.size());
  }
  /// The last value takes the name of the output.
  void finish() { graph_->mutable_node(graph_->node_size() - 1)->set_output(0, "output"); }

 private:
  onnx::Graph* graph_;
  std::string current_ = "input";
};

void describe(onnx::Value& value, const char* name, int features) {
  value.set_name(name);
  onnx::TensorType& type = *value.mutable_type()->mutable_tensor_type();
  type.set_elem_type(OnnxFloat);
  type.mutable_shape()->add_dim()->set_dim_param("batch");
  type.mutable_shape()->add_dim()->set_dim_value(features);
}

void set(onnx::Node& node, const char* name, std::int64_t whole) {
  onnx::Attribute& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_i(whole);
  attribute.set_type(2);  // INT
}

void set(onnx::Node& node, const char* name, float number) {
  onnx::Attribute& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_f(number);
  attribute.set_type(1);  // FLOAT
}

void write_activation(GraphWriter& graph, const std::string& layer, const std::string& activation) {
  if (activation == "relu") graph.node(layer, "Relu", {});
  if (activation == "sigmoid") graph.node(layer, "Sigmoid", {});
  if (activation == "tanh") graph.node(layer, "Tanh", {});
  if (activation == "softmax") set(graph.node(layer, "Softmax", {}), "axis", std::int64_t{-1});
  if (leaky_slope(activation) > 0) set(graph.node(layer, "LeakyRelu", {}), "alpha", leaky_slope(activation));
}

}  // namespace

Bytes write_onnx(const Mlp& mlp, const std::vector<std::string>& layers) {
  const std::vector<std::string> names = layer_names(mlp, layers);
  onnx::Model model;
  model.set_ir_version(IrVersion);
  model.set_producer_name("insitu");
  model.set_producer_version(INSITU_VERSION);
  model.add_opset_import()->set_version(Opset);
  onnx::Graph& graph = *model.mutable_graph();
  graph.set_name(mlp.text());
  describe(*graph.add_input(), "input", mlp.inputs());
  describe(*graph.add_output(), "output", mlp.outputs());
  GraphWriter writer(graph);
  if (!mlp.normalisation.offset.empty()) {
    writer.initializer("normalisation.offset", {mlp.inputs()}, mlp.normalisation.offset);
    writer.initializer("normalisation.scale", {mlp.inputs()}, mlp.normalisation.scale);
    writer.node("normalisation", "Sub", {"normalisation.offset"});
    writer.node("normalisation", "Mul", {"normalisation.scale"});
  }
  for (std::size_t l = 0; l < names.size(); ++l) {
    const DenseLayer& layer = mlp.layers[l];
    const std::string weight = names[l] + ".weight", bias = names[l] + ".bias";
    const std::size_t inputs = static_cast<std::size_t>(layer.inputs), outputs = static_cast<std::size_t>(layer.outputs);
    writer.initializer(weight, {layer.outputs, layer.inputs}, transposed(layer.weights, inputs, outputs));
    writer.initializer(bias, {layer.outputs}, layer.bias);
    set(writer.node(names[l], "Gemm", {weight, bias}), "transB", std::int64_t{1});
    write_activation(writer, names[l], layer.activation);
  }
  writer.finish();
  std::string bytes;
  if (!model.SerializeToString(&bytes)) throw Error("the network is larger than 2 GiB, the most that ONNX has");
  return {bytes.begin(), bytes.end()};
}

}  // namespace insitu::desktop
