#include <algorithm>
#include <map>
#include <set>

#include "../error.h"
#include "onnx_file.h"
#include "onnx_parts.h"

namespace insitu::desktop {
namespace {

constexpr const char* Known = "Gemm, MatMul, Add, Relu, LeakyRelu, Sigmoid, Tanh, Softmax, Flatten and Identity are read";

/// Follows the one chain from the input of a graph to its output, node by node in the order of the file, which the standard says is one in which they can run.
class Chain {
 public:
  Chain(const onnx::Model& model, const std::string& name) : graph_(model.graph()), name_(name) {
    for (const onnx::OperatorSet& set : model.opset_import()) {
      if (set.domain().empty() || set.domain() == "ai.onnx") opset_ = set.version();
    }
    if (opset_ < 7) throw Error(name, " uses version ", opset_, " of ONNX's operators, and those from 7 on are read");
    for (const onnx::Tensor& tensor : graph_.initializer()) {
      define(tensor.name());
      stored_[tensor.name()] = &tensor;
    }
    begin();
    for (const onnx::Node& node : graph_.node()) follow(node);
    if (graph_.output_size() != 1) throw Error(name, " has ", graph_.output_size(), " outputs, and a network of insitu has one");
    if (graph_.output(0).name() != current_) {
      throw Error(name, ": its output '", shown(graph_.output(0).name()), "' is not the end of the chain, which is '", shown(current_),
                  "'");
    }
    finish();
  }
  Mlp mlp;

 private:
  const onnx::Graph& graph_;
  const std::string& name_;
  std::int64_t opset_ = 0;
  std::map<std::string, const onnx::Tensor*> stored_;  // constants as they are in the file
  std::map<std::string, Array> folded_;                // and those that were computed
  std::set<std::string> defined_;
  std::size_t folded_numbers_ = 0;
  std::string current_;        // the value that the chain has come to
  std::size_t rank_ = 0;       // its number of dimensions; 0 where the file does not say
  std::int64_t features_ = 0;  // of the input; 0 where the file does not say
  bool activated_ = true;      // whether the last layer can take neither a bias nor an activation any more
  bool has_bias_ = false;      // whether it has one
  std::string what_;           // the node, for messages

  void define(const std::string& value) {
    if (value.empty() || !defined_.insert(value).second)
      throw Error(name_, " defines the value '", shown(value), "' twice, or without a name");
  }

  void begin() {
    const onnx::Value* input = nullptr;
    for (const onnx::Value& value : graph_.input()) {
      if (stored_.contains(value.name())) continue;  // older files list their constants as well
      if (input)
        throw Error(name_, " has the inputs '", shown(input->name()), "' and '", shown(value.name()), "', and a network of insitu has one");
      input = &value;
    }
    if (!input) throw Error(name_, " has no input");
    define(input->name());
    current_ = input->name();
    const auto& dimensions = input->type().tensor_type().shape().dim();
    rank_ = static_cast<std::size_t>(dimensions.size());
    if (rank_ > 0) features_ = std::max<std::int64_t>(dimensions[dimensions.size() - 1].dim_value(), 0);
  }

  bool constant(const std::string& value) const { return stored_.contains(value) || folded_.contains(value); }
  Array numbers(const std::string& value) const {
    if (const auto found = folded_.find(value); found != folded_.end()) return found->second;
    return tensor_of(*stored_.at(value), name_ + ": '" + shown(value) + "'");
  }
  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    throw Error(what_, parts...);
  }

  void follow(const onnx::Node& node) {
    const std::string op = shown(node.op_type());
    what_ = name_ + ": node '" + shown(node.name().empty() && node.output_size() > 0 ? node.output(0) : node.name()) + "' (" + op + ")";
    if (!node.domain().empty() && node.domain() != "ai.onnx")
      refuse(" is of the domain '", shown(node.domain()), "', and insitu reads ONNX's own operators: ", Known);
    std::vector<std::string> inputs(node.input().begin(), node.input().end());
    while (!inputs.empty() && inputs.back().empty()) inputs.pop_back();  // left out
    if (node.output_size() != 1) refuse(" has ", node.output_size(), " outputs, and what is read has one");
    const bool all_constant = std::all_of(inputs.begin(), inputs.end(), [&](const std::string& value) { return constant(value); });
    const Attributes attributes(node, what_);
    if (all_constant) {
      fold(node, op, inputs, attributes);
      return;
    }
    apply(op, inputs, attributes);
    define(node.output(0));
    current_ = node.output(0);
  }

  void fold(const onnx::Node& node, const std::string& op, const std::vector<std::string>& inputs, const Attributes& attributes) {
    const std::string& output = node.output(0);
    define(output);
    const onnx::Attribute* value = attributes.find("value");
    if (op == "Constant" && inputs.empty() && value && value->has_t()) {
      stored_[output] = &value->t();
    } else if (op == "Constant" && inputs.empty() && attributes.find("value_float")) {
      folded_[output] = Array{what_, {}, {attributes.number("value_float", 0)}};
    } else if (op == "Identity" && inputs.size() == 1 && stored_.contains(inputs[0])) {
      stored_[output] = stored_[inputs[0]];
    } else if ((op == "Identity" || op == "Transpose") && inputs.size() == 1) {
      Array array = numbers(inputs[0]);
      folded_numbers_ += array.values.size();
      if (folded_numbers_ > LargestNetwork) refuse(" makes more constants than a record can hold");
      if (op == "Transpose") transpose(array, attributes);
      folded_[output] = std::move(array);
    } else {
      refuse(" computes with constants alone, and of that Constant (of numbers), Identity and Transpose are read");
    }
  }

  void transpose(Array& array, const Attributes& attributes) const {
    attributes.only({"perm"});
    const onnx::Attribute* perm = attributes.find("perm");
    if (array.shape.size() != 2) refuse(" transposes ", array.shape.size(), " dimensions, and 2 are read");
    if (perm && (perm->ints_size() != 2 || perm->ints(0) < 0 || perm->ints(0) > 1 || perm->ints(1) != 1 - perm->ints(0))) {
      refuse(" has a 'perm' that is no order of two dimensions");
    }
    if (perm && perm->ints(0) == 0) return;
    array.values = transposed(array.values, array.shape[0], array.shape[1]);
    std::swap(array.shape[0], array.shape[1]);
  }

  void apply(const std::string& op, const std::vector<std::string>& inputs, const Attributes& attributes) {
    std::size_t place = inputs.size();
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      if (constant(inputs[k]) || inputs[k].empty()) continue;
      if (inputs[k] != current_ || place < inputs.size()) {
        unknown(op);
        refuse(" takes '", shown(inputs[k]), "' beside '", shown(current_),
               "': the graph branches, and a network of insitu is one chain of layers");
      }
      place = k;
    }
    if (place == inputs.size()) refuse(" has no input that the chain has come to");
    if (op == "Gemm")
      gemm(inputs, place, attributes);
    else if (op == "MatMul")
      matmul(inputs, place, attributes);
    else if (op == "Add" && inputs.size() == 2)
      add(numbers(inputs[1 - place]), attributes);
    else if ((op == "Sub" || op == "Mul") && inputs.size() == 2 && mlp.layers.empty() && (place == 0 || op == "Mul"))
      normalise(op, numbers(inputs[1 - place]), attributes);
    else if (inputs.size() == 1)
      alone(op, attributes);
    else
      unknown(op), refuse(" has ", inputs.size(), " inputs, and what is read has another number of them");
  }

  void unknown(const std::string& op) const {
    for (const char* known : {"Gemm", "MatMul", "Add", "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Softmax", "Flatten", "Identity"}) {
      if (op == known) return;
    }
    refuse(" is an operator that no layer of insitu computes: ", Known);
  }

  /// y = x W + b for each row of the last dimension; `weights` is [In, Out].
  void dense(const std::vector<float>& weights, std::size_t inputs, std::size_t outputs) {
    if (inputs > LargestNetwork || outputs > LargestNetwork || mlp.parameter_count() + weights.size() + outputs > LargestNetwork) {
      refuse(" makes a network that is larger than a record");
    }
    DenseLayer layer;
    layer.inputs = static_cast<int>(inputs);
    layer.outputs = static_cast<int>(outputs);
    if (mlp.layers.empty() && features_ > 0 && static_cast<std::uint64_t>(features_) != inputs) {
      refuse(" takes ", inputs, " inputs, and the graph's input has ", features_);
    }
    if (!mlp.layers.empty() && mlp.outputs() != layer.inputs)
      refuse(" takes ", inputs, " inputs, and the layer before it gives ", mlp.outputs(), " outputs");
    layer.weights = weights;
    layer.bias.assign(outputs, 0.0f);
    mlp.layers.push_back(std::move(layer));
    activated_ = has_bias_ = false;
  }

  void gemm(const std::vector<std::string>& inputs, std::size_t place, const Attributes& attributes) {
    attributes.only({"alpha", "beta", "transA", "transB"});
    if (place != 0 || inputs.size() < 2 || inputs.size() > 3)
      refuse(" does not multiply its input by a constant from the right, as a dense layer does");
    if (attributes.whole("transA", 0) != 0) refuse(" transposes its input (transA), and a dense layer takes one sample a row");
    if (rank_ != 0 && rank_ != 2) refuse(" takes ", rank_, " dimensions, and has 2 by the standard");
    rank_ = 2;
    Array weights = numbers(inputs[1]);
    if (weights.shape.size() != 2) refuse(" has weights of ", weights.shape.size(), " dimensions");
    if (attributes.whole("transB", 0) != 0) {
      weights.values = transposed(weights.values, weights.shape[0], weights.shape[1]);
      std::swap(weights.shape[0], weights.shape[1]);
    }
    scale(weights.values, attributes.number("alpha", 1));
    dense(weights.values, weights.shape[0], weights.shape[1]);
    if (inputs.size() < 3) return;
    Array bias = numbers(inputs[2]);
    scale(bias.values, attributes.number("beta", 1));
    add_bias(bias);
  }

  static void scale(std::vector<float>& values, float factor) {
    for (float& value : values) value = factor == 1 ? value : value * factor;
  }

  void matmul(const std::vector<std::string>& inputs, std::size_t place, const Attributes& attributes) {
    attributes.only({});
    if (place != 0 || inputs.size() != 2) refuse(" does not multiply its input by a constant from the right, as a dense layer does");
    const Array weights = numbers(inputs[1]);
    if (weights.shape.size() != 2) refuse(" multiplies by ", weights.shape.size(), " dimensions, and the weights of a dense layer have 2");
    dense(weights.values, weights.shape[0], weights.shape[1]);
  }

  void add(const Array& bias, const Attributes& attributes) {
    attributes.only({});
    if (activated_) refuse(" adds a constant that is no bias: one follows Gemm or MatMul");
    add_bias(bias);
  }

  /// One number for each output, or one for all; further dimensions must be of 1, and not more than the value has.
  void add_bias(const Array& bias) {
    std::vector<float>& to = mlp.layers.back().bias;
    const bool rows =
        std::any_of(bias.shape.begin(), bias.shape.empty() ? bias.shape.end() : bias.shape.end() - 1, [](std::size_t n) { return n != 1; });
    const bool fits = bias.values.size() == to.size() || bias.values.size() == 1;
    if (rows || !fits || bias.shape.size() > std::max<std::size_t>(rank_, 1)) {
      refuse(" adds a constant of ", bias.shape.empty() ? "1 number" : shape_text(bias.shape), ", and the layer has ", to.size(),
             " outputs");
    }
    for (std::size_t k = 0; k < to.size(); ++k) {
      const float b = bias.values[bias.values.size() == 1 ? 0 : k];
      to[k] = has_bias_ ? to[k] + b : b;  // 0 + -0 would be another number
    }
    has_bias_ = true;
  }

  /// x' = (x - offset) * scale
  void normalise(const std::string& op, const Array& constant, const Attributes& attributes) {
    attributes.only({});
    std::vector<float>& to = op == "Sub" ? mlp.normalisation.offset : mlp.normalisation.scale;
    const bool row = constant.shape.size() < 2 || (constant.shape.size() == 2 && constant.shape[0] == 1);
    if (!to.empty() || (op == "Sub" && !mlp.normalisation.scale.empty()) || !row || (rank_ != 0 && rank_ != 2)) {
      refuse(
          " changes the input otherwise than by one Sub and one Mul of a constant for each feature, which are read as its normalisation");
    }
    to = constant.values;
  }

  void alone(const std::string& op, const Attributes& attributes) {
    unknown(op);
    if (op == "Identity") return attributes.only({});
    if (op == "Flatten") return flatten(attributes);
    std::string activation;
    if (op == "Relu" || op == "Sigmoid" || op == "Tanh") {
      attributes.only({});
      activation = op == "Relu" ? "relu" : op == "Sigmoid" ? "sigmoid" : "tanh";
    } else if (op == "LeakyRelu") {
      attributes.only({"alpha"});
      activation = slope(attributes.number("alpha", 0.01f));
    } else if (op == "Softmax") {
      softmax(attributes);
      activation = "softmax";
    } else {
      refuse(" has one input, and takes another number of them");
    }
    if (activated_) refuse(" does not follow a dense layer: insitu has one activation after each");
    mlp.layers.back().activation = activation;
    activated_ = true;
  }

  std::string slope(float alpha) const {
    try {
      return alpha == 0 ? "relu" : leaky_relu(alpha);
    } catch (const Error& problem) {
      refuse(": ", problem.what());
    }
  }

  void softmax(const Attributes& attributes) const {
    attributes.only({"axis"});
    const std::int64_t axis = attributes.whole("axis", opset_ < 13 ? 1 : -1);
    if (axis != -1 && (rank_ == 0 || axis != static_cast<std::int64_t>(rank_) - 1))
      refuse(" goes along axis ", axis, ", and insitu's along the outputs, the last axis");
  }

  void flatten(const Attributes& attributes) {
    attributes.only({"axis"});
    const std::int64_t axis = attributes.whole("axis", 1), rank = static_cast<std::int64_t>(rank_);
    const bool samples_first = axis == 1 || (rank > 0 && axis == 1 - rank);
    const bool untouched = mlp.layers.empty() && mlp.normalisation.offset.empty() && mlp.normalisation.scale.empty();
    if (!samples_first || rank == 1 || (rank != 2 && !untouched))
      refuse(" flattens otherwise than each sample of the input into one row (axis 1)");
    if (rank != 2) {
      std::uint64_t product = 1;
      const auto& dimensions = graph_input().type().tensor_type().shape().dim();
      for (int d = 1; d < dimensions.size(); ++d) {
        const std::int64_t n = dimensions[d].dim_value();
        product = n > 0 && static_cast<std::uint64_t>(n) <= LargestNetwork ? product * static_cast<std::uint64_t>(n) : 0;
        if (product > LargestNetwork) refuse(" makes more features than a record can hold weights");
      }
      features_ = rank == 0 ? 0 : static_cast<std::int64_t>(product);
    }
    rank_ = 2;
  }

  const onnx::Value& graph_input() const {
    return *std::find_if(graph_.input().begin(), graph_.input().end(),
                         [&](const onnx::Value& value) { return !stored_.contains(value.name()); });
  }

  void finish() {
    check(Mlp{mlp.layers, {}}, name_);
    Normalisation& normalisation = mlp.normalisation;
    const std::size_t inputs = static_cast<std::size_t>(mlp.inputs());
    if (normalisation.offset.empty() && normalisation.scale.empty()) return;
    if (normalisation.offset.empty()) normalisation.offset = {0};
    if (normalisation.scale.empty()) normalisation.scale = {1};
    for (std::vector<float>* numbers : {&normalisation.offset, &normalisation.scale}) {
      if (numbers->size() == 1) numbers->assign(inputs, (*numbers)[0]);
    }
    check(mlp, name_);
  }
};

}  // namespace

Mlp read_onnx(std::span<const unsigned char> bytes, const std::string& name) {
  const onnx::Model model = parse_model(bytes, name);
  return Chain(model, name).mlp;
}

}  // namespace insitu::desktop
