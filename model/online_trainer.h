/// OnlineTrainer<Network, Loss>: plain SGD, one sample a step, the weights of the lowest trained layer touched once a step.
///
/// Trainer passes over those weights twice: forward, then the update. Here the update of a step waits and is applied by the forward product of the next, in one
/// pass; weights that come from L2 or beyond make that worth up to 1.6x. The parameters have the bits of Trainer<Network, Loss, Sgd, Batch<1>>.
#pragma once

#include "initialize.h"
#include "trainer.h"

namespace insitu {

/// Owns what it trains, since that is behind by one update between two steps: parameters() and predict() apply it first.
///
/// Place it with alignas(Alignment). Memory: Trained<Network>, one copy of the lowest trained layer's inputs, one sample's activations, and the deltas of the widest
/// layer. A copy is a trainer of its own.
template <class Net, class LossType>
class OnlineTrainer {
 public:
  using Loss = LossType;

 private:
  static constexpr int first = Net::first_trained;
  using Lowest = Part<typename Net::template Layer<first>>;
  static_assert(
      is_dense<typename Lowest::Whole> && Lowest::weights,
      "insitu: OnlineTrainer postpones the update of the lowest trained layer's weights: that layer must be a Dense that is trained whole; "
      "for BiasOnly or a layer of your own write Trainer<Network, Loss, Sgd, Batch<1>>");

  using L = typename Lowest::Whole;

  // First, so that an aligned trainer has aligned weights: 784-128-10 takes 12.1 us a step with them 4 bytes off, 9.1 with them aligned.
  Trained<Net> trained_ = {};
  Matrix<1, L::inputs> previous_ = {};  ///< what the pending update multiplies
  Matrix<1, Net::widest> scaled_ = {};  ///< -learning_rate dz of the layer at hand; between steps of the lowest
  Backpropagation<Net, Loss, 1> pass_ = {};
  bool pending_ = false;

 public:
  using Network = Net;
  using Inputs = Matrix<1, Net::inputs>;
  using Outputs = Matrix<1, Net::outputs>;

  Sgd optimizer = {};
  [[no_unique_address]] Loss loss = {};

  /// Goes on from these parameters; what was pending is dropped.
  void set(const Trained<Net>& parameters) {
    trained_ = parameters;
    pending_ = false;
  }
  /// Goes on from random ones, as insitu::initialize(parameters, initial, random) makes them.
  template <class Initial, class Generator>
  void initialize(const Initial& initial, Generator&& random) {
    insitu::initialize(trained_, initial, random);
    pending_ = false;
  }

  /// One step on one sample; a schedule may change `optimizer` between steps. Returns the loss as it was before the update.
  /// inputs [1 x inputs]; targets [1 x outputs], or a class index in Vector<1, int> for CrossEntropy.
  template <class X, class Targets>
  float step(const Parameters<Net>& factory, const X& inputs, const Targets& targets) {
    static_assert(Trainer<Net, Loss, Sgd, Batch<1>>::template fit<Trained<Net>, X, Targets>());
    const auto first_product = [&](const auto& x, auto& z, int) INSITU_INLINE_LAMBDA {
      auto& layer = get<first>(trained_);
      if (pending_) {
        Kernels<float>::ger_gemv<L::inputs, L::outputs>(previous_.data, scaled_.data, x.data, layer.weights.data, layer.bias.data, z.data);
      } else {
        L::forward(layer, x, z, 1);
      }
    };
    const float sample_loss = pass_.forward_from(first_product, trained_, factory, loss, inputs, targets, 1);
    pass_.backward(trained_, factory, inputs, 1, OnlineSink<Net>{{trained_, optimizer, scaled_}});
    previous_ = pass_.template input<first>(inputs);
    pending_ = true;
    return sample_loss;
  }
  template <class X, class Targets>
  float step(const X& inputs, const Targets& targets) {
    static_assert(Trainer<Net, Loss, Sgd, Batch<1>>::template fit_whole<Trained<Net>, X, Targets>());
    if constexpr (Net::all_trained) return step(trained_, inputs, targets);
  }

  /// What training changes, up to date. The reference stays valid, but is behind again after the next step.
  const Trained<Net>& parameters() {
    if (pending_)
      Kernels<float>::ger<1, L::outputs, L::inputs>(previous_.data, L::inputs, scaled_.data, get<first>(trained_).weights.data, 1,
                                                    L::inputs);
    pending_ = false;
    return trained_;
  }

  /// The outputs for one input, with everything applied.
  Outputs predict(const Parameters<Net>& factory, const Inputs& inputs) { return insitu::predict<Net, 1>(parameters(), factory, inputs); }
  Outputs predict(const Inputs& inputs) requires Net::all_trained { return predict(trained_, inputs); }
};

}  // namespace insitu
