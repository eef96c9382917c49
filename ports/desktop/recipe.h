/// Recipe: the parts of a Trainer type, and the trainer that the command line makes of them.
#pragma once

#include <cstddef>
#include <type_traits>

#include "model/insitu.h"
#include "task.h"

namespace insitu::desktop {

/// A network whose layers are all trained: the desktop starts from random weights, so that freezing, which the device does, has no place here.
template <class Net>
struct Thawed;
template <class... Layers>
struct Thawed<Network<Layers...>> {
  using type = Network<typename Part<Layers>::Whole...>;
};

/// CrossEntropy with a weight for each class: with weights of 1 the same bits as without.
template <class Net, class Loss>
struct WithWeights {
  using type = Loss;
};
template <class Net>
struct WithWeights<Net, CrossEntropy> {
  using type = WeightedCrossEntropy<Net::outputs>;
};

template <class Loss>
inline constexpr bool has_class_weights = false;
template <int Classes>
inline constexpr bool has_class_weights<WeightedCrossEntropy<Classes>> = true;

template <class Training>
struct Recipe;
template <class Net, class LossType, class Optimizer, int B>
struct Recipe<Trainer<Net, LossType, Optimizer, Batch<B>>> {
  using Network = typename Thawed<Net>::type;
  using Loss = typename WithWeights<Network, LossType>::type;
  using Inner = typename Unclipped<Optimizer>::type;
  using Plain = Trainer<Network, Loss, Inner, Batch<B>>;
  using Clipped = Trainer<Network, Loss, ClipNorm<Inner>, Batch<B>>;
  using Output = typename Network::template Layer<Network::depth - 1>::Activation;

  static constexpr int batch = B;
  static constexpr const char* loss_name = LossType::name;
  static constexpr bool thawed = !std::is_same_v<Net, Network>;
  static constexpr bool always_clips = Unclipped<Optimizer>::clips;
  /// What the targets are: of a softmax or a cross-entropy, classes; of a sigmoid or a binary cross-entropy, yes or no; otherwise values.
  static constexpr Task task = std::is_same_v<Output, Softmax> || has_class_weights<Loss>                    ? Task::Classes
                               : std::is_same_v<Output, Sigmoid> || std::is_same_v<Loss, BinaryCrossEntropy> ? Task::Binary
                                                                                                             : Task::Values;
  static constexpr Shape shape = {static_cast<std::size_t>(Network::inputs), static_cast<std::size_t>(Network::outputs), task};
  /// Whether the network gives logits, which become probabilities only in the loss.
  static constexpr bool logits = std::is_same_v<Output, Identity> && task != Task::Values;
};

/// The loss for an output activation where the user names none.
template <class Output>
using LossFor = std::conditional_t<std::is_same_v<Output, Softmax>, CrossEntropy,
                                   std::conditional_t<std::is_same_v<Output, Sigmoid>, BinaryCrossEntropy, MeanSquaredError>>;

/// The trainer where the user declares none: `using Training = StandardTrainer<Model, Momentum, 32>`.
template <class Net, class Optimizer, int B>
using StandardTrainer = Trainer<Net, LossFor<typename Net::template Layer<Net::depth - 1>::Activation>, Optimizer, Batch<B>>;

}  // namespace insitu::desktop
