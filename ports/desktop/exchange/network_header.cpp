#include "network_header.h"

#include <cctype>
#include <filesystem>
#include <set>

#include "../error.h"

namespace insitu::desktop {
namespace {

constexpr std::size_t LineLength = 140;

bool word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// The C++ type of an activation: "LeakyRelu_0_1" for leaky_relu_0.1.
std::string type_of(const std::string& activation) {
  if (activation == "relu") return "insitu::Relu";
  if (activation == "leaky_relu") return "insitu::LeakyRelu";
  if (activation == "sigmoid") return "insitu::Sigmoid";
  if (activation == "tanh") return "insitu::Tanh";
  if (activation == "softmax") return "insitu::Softmax";
  std::string type = "LeakyRelu_";
  for (const char c : activation.substr(std::string("leaky_relu_").size())) type += c == '-' ? 'm' : word(c) ? c : '_';
  return type;
}

/// insitu::LeakyRelu with another slope. The text of the network holds its name, and so the hash its slope.
std::string leaky_struct(const std::string& activation) {
  const std::string digits = activation.substr(std::string("leaky_relu_").size());
  const std::string slope = digits + (digits.find_first_of(".e") == std::string::npos ? ".0f" : "f");
  return "/// a = z where z > 0, else " + digits + " z\nstruct " + type_of(activation) + " {\n  static constexpr char name[] = \"" +
         activation +
         "\";\n  static constexpr bool kink = true;\n"
         "  template <class V>\n  INSITU_INLINE static V forward(V z) {\n"
         "    return select(z > V::broadcast(0.0f), z, z * V::broadcast(" +
         slope +
         "));\n  }\n"
         "  template <class V>\n  INSITU_INLINE static V backward(V a, V da) {\n"
         "    return select(a > V::broadcast(0.0f), da, da * V::broadcast(" +
         slope + "));\n  }\n};\n\n";
}

}  // namespace

std::string network_header(const Mlp& mlp, const std::string& source) {
  std::string shown;  // a name may hold anything, and this is one line of C++
  for (const char c : std::filesystem::path(source).filename().string())
    shown += static_cast<unsigned char>(c) < ' ' || c == '\\' ? '?' : c;
  std::string header = "/// Imported from " + shown + ": " + mlp.text() + ".\n#pragma once\n\n#include <insitu/insitu.h>\n\n";
  std::set<std::string> own;
  std::vector<std::string> layers;
  for (const DenseLayer& layer : mlp.layers) {
    const std::string& activation = layer.activation;
    if (leaky_slope(activation) > 0 && activation != "leaky_relu" && own.insert(activation).second) header += leaky_struct(activation);
    std::string one = "insitu::Dense<" + std::to_string(layer.inputs) + ", " + std::to_string(layer.outputs);
    if (activation != "identity") one.append(", ").append(type_of(activation));
    layers.push_back(one + ">");
  }
  const std::string begin = "using Model = insitu::Network<";
  std::string line = begin, broken = begin;  // one layer a line where they do not fit into one
  for (const std::string& layer : layers) {
    line.append(&layer == &layers.front() ? "" : ", ").append(layer);
    broken.append(&layer == &layers.front() ? "" : ",\n" + std::string(begin.size(), ' ')).append(layer);
  }
  return header + (line.size() + 2 <= LineLength ? line : broken) + ">;\n";
}

std::string identifier(const std::string& path) {
  std::string name;
  for (const char c : std::filesystem::path(path).stem().string()) name += word(c) ? c : '_';
  if (name.empty() || std::isdigit(static_cast<unsigned char>(name[0]))) name = "network_" + name;
  return name;
}

void check_identifier(const std::string& name) {
  bool good = !name.empty() && !std::isdigit(static_cast<unsigned char>(name[0]));
  for (const char c : name) good = good && (word(c) || c == '_');
  if (!good) throw Error("--name begins the names in C, and '", name, "' cannot: letters, digits and _ can, a digit not first");
}

}  // namespace insitu::desktop
