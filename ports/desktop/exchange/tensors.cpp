#include "tensors.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>

#include "../error.h"

namespace insitu::desktop {
namespace {

constexpr std::string_view Weight = ".weight", Bias = ".bias";
const std::string Offset = "normalisation.offset", Scale = "normalisation.scale";

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// The text between numbers, and the numbers (digits without leading zeros), of "block2.fc10".
struct Numbered {
  std::string text;
  std::vector<std::string> numbers;

  explicit Numbered(const std::string& name) {
    for (std::size_t k = 0; k < name.size(); ++k) {
      if (!digit(name[k])) {
        text += name[k];
        continue;
      }
      std::string number;
      for (; k < name.size() && digit(name[k]); ++k) {
        if (number == "0") number.clear();
        number += name[k];
      }
      --k;
      text += '#';
      numbers.push_back(number);
    }
  }
  bool operator<(const Numbered& other) const {
    for (std::size_t k = 0; k < numbers.size(); ++k) {
      const std::string &a = numbers[k], &b = other.numbers[k];
      if (a != b) return a.size() != b.size() ? a.size() < b.size() : a < b;
    }
    return false;
  }
};

/// The names of the layers, in order.
std::vector<std::string> ordered(const Tensors& tensors, const std::string& file) {
  std::vector<std::string> names;
  for (const auto& [name, array] : tensors) {
    if (name.ends_with(Weight)) names.push_back(name.substr(0, name.size() - Weight.size()));
  }
  if (names.empty()) throw Error(file, " holds no tensor called <layer>.weight, as PyTorch names the weights of its layers");
  for (const std::string& name : names) {
    if (Numbered(name).text != Numbered(names[0]).text || (names.size() > 1 && Numbered(name).numbers.empty())) {
      throw Error(file, ": no numbers in the names say which of the layers '", names[0], "' and '", name,
                  "' comes first: say --layers, all in order");
    }
  }
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) { return Numbered(a) < Numbered(b); });
  return names;
}

const Array& find(const Tensors& tensors, const std::string& name, const std::string& file) {
  const auto found = tensors.find(name);
  if (found == tensors.end()) throw Error(file, " holds no tensor '", name, "'");
  return found->second;
}

DenseLayer layer_of(const Tensors& tensors, const std::string& name, const std::string& file, std::set<std::string>& used) {
  const std::string weight = name + std::string(Weight), bias = name + std::string(Bias);
  const Array& weights = find(tensors, weight, file);
  used.insert(weight);
  if (weights.shape.size() != 2) {
    throw Error(file, ": '", weight, "' is ", shape_text(weights.shape),
                ", and the weights of a dense layer are [out, in]: other layers are not insitu's");
  }
  const std::size_t outputs = weights.shape[0], inputs = weights.shape[1];
  if (outputs > LargestNetwork || inputs > LargestNetwork) throw Error(file, ": '", weight, "' is too large: ", shape_text(weights.shape));
  DenseLayer layer;
  layer.inputs = static_cast<int>(inputs);
  layer.outputs = static_cast<int>(outputs);
  layer.weights = transposed(weights.values, outputs, inputs);
  layer.bias.assign(outputs, 0.0f);
  if (const auto found = tensors.find(bias); found != tensors.end()) {
    used.insert(bias);
    if (found->second.shape != std::vector<std::size_t>{outputs}) {
      throw Error(file, ": '", bias, "' is ", shape_text(found->second.shape), ", and '", weight, "' has ", outputs, " outputs");
    }
    layer.bias = found->second.values;
  }
  return layer;
}

}  // namespace

Mlp network_of(const Tensors& tensors, const std::string& file, const TensorRoles& roles) {
  const std::vector<std::string> names = roles.layers.empty() ? ordered(tensors, file) : roles.layers;
  Mlp mlp;
  std::set<std::string> used;
  for (const std::string& name : names) mlp.layers.push_back(layer_of(tensors, name, file, used));
  for (const auto& [name, array] : tensors) {
    if (name == Offset) mlp.normalisation.offset = array.values;
    if (name == Scale) mlp.normalisation.scale = array.values;
    if (name != Offset && name != Scale && !used.contains(name)) {
      throw Error(file, ": '", name, "' (", shape_text(array.shape),
                  ") is no weight or bias of a dense layer, and insitu's networks have nothing else");
    }
  }
  if (mlp.normalisation.offset.size() != mlp.normalisation.scale.size())
    throw Error(file, " holds only one of '", Offset, "' and '", Scale, "'");
  for (std::size_t l = 1; l < names.size(); ++l) {
    const int before = mlp.layers[l - 1].outputs, inputs = mlp.layers[l].inputs;
    if (before != inputs) {
      throw Error(file, ": layer '", names[l], "' takes ", inputs, " inputs, and '", names[l - 1], "' before it gives ", before,
                  " outputs (weights are [out, in])");
    }
  }
  if (roles.activations.empty()) {
    throw Error(file, " does not say what follows each layer, ", shape_of(mlp), ": say --activations and ", names.size(),
                names.size() == 1 ? " name, such as identity" : " names, such as relu,...,identity");
  }
  if (roles.activations.size() != names.size()) {
    throw Error("there are ", roles.activations.size(), " --activations, and ", file, " has ", names.size(), " layers");
  }
  for (std::size_t l = 0; l < names.size(); ++l) mlp.layers[l].activation = roles.activations[l];
  check(mlp, file);
  return mlp;
}

std::vector<std::string> layer_names(const Mlp& mlp, const std::vector<std::string>& layers) {
  if (!layers.empty() && layers.size() != mlp.layers.size()) {
    throw Error("--layers has ", layers.size(), " names, and the network has ", mlp.layers.size(), " layers");
  }
  if (std::set<std::string>(layers.begin(), layers.end()).size() != layers.size()) throw Error("--layers has a name twice");
  if (!layers.empty()) return layers;
  std::vector<std::string> names;
  int module = 0;
  for (const DenseLayer& layer : mlp.layers) {
    names.push_back(std::to_string(module));
    module += layer.activation == "identity" ? 1 : 2;
  }
  return names;
}

Tensors tensors_of(const Mlp& mlp, const std::vector<std::string>& layers) {
  const std::vector<std::string> names = layer_names(mlp, layers);
  Tensors tensors;
  for (std::size_t l = 0; l < names.size(); ++l) {
    const DenseLayer& layer = mlp.layers[l];
    const std::size_t inputs = static_cast<std::size_t>(layer.inputs), outputs = static_cast<std::size_t>(layer.outputs);
    const std::string weight = names[l] + std::string(Weight), bias = names[l] + std::string(Bias);
    tensors[weight] = Array{weight, {outputs, inputs}, transposed(layer.weights, inputs, outputs)};
    tensors[bias] = Array{bias, {outputs}, layer.bias};
  }
  const Normalisation& normalisation = mlp.normalisation;
  if (!normalisation.offset.empty()) {
    tensors[Offset] = Array{Offset, {normalisation.offset.size()}, normalisation.offset};
    tensors[Scale] = Array{Scale, {normalisation.scale.size()}, normalisation.scale};
  }
  return tensors;
}

}  // namespace insitu::desktop
