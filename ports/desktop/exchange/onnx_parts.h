/// What the reader of ONNX takes from the messages: the model, checked for size; tensors; nodes.
#pragma once

#include <onnx.pb.h>

#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "../array.h"
#include "../error.h"

namespace insitu::desktop {

/// Data types of tensors, by their numbers in the standard.
enum OnnxType { OnnxFloat = 1, OnnxInt64 = 7, OnnxHalf = 10, OnnxDouble = 11, OnnxBrain = 16 };

/// The most fields of all messages together: each takes about a hundred bytes of memory, whatever it takes in the file. A layer has about 50.
inline constexpr int MostFields = 1 << 20;

/// Throws Error, which begins with `name`.
onnx::Model parse_model(std::span<const unsigned char> bytes, const std::string& name);

/// A tensor's numbers; an empty shape is a single number. Throws Error, which begins with `what`, where they are not those that the dimensions promise, lie in another file,
/// or are no floating-point numbers.
Array tensor_of(const onnx::Tensor& tensor, const std::string& what);

/// A name as it can be printed.
std::string shown(const std::string& name);

/// A node and what is said of it in messages; its attributes, each asked for by its name.
class OnnxNode {
 public:
  /// `file` is for messages. The node must live as long.
  OnnxNode(const onnx::Node& node, const std::string& file);

  std::string op;                   ///< the operator, as it can be printed
  std::vector<std::string> inputs;  ///< without those at the end that are left out
  std::string output;

  std::int64_t whole(const char* name, std::int64_t otherwise) const;
  float number(const char* name, float otherwise) const;
  const onnx::Attribute* find(const std::string& name) const;
  /// Throws Error where the node has an attribute that is not in the list.
  void only(std::initializer_list<const char*> names) const;
  /// Throws Error: the file, the node, its operator, and these words.
  template <class... Parts>
  [[noreturn]] void refuse(const Parts&... parts) const {
    throw Error(what_, parts...);
  }
  /// Throws Error where no layer computes this operator.
  void check_operator() const;

 private:
  const onnx::Node* node_;
  std::string what_;
};

}  // namespace insitu::desktop
