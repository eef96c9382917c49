#include "architecture.h"

#include <utility>

#include "../error.h"

namespace insitu::desktop::doctor {
namespace {

template <class T>
using Names = std::vector<std::pair<const char*, T>>;

// The first name of each is the one that is written.
const Names<Activation> Activations = {{"identity", Activation::Identity},    {"relu", Activation::Relu},
                                       {"leaky_relu", Activation::LeakyRelu}, {"tanh", Activation::Tanh},
                                       {"sigmoid", Activation::Sigmoid},      {"softmax", Activation::Softmax},
                                       {"linear", Activation::Identity},      {"none", Activation::Identity}};
const Names<LossKind> Losses = {{"mean_squared_error", LossKind::SquaredError},
                                {"half_squared_error", LossKind::HalfSquaredError},
                                {"huber", LossKind::Huber},
                                {"binary_cross_entropy", LossKind::BinaryCrossEntropy},
                                {"cross_entropy", LossKind::CrossEntropy},
                                {"mse", LossKind::SquaredError},
                                {"bce", LossKind::BinaryCrossEntropy},
                                {"ce", LossKind::CrossEntropy}};
const Names<Mean> Means = {{"batch", Mean::Batch}, {"batch_and_outputs", Mean::BatchAndOutputs}, {"none", Mean::None}};

template <class T>
const char* name_of(const Names<T>& names, T value) {
  for (const auto& [name, one] : names) {
    if (one == value) return name;
  }
  return "";
}

template <class T>
T find(const Names<T>& names, const std::string& name, const char* what) {
  std::string list;
  for (const auto& [known, value] : names) {
    if (name == known) return value;
    list += (list.empty() ? "" : ", ") + std::string(known);
  }
  throw Error("'", name.substr(0, 40), "' is no ", what, " that is known: ", list);
}

}  // namespace

const char* name(Activation activation) { return name_of(Activations, activation); }
const char* name(LossKind loss) { return name_of(Losses, loss); }
const char* name(Mean mean) { return name_of(Means, mean); }
Activation find_activation(const std::string& name) { return find(Activations, name, "activation"); }
LossKind find_loss(const std::string& name) { return find(Losses, name, "loss"); }
Mean find_mean(const std::string& name) { return find(Means, name, "mean"); }

Mean usual_mean(LossKind loss) {
  return loss == LossKind::CrossEntropy || loss == LossKind::HalfSquaredError ? Mean::Batch : Mean::BatchAndOutputs;
}

void check(const Architecture& network) {
  if (network.dims.size() < 2) throw Error("a network has at least an input and one layer: two sizes, such as 4,1");
  if (network.activations.size() != network.dims.size())
    throw Error("a network of ", network.layers(), " layers has ", network.layers(), " activations");
  for (const std::size_t size : network.dims) {
    if (size == 0) throw Error("a layer has at least one unit, and one of these has none");
  }
  for (std::size_t l = 1; l < network.layers(); ++l) {
    if (network.activations[l] == Activation::Softmax) throw Error("softmax belongs in the last layer, and layer ", l, " has it");
  }
  const Activation out = network.activations.back();
  const bool logits = out == Activation::Identity;
  const LossKind loss = network.loss;
  const bool fits = loss == LossKind::CrossEntropy         ? out == Activation::Softmax || logits
                    : loss == LossKind::BinaryCrossEntropy ? out == Activation::Sigmoid || logits
                                                           : out != Activation::Softmax;
  if (!fits) throw Error("the loss ", name(loss), " does not take an output of ", name(out));
  if (!(network.huber_delta > 0)) throw Error("the delta of the huber loss is above zero");
}

}  // namespace insitu::desktop::doctor
