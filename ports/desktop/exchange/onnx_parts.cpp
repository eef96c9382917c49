#include "onnx_parts.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <algorithm>
#include <limits>

#include "../error.h"
#include "half.h"

namespace insitu::desktop {
namespace {

using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

enum class Message { Model, Graph, Node, Attribute, Tensor, Value, Type, TensorType, Shape, Dimension };

/// The message that a field holds.
struct Nested {
  Message message;
  int field;
  Message inner;
};
constexpr Nested Tree[] = {{Message::Model, 7, Message::Graph},      {Message::Model, 8, Message::Dimension},  // as small as an OperatorSet
                           {Message::Graph, 1, Message::Node},       {Message::Graph, 5, Message::Tensor},
                           {Message::Graph, 11, Message::Value},     {Message::Graph, 12, Message::Value},
                           {Message::Node, 5, Message::Attribute},   {Message::Attribute, 5, Message::Tensor},
                           {Message::Value, 2, Message::Type},       {Message::Type, 1, Message::TensorType},
                           {Message::TensorType, 2, Message::Shape}, {Message::Shape, 1, Message::Dimension}};

/// Counts the fields down from MostFields, before the parser makes objects of them. False where the bytes are no such message, or where there are more.
bool count_fields(CodedInputStream& stream, Message message, int& left) {
  for (;;) {
    const std::uint32_t tag = stream.ReadTag();
    if (tag == 0) return stream.ConsumedEntireMessage();
    if (--left < 0) return false;
    const Nested* nested = std::find_if(std::begin(Tree), std::end(Tree), [&](const Nested& n) {
      return n.message == message && n.field == WireFormatLite::GetTagFieldNumber(tag) &&
             WireFormatLite::GetTagWireType(tag) == WireFormatLite::WIRETYPE_LENGTH_DELIMITED;
    });
    if (nested == std::end(Tree)) {
      if (!WireFormatLite::SkipField(&stream, tag)) return false;
      continue;
    }
    std::uint32_t size = 0;
    if (!stream.ReadVarint32(&size) || size > static_cast<std::uint32_t>(stream.BytesUntilLimit())) return false;
    const CodedInputStream::Limit limit = stream.PushLimit(static_cast<int>(size));
    if (!count_fields(stream, nested->inner, left)) return false;
    stream.PopLimit(limit);
  }
}

}  // namespace

onnx::Model parse_model(std::span<const unsigned char> bytes, const std::string& name) {
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw Error(name, " is larger than 2 GiB, the most that ONNX has");
  const int size = static_cast<int>(bytes.size());
  int left = MostFields;
  CodedInputStream stream(bytes.data(), size);
  stream.PushLimit(size);
  onnx::Model model;
  if (!count_fields(stream, Message::Model, left) || !model.ParseFromArray(bytes.data(), size)) {
    if (left < 0) throw Error(name, " has more than ", MostFields, " fields, and no network of dense layers has");
    throw Error(name, " is no whole ONNX file: its protobuf messages do not parse");
  }
  if (!model.has_graph()) throw Error(name, " holds no ONNX graph");
  return model;
}

Array tensor_of(const onnx::Tensor& tensor, const std::string& what) {
  if (tensor.data_location() != 0) {
    throw Error(what, " has its numbers in another file, and a file by itself is read: export with the data inside (external_data=False)");
  }
  const int type = tensor.data_type();
  if (type != OnnxFloat && type != OnnxDouble && type != OnnxHalf && type != OnnxBrain) {
    throw Error(what, " holds numbers of ONNX type ", type, ", and float32, float64, float16 and bfloat16 are read");
  }
  std::vector<std::uint64_t> shape;
  for (const std::int64_t n : tensor.dims()) {
    if (n < 1 || shape.size() == 8) throw Error(what, " has dimensions that no tensor of weights has");
    shape.push_back(static_cast<std::uint64_t>(n));
  }
  Array array{what, {shape.begin(), shape.end()}, {}};
  if (tensor.has_raw_data()) {
    const std::string& raw = tensor.raw_data();
    const std::span<const unsigned char> bytes(reinterpret_cast<const unsigned char*>(raw.data()), raw.size());
    const std::size_t each = type == OnnxFloat ? 4 : type == OnnxDouble ? 8 : 2;
    check_shape(what, shape, each, bytes.size());
    if (type == OnnxHalf)
      array.values = decode_halves(bytes, half);
    else if (type == OnnxBrain)
      array.values = decode_halves(bytes, brain);
    else
      array.values = decode({'f', each, false}, bytes);
  } else {
    if (type == OnnxFloat) array.values.assign(tensor.float_data().begin(), tensor.float_data().end());
    for (const double number : tensor.double_data()) {
      if (type == OnnxDouble) array.values.push_back(static_cast<float>(number));
    }
    check_shape(what, shape, 1, array.values.size());
  }
  return array;
}

std::string shown(const std::string& name) {
  constexpr std::size_t Most = 80;
  std::string text = name.substr(0, Most);
  for (char& c : text) c = static_cast<unsigned char>(c) < ' ' || c == 127 ? '?' : c;
  return name.size() > Most ? text + "..." : text;
}

OnnxNode::OnnxNode(const onnx::Node& node, const std::string& file)
    : op(shown(node.op_type())), inputs(node.input().begin(), node.input().end()), node_(&node) {
  what_ = file + ": node '" + shown(node.name().empty() && node.output_size() > 0 ? node.output(0) : node.name()) + "' (" + op + ")";
  if (!node.domain().empty() && node.domain() != "ai.onnx")
    refuse(" is of the domain '", shown(node.domain()), "', and ONNX's own operators are read");
  if (node.output_size() != 1) refuse(" has ", node.output_size(), " outputs, and what is read has one");
  while (!inputs.empty() && inputs.back().empty()) inputs.pop_back();
  output = node.output(0);
}

void OnnxNode::check_operator() const {
  for (const char* known : {"Gemm", "MatMul", "Add", "Relu", "LeakyRelu", "Sigmoid", "Tanh", "Softmax", "Flatten", "Identity"}) {
    if (op == known) return;
  }
  refuse(
      " is an operator that no layer of insitu computes: Gemm, MatMul, Add, Relu, LeakyRelu, Sigmoid, Tanh, Softmax, Flatten and Identity "
      "are read");
}

const onnx::Attribute* OnnxNode::find(const std::string& name) const {
  const onnx::Attribute* found = nullptr;
  for (const onnx::Attribute& attribute : node_->attribute()) {
    if (attribute.name() != name) continue;
    if (found || attribute.has_ref_attr_name()) refuse(": its attribute '", name, "' is given twice, or elsewhere");
    found = &attribute;
  }
  return found;
}

std::int64_t OnnxNode::whole(const char* name, std::int64_t otherwise) const {
  const onnx::Attribute* found = find(name);
  if (found && !found->has_i()) refuse(": its attribute '", name, "' is no whole number");
  return found ? found->i() : otherwise;
}

float OnnxNode::number(const char* name, float otherwise) const {
  const onnx::Attribute* found = find(name);
  if (found && !found->has_f()) refuse(": its attribute '", name, "' is no float");
  return found ? found->f() : otherwise;
}

void OnnxNode::only(std::initializer_list<const char*> names) const {
  for (const onnx::Attribute& attribute : node_->attribute()) {
    const bool known = std::any_of(names.begin(), names.end(), [&](const char* name) { return attribute.name() == name; });
    if (!known) refuse(" has the attribute '", shown(attribute.name()), "', which is not known of it");
  }
}

}  // namespace insitu::desktop
