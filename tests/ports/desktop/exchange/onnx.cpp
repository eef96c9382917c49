#include <doctest/doctest.h>

#include <functional>

#include "ports/desktop/error.h"
#include "ports/desktop/exchange/network_file.h"
#include "ports/desktop/exchange/onnx_file.h"
#include "ports/desktop/exchange/onnx_parts.h"
#include "sample.h"

namespace insitu::desktop {
namespace {

/// A graph of one's own, from its input [batch x features] on.
struct Graph {
  onnx::Model model;

  explicit Graph(int features = 2) {
    model.add_opset_import()->set_version(13);
    graph().add_input()->set_name("x");
    graph().add_output()->set_name("y");
    shape({0, features});
  }
  onnx::Graph& graph() { return *model.mutable_graph(); }
  Graph& shape(std::initializer_list<int> sizes) {
    onnx::Shape& shape = *graph().mutable_input(0)->mutable_type()->mutable_tensor_type()->mutable_shape();
    shape.Clear();
    for (const int n : sizes) {
      onnx::Dimension& dimension = *shape.add_dim();
      if (n > 0)
        dimension.set_dim_value(n);
      else
        dimension.set_dim_param("N");
    }
    return *this;
  }
  onnx::Tensor& tensor(const std::string& name, std::initializer_list<int> dims, std::initializer_list<float> values) {
    onnx::Tensor& added = *graph().add_initializer();
    added.set_name(name);
    added.set_data_type(OnnxFloat);
    for (const int n : dims) added.add_dims(n);
    for (const float v : values) added.add_float_data(v);
    return added;
  }
  onnx::Node& node(const std::string& op, std::initializer_list<const char*> inputs, const std::string& output) {
    onnx::Node& added = *graph().add_node();
    added.set_name("the " + op);
    added.set_op_type(op);
    for (const char* input : inputs) added.add_input(input);
    added.add_output(output);
    return added;
  }
  Mlp read() const {
    const std::string bytes = model.SerializeAsString();
    return read_onnx({reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()}, "m");
  }
  void refused(const std::string& sentence) const { CHECK_THROWS_WITH_AS(read(), doctest::Contains(sentence.c_str()), Error); }
};

void whole(onnx::Node& node, const char* name, int value) {
  onnx::Attribute& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_i(value);
}
void number(onnx::Node& node, const char* name, float value) {
  onnx::Attribute& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_f(value);
}

/// x [2] -> Gemm "w" [2 x 3], "b" [3] -> y
Graph gemm() {
  Graph g;
  g.tensor("w", {2, 3}, {1, 2, 3, 4, 5, 6});
  g.tensor("b", {3}, {7, -0.0f, 9});
  g.node("Gemm", {"x", "w", "b"}, "y");
  return g;
}

}  // namespace

TEST_CASE("ONNX: what is written is read again to the bit, whatever the activations; with a normalisation") {
  for (const char* text :
       {"dense 3 4 relu; dense 4 2 softmax", "dense 2 2 tanh; dense 2 5 leaky_relu; dense 5 2 leaky_relu_0.3; dense 2 1 sigmoid",
        "dense 1 1", "dense 3 2; dense 2 2"}) {
    Mlp mlp = sample(text);
    CHECK(same_bits(read_network(network_file(mlp, "x.onnx", {}), "x.onnx", {}), mlp));
    mlp.normalisation.offset.assign(static_cast<std::size_t>(mlp.inputs()), 0.5f);
    mlp.normalisation.scale.assign(static_cast<std::size_t>(mlp.inputs()), -0.0f);
    const Bytes bytes = network_file(mlp, "x.onnx", {});
    CHECK(same_bits(read_network(bytes, "x.onnx", {}), mlp));
    CHECK(bytes == network_file(mlp, "x.onnx", {}));
  }
  const Bytes bytes = network_file(sample("dense 3 4 relu; dense 4 2"), "x.onnx", {"fc1", "fc2"});
  const std::string text(bytes.begin(), bytes.end());
  CHECK(text.find("fc2.weight") != std::string::npos);
  CHECK_THROWS_WITH_AS(read_network(bytes, "x.onnx", {{}, {"relu"}}), doctest::Contains("x.onnx says itself what its layers are"), Error);
}

TEST_CASE("ONNX: Gemm as it may be written") {
  CHECK(gemm().read().layers[0].weights == std::vector<float>{1, 2, 3, 4, 5, 6});
  CHECK(same_bits(gemm().read().layers[0].bias, {7, -0.0f, 9}));
  Graph turned = gemm();
  turned.graph().mutable_initializer(0)->set_dims(0, 3);
  turned.graph().mutable_initializer(0)->set_dims(1, 2);
  whole(*turned.graph().mutable_node(0), "transB", 1);
  CHECK(turned.read().layers[0].weights == std::vector<float>{1, 3, 5, 2, 4, 6});
  Graph scaled = gemm();
  number(*scaled.graph().mutable_node(0), "alpha", 2);
  number(*scaled.graph().mutable_node(0), "beta", -1);
  CHECK(scaled.read().layers[0].weights == std::vector<float>{2, 4, 6, 8, 10, 12});
  CHECK(scaled.read().layers[0].bias == std::vector<float>{-7, 0, -9});
  Graph without = gemm();
  without.graph().mutable_node(0)->mutable_input()->RemoveLast();
  CHECK(without.read().layers[0].bias == std::vector<float>{0, 0, 0});
  Graph one = gemm();
  *one.graph().mutable_initializer(1) = {};
  one.graph().mutable_initializer()->RemoveLast();
  one.tensor("b", {}, {5});
  CHECK(one.read().layers[0].bias == std::vector<float>{5, 5, 5});
}

TEST_CASE("ONNX: MatMul and Add in either order, folded constants, Flatten and Identity, float64") {
  Graph g(6);
  g.shape({0, 2, 3});
  g.tensor("w", {2, 6}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
  g.node("Flatten", {"x"}, "flat");
  whole(*g.graph().mutable_node(0), "axis", -2);
  g.node("Transpose", {"w"}, "w2");
  g.node("Identity", {"w2"}, "w3");
  onnx::Attribute& value = *g.node("Constant", {}, "b").add_attribute();
  value.set_name("value");
  value.mutable_t()->add_dims(2);
  value.mutable_t()->set_data_type(OnnxDouble);
  value.mutable_t()->add_double_data(0.5);
  value.mutable_t()->add_double_data(0.1);
  g.node("Identity", {"b"}, "b2");
  g.node("MatMul", {"flat", "w3"}, "z");
  g.node("Add", {"b2", "z"}, "z2");
  g.node("Identity", {"z2"}, "z3");
  g.node("Tanh", {"z3"}, "y");
  const Mlp mlp = g.read();
  CHECK(mlp.text() == "dense 6 2 tanh");
  CHECK(mlp.layers[0].weights == std::vector<float>{1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 12});
  CHECK(mlp.layers[0].bias == std::vector<float>{0.5f, 0.1f});
}

TEST_CASE("ONNX: what no layer of insitu computes is named: node and operator") {
  const auto with = [](
                        const std::string& op, const std::function<void(onnx::Node&)>& change = [](onnx::Node&) {}) {
    Graph g = gemm();
    g.graph().mutable_node(0)->set_output(0, "z");
    change(g.node(op, {"z"}, "y"));
    return g;
  };
  CHECK(with("Relu").read().layers[0].activation == "relu");
  CHECK(with("Softmax").read().layers[0].activation == "softmax");
  CHECK(with("LeakyRelu").read().layers[0].activation == "leaky_relu");
  CHECK(with("LeakyRelu", [](onnx::Node& n) { number(n, "alpha", 0); }).read().layers[0].activation == "relu");
  with("Erf").refused("m: node 'the Erf' (Erf) is an operator that no layer of insitu computes");
  with("LeakyRelu", [](onnx::Node& n) { number(n, "alpha", -1); }).refused("node 'the LeakyRelu' (LeakyRelu): leaky ReLU of slope -1");
  with("LeakyRelu", [](onnx::Node& n) { whole(n, "alpha", 1); }).refused("its attribute 'alpha' is no float");
  with("Relu", [](onnx::Node& n) { whole(n, "max", 6); }).refused("has the attribute 'max', which is not known of it");
  with("Relu", [](onnx::Node& n) { n.set_domain("mine"); }).refused("is of the domain 'mine'");
  with("Softmax", [](onnx::Node& n) { whole(n, "axis", 0); }).refused("goes along axis 0");
  with("Flatten", [](onnx::Node& n) { whole(n, "axis", 0); }).refused("flattens otherwise than each sample");
  with("Relu", [](onnx::Node& n) { n.add_output("more"); }).refused("has 2 outputs");
  with("Relu", [](onnx::Node& n) { n.set_output(0, "b"); }).refused("gives the value 'b', which has no name, or is there already");
  with("Mul", [](onnx::Node& n) { n.add_input("b"); }).refused("node 'the Mul' (Mul) changes values otherwise than a dense layer does");
  with("Mul", [](onnx::Node& n) { n.add_input("x"); }).refused("the graph branches");
  with("Gemm", [](onnx::Node& n) { n.add_input("z"); }).refused("the graph branches");
  with("Gemm").refused("does not multiply its input by a constant from the right");
  with("Sub", [](onnx::Node& n) { n.add_input("b"); }).refused("node 'the Sub' (Sub) changes values");
  with("Relu", [](onnx::Node& n) {
    n.set_name("a\nb");
    n.set_op_type("A\x1b[2J");
  }).refused("m: node 'a?b' (A?[2J) is an operator");
  with("Relu", [](onnx::Node& n) { n.set_output(0, "z2"); }).refused("m: its output 'y' is not the end of the chain, which is 'z2'");
}

TEST_CASE("ONNX: chains that are no network") {
  Graph twice = gemm();
  twice.graph().mutable_node(0)->set_output(0, "z");
  twice.node("Relu", {"z"}, "z2");
  twice.node("Tanh", {"z2"}, "y");
  twice.refused("node 'the Tanh' (Tanh) does not follow a dense layer");
  Graph first;
  first.node("Relu", {"x"}, "y");
  first.refused("node 'the Relu' (Relu) does not follow a dense layer");
  Graph empty;
  empty.node("Identity", {"x"}, "y");
  empty.refused("m holds no dense layer");
  Graph left = gemm();
  left.graph().mutable_node(0)->set_input(0, "w");
  left.graph().mutable_node(0)->set_input(1, "x");
  left.refused("does not multiply its input by a constant from the right");
  Graph rows = gemm();
  whole(*rows.graph().mutable_node(0), "transA", 1);
  rows.refused("transposes its input (transA)");
  Graph wide = gemm();
  wide.shape({0, 5});
  wide.refused("takes 2 inputs, and what comes before it, the graph's input, gives 5");
  Graph deep = gemm();
  deep.shape({0, 1, 2});
  deep.refused("takes 3 dimensions, and has 2 by the standard");
  Graph inputs = gemm();
  inputs.graph().add_input()->set_name("other");
  inputs.refused("m has the inputs 'x' and 'other'");
  Graph old = gemm();
  old.graph().add_input()->set_name("w");  // older files list what is constant
  CHECK_NOTHROW(old.read());
  old.model.mutable_opset_import(0)->set_version(6);
  old.refused("m uses version 6 of ONNX's operators");
  Graph none;
  none.graph().clear_input();
  none.refused("m has no input");
  Graph outputs = gemm();
  outputs.graph().add_output()->set_name("z");
  outputs.refused("m has 2 outputs");
  Graph computed = gemm();
  computed.node("Add", {"b", "b"}, "c");
  computed.refused("node 'the Add' (Add) computes with constants alone");
  Graph column = gemm();
  column.graph().mutable_initializer(1)->add_dims(1);
  column.refused("adds a constant of 3 x 1 numbers, and the layer has 3 outputs");
}

TEST_CASE("ONNX: tensors that are not what they promise") {
  const auto with = [](const std::function<void(onnx::Tensor&)>& change) {
    Graph g = gemm();
    change(*g.graph().mutable_initializer(0));
    return g;
  };
  with([](onnx::Tensor& t) { t.set_dims(0, 4); }).refused("m: 'w' promises 4 x 3 numbers");
  with([](onnx::Tensor& t) { t.set_dims(0, 1LL << 62); }).refused("m: 'w' promises");
  with([](onnx::Tensor& t) { t.set_dims(0, 0); }).refused("m: 'w' has dimensions that no tensor of weights has");
  with([](onnx::Tensor& t) { t.set_dims(0, -1); }).refused("m: 'w' has dimensions that no tensor of weights has");
  with([](onnx::Tensor& t) { t.set_data_type(7); }).refused("m: 'w' holds numbers of ONNX type 7");
  with([](onnx::Tensor& t) { t.set_data_location(1); }).refused("m: 'w' has its numbers in another file");
  with([](onnx::Tensor& t) { t.set_raw_data("abc"); }).refused("m: 'w' promises 2 x 3 numbers of 4 bytes");
  with([](onnx::Tensor& t) {
    t.set_float_data(0, std::numeric_limits<float>::infinity());
  }).refused("layer 0 has a weight that is no finite float32");
  with([](onnx::Tensor& t) { t.set_name("b"); }).refused("m defines the value 'b' twice");
  Graph half = with([](onnx::Tensor& t) {
    t.clear_float_data();
    t.set_data_type(OnnxHalf);
    t.set_raw_data(std::string("\x00\x3c\x00\xc5\x00\x00\x00\x00\x00\x00\x00\x00", 12));
  });
  CHECK(half.read().layers[0].weights == std::vector<float>{1, -5, 0, 0, 0, 0});
}

TEST_CASE("ONNX: no whole message, no graph, more fields than a network has") {
  const std::string whole = gemm().model.SerializeAsString();
  const auto read = [](const std::string& text) {
    return read_onnx({reinterpret_cast<const unsigned char*>(text.data()), text.size()}, "m");
  };
  CHECK_THROWS_WITH_AS(read(whole.substr(0, whole.size() / 2)), "m is no whole ONNX file: its protobuf messages do not parse", Error);
  CHECK_THROWS_WITH_AS(read("hello"), "m is no whole ONNX file: its protobuf messages do not parse", Error);
  CHECK_THROWS_WITH_AS(read(onnx::Model().SerializeAsString()), "m holds no ONNX graph", Error);
  Graph crowd = gemm();
  std::string nodes = crowd.model.SerializeAsString();
  // a graph of empty nodes, two bytes each, of which the parser would make a hundred bytes each
  std::string many;
  for (int k = 0; k <= MostFields; ++k) many += std::string("\x0a\x00", 2);
  std::string size;
  for (std::size_t n = many.size(); n > 0; n >>= 7) size += static_cast<char>((n & 127) | (n > 127 ? 128 : 0));
  CHECK_THROWS_WITH_AS(read("\x3a" + size + many), doctest::Contains("m has more than 1048576 fields"), Error);
}

}  // namespace insitu::desktop
