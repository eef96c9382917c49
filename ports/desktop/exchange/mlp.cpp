#include "mlp.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>
#include <string_view>

#include "../error.h"

namespace insitu::desktop {
namespace {

constexpr std::string_view Leaky = "leaky_relu";
constexpr float StandardSlope = 0.01f;  // LeakyRelu's

[[noreturn]] void no_such(const std::string& activation) {
  throw Error("there is no activation '", activation,
              "': insitu has identity, relu, leaky_relu (slope 0.01), leaky_relu_<slope>, sigmoid, tanh and, last, softmax");
}

}  // namespace

std::size_t Mlp::parameter_count() const {
  std::size_t count = 0;
  for (const DenseLayer& layer : layers) {
    count += (static_cast<std::size_t>(layer.inputs) + 1) * static_cast<std::size_t>(layer.outputs);
  }
  return count;
}

std::string Mlp::text() const {
  std::string all;
  for (const DenseLayer& layer : layers) {
    if (!all.empty()) all += "; ";
    all.append("dense ").append(std::to_string(layer.inputs)).append(" ").append(std::to_string(layer.outputs));
    if (layer.activation != "identity") all.append(" ").append(layer.activation);
  }
  return all;
}

std::uint64_t hash_of(const std::string& network) {
  std::uint64_t hash = 0xcbf29ce484222325ull;  // FNV-1a
  for (const char c : network) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ull;
  return hash;
}

Mlp parse_network(const std::string& text) {
  Mlp mlp;
  std::istringstream layers(text);
  for (std::string one; std::getline(layers, one, ';');) {
    std::istringstream words(one);
    std::string kind, activation, more;
    DenseLayer layer;
    words >> kind >> layer.inputs >> layer.outputs;
    const bool sized = !words.fail() && layer.inputs > 0 && layer.outputs > 0;
    if (words >> activation) layer.activation = activation;
    if (kind != "dense" || !sized || words >> more) {
      throw Error("the network '", text, "' has the layer '", one, "', and files of other libraries are exchanged for dense layers alone");
    }
    check_activation(layer.activation);
    mlp.layers.push_back(layer);
  }
  if (mlp.layers.empty())
    throw Error("a network begins with its first layer, such as 'dense 64 32 relu; dense 32 10', and this is '", text, "'");
  return mlp;
}

void check(const Mlp& mlp, const std::string& name) {
  if (mlp.layers.empty()) throw Error(name, " holds no dense layer");
  std::size_t count = mlp.normalisation.offset.size() + mlp.normalisation.scale.size();
  for (std::size_t l = 0; l < mlp.layers.size(); ++l) {
    const DenseLayer& layer = mlp.layers[l];
    const std::size_t inputs = static_cast<std::size_t>(layer.inputs), outputs = static_cast<std::size_t>(layer.outputs);
    if (layer.inputs < 1 || layer.outputs < 1 || inputs > LargestNetwork || outputs > LargestNetwork) {
      throw Error(name, ": layer ", l, " has ", layer.inputs, " inputs and ", layer.outputs,
                  " outputs, and a dense layer has some of each");
    }
    count += (inputs + 1) * outputs;
    if (count > LargestNetwork) throw Error(name, " has more than ", LargestNetwork, " numbers, the most that a record holds");
    if (layer.weights.size() != inputs * outputs || layer.bias.size() != outputs) {
      throw Error(name, ": layer ", l, ", ", inputs, " to ", outputs, ", has ", layer.weights.size(), " weights and ", layer.bias.size(),
                  " biases");
    }
    if (l > 0 && mlp.layers[l - 1].outputs != layer.inputs) {
      throw Error(name, ": layer ", l, " takes ", layer.inputs, " inputs, and the layer before it gives ", mlp.layers[l - 1].outputs,
                  " outputs");
    }
    check_activation(layer.activation);
    if (layer.activation == "softmax" && l + 1 < mlp.layers.size()) {
      throw Error(name, ": layer ", l, " ends in softmax, which insitu has in the last layer only");
    }
    for (const std::vector<float>* numbers : {&layer.weights, &layer.bias}) {
      if (!std::all_of(numbers->begin(), numbers->end(), [](float x) { return std::isfinite(x); })) {
        throw Error(name, ": layer ", l, " has a ", numbers == &layer.bias ? "bias" : "weight", " that is no finite float32");
      }
    }
  }
  for (const std::vector<float>* numbers : {&mlp.normalisation.offset, &mlp.normalisation.scale}) {
    if (numbers->size() != mlp.normalisation.offset.size() ||
        (!numbers->empty() && numbers->size() != static_cast<std::size_t>(mlp.inputs())))
      throw Error(name, ": the normalisation is for ", numbers->size(), " inputs, and the network has ", mlp.inputs());
    if (!std::all_of(numbers->begin(), numbers->end(), [](float x) { return std::isfinite(x); }))
      throw Error(name, ": the normalisation has a number that is no finite float32");
  }
}

std::string shape_of(const Mlp& mlp) {
  std::string shape = std::to_string(mlp.inputs());
  for (const DenseLayer& layer : mlp.layers) shape.append("-").append(std::to_string(layer.outputs));
  return shape;
}

float leaky_slope(const std::string& activation) {
  if (activation == Leaky) return StandardSlope;
  if (!activation.starts_with("leaky_relu_")) return 0;
  float slope = 0;
  const char *begin = activation.data() + Leaky.size() + 1, *end = activation.data() + activation.size();
  const auto [stopped, problem] = std::from_chars(begin, end, slope);
  return problem == std::errc{} && stopped == end ? slope : 0;
}

std::string leaky_relu(float slope) {
  if (!std::isfinite(slope) || slope <= 0) throw Error("leaky ReLU of slope ", slope, ", and insitu's slopes are finite and above 0");
  if (slope == StandardSlope) return std::string(Leaky);
  char digits[32];
  const auto written = std::to_chars(digits, digits + sizeof digits, slope);  // as few as make the same float32 again
  return std::string(Leaky) + "_" + std::string(digits, written.ptr);
}

void check_activation(const std::string& activation) {
  for (const char* known : {"identity", "relu", "sigmoid", "tanh", "softmax"}) {
    if (activation == known) return;
  }
  const float slope = leaky_slope(activation);
  // one text for one slope, so that one network has one hash
  if (!std::isfinite(slope) || slope <= 0 || leaky_relu(slope) != activation) no_such(activation);
}

std::vector<float> transposed(const std::vector<float>& values, std::size_t rows, std::size_t columns) {
  std::vector<float> result(values.size());
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c) result[c * rows + r] = values[r * columns + c];
  }
  return result;
}

}  // namespace insitu::desktop
