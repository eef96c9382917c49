/// Trainer<Network, Loss, Optimizer, Batch<N>>: trains parameters in the caller's memory; itself the memory of activations and of the optimizer.
#pragma once

#include "clip_norm.h"
#include "four_samples.h"
#include "loss.h"

namespace insitu {

/// The most samples of one step.
template <int N>
struct Batch {
  static_assert(N > 0, "insitu: a batch holds at least one sample: write Batch<1> or more");
  static constexpr int size = N;
};

/// An aggregate: Trainer<...> trainer{.optimizer = {.learning_rate = 0.05f}}. What is not named starts at zero, as it must: the optimizer's slots.
///
/// `samples` (at least 1, at most the batch's size) trains on the first rows of a batch, with their own mean: a last, partial batch is the smaller batch.
/// Targets are a Matrix [Batch x outputs], or for CrossEntropy also class indices, Vector<Batch, int>.
/// Networks with Frozen or BiasOnly layers take two parameter blocks: what training changes, and the factory's, which may lie in flash.
template <class Net, class LossType, class Optimizer, class BatchSize>
struct Trainer {
  using Network = Net;
  using Loss = LossType;
  using Inputs = Matrix<BatchSize::size, Net::inputs>;
  using Inner = typename Unclipped<Optimizer>::type;
  static constexpr int batch = BatchSize::size;
  static constexpr bool clips = Unclipped<Optimizer>::clips;
  static constexpr bool is_sgd = std::is_same_v<Inner, Sgd>;
  struct NoState {};
  struct NoScaled {};
  template <class T>
  struct Slots {
    T slot[Inner::slots > 0 ? Inner::slots : 1];
  };

  using OutputActivation = typename Net::template Layer<Net::depth - 1>::Activation;
  template <class Targets>
  static constexpr bool in_registers =
      std::is_same_v<Optimizer, Sgd>&& batch == 4 &&
      fits_four_samples<Net, Loss>() && std::is_convertible_v<const Targets&, const Matrix<batch, Net::outputs>&>;

  // What the update reads over and over is first: in an aligned trainer it is aligned then. 12288-64-1 at batch 10: 309 us four bytes off, 288 aligned (floor 268).
  [[no_unique_address]] std::conditional_t<is_sgd, Matrix<batch, Net::widest>, NoScaled> scaled = {};  ///< -learning_rate dz of one layer
  Backpropagation<Net, Loss, batch, float, clips> pass = {};
  [[no_unique_address]] std::conditional_t<(Inner::slots > 0), Slots<Trained<Net>>, NoState> state =
      {};  ///< one Trained block for each slot, e.g. the velocity
  Optimizer optimizer;
  [[no_unique_address]] Loss loss = {};

  /// One step of the optimizer on the mean loss of the batch. Returns that loss, as it was before the update.
  template <class P, class X, class Targets>
  float step(P& trained, const Parameters<Net>& factory, const X& inputs, const Targets& targets, int samples = batch) {
    static_assert(fit<P, X, Targets>());
    if constexpr (in_registers<Targets>) {
      if (samples == batch) return FourSamples<Net, Loss>::step(trained, loss, optimizer, inputs, targets);
    }
    const float mean_loss = pass.forward(trained, factory, loss, inputs, targets, samples);
    learn(trained, factory, inputs, samples);
    return mean_loss;
  }
  template <class P, class X, class Targets>
  float step(P& parameters, const X& inputs, const Targets& targets, int samples = batch) {
    static_assert(fit_whole<P, X, Targets>());
    if constexpr (Net::all_trained) return step(parameters, parameters, inputs, targets, samples);
  }

  /// The second half of a step, after evaluate with the same arguments: backward and the optimizer. With Measure it returns |g|^2, g the gradient before it is
  /// clipped; otherwise zero.
  template <bool Measure = false, class P>
  INSITU_INLINE float learn(P& trained, const Parameters<Net>& factory, const Inputs& inputs, int samples) {
    unclipped(optimizer).begin_step();
    float squared = 0.0f;
    if constexpr (clips) {
      pass.backward(trained, factory, inputs, samples, NoSink{});
      squared = clip(trained, inputs, samples);
      with_sink(trained, [&](auto&& sink) INSITU_INLINE_LAMBDA {
        for_trained_layers([&](auto layer) INSITU_INLINE_LAMBDA { pass.template send_layer<layer>(trained, inputs, samples, sink); });
      });
    } else {
      with_sink(trained, [&](auto&& sink) INSITU_INLINE_LAMBDA {
        if constexpr (Measure) {
          MeasuringSink<Net, batch, std::remove_reference_t<decltype(sink)>, decltype(pass)> measuring{sink, pass, inputs};
          pass.backward(trained, factory, inputs, samples, measuring);
          squared = measuring.norm.squared;
        } else {
          pass.backward(trained, factory, inputs, samples, sink);
        }
      });
    }
    return squared;
  }

  /// The gradient of the mean loss of the batch with respect to what training changes; nothing is updated. Returns the loss.
  template <class P, class X, class Targets, class G>
  float gradient(const P& trained, const Parameters<Net>& factory, const X& inputs, const Targets& targets, G& gradient,
                 int samples = batch) {
    static_assert(fit<P, X, Targets>());
    static_assert(std::is_convertible_v<G&, Trained<Net>&>,
                  "insitu: the gradient has the shape of what is trained: write Trained<Network>");
    const float mean_loss = pass.forward(trained, factory, loss, inputs, targets, samples);
    static_cast<Trained<Net>&>(gradient) = {};
    pass.backward(trained, factory, inputs, samples, GradientSink<Net, batch, float>{gradient});
    return mean_loss;
  }
  template <class P, class X, class Targets, class G>
  requires(!std::is_convertible_v<G, int>) float gradient(const P& parameters, const X& inputs, const Targets& targets, G& result,
                                                          int samples = batch) {
    static_assert(fit_whole<P, X, Targets>());
    if constexpr (Net::all_trained) return gradient(parameters, parameters, inputs, targets, result, samples);
  }

  /// One step of the optimizer with a gradient of the caller's.
  void apply(Trained<Net>& trained, const Trained<Net>& gradient) {
    constexpr int Count = float_count<Trained<Net>>;
    float* w = reinterpret_cast<float*>(&trained);
    const float* g = reinterpret_cast<const float*>(&gradient);
    float* slots = nullptr;
    if constexpr (Inner::slots > 0) slots = reinterpret_cast<float*>(&state);
    unclipped(optimizer).begin_step();
    if constexpr (clips) {
      const float factor = clip_factor(dot(g, g, Count), optimizer.max_norm);
      for_lanes(Count, [&]<class V>(int k) INSITU_INLINE_LAMBDA {
        V s[Inner::slots > 0 ? Inner::slots : 1];
        unroll<Inner::slots>([&](auto i) INSITU_INLINE_LAMBDA { s[i] = V::load(slots + i * Count + k); });
        unclipped(optimizer).update(V::load(w + k), V::broadcast(factor) * V::load(g + k), s).store(w + k);
        unroll<Inner::slots>([&](auto i) INSITU_INLINE_LAMBDA { s[i].store(slots + i * Count + k); });
      });
    } else {
      update(optimizer, w, g, slots, Count, Count);
    }
  }

  /// The mean loss of the batch; nothing is updated.
  template <class P, class X, class Targets>
  float evaluate(const P& trained, const Parameters<Net>& factory, const X& inputs, const Targets& targets, int samples = batch) {
    static_assert(fit<P, X, Targets>());
    return pass.forward(trained, factory, loss, inputs, targets, samples);
  }
  template <class P, class X, class Targets>
  float evaluate(const P& parameters, const X& inputs, const Targets& targets, int samples = batch) {
    static_assert(fit_whole<P, X, Targets>());
    if constexpr (Net::all_trained) return evaluate(parameters, parameters, inputs, targets, samples);
  }

  /// f(sink): what this optimizer does with a gradient where the backward pass has it (sinks.h).
  template <class F>
  INSITU_INLINE void with_sink(Trained<Net>& trained, F&& f) {
    if constexpr (is_sgd) {
      f(SgdSink<Net, batch>{trained, unclipped(optimizer), scaled});
    } else {
      float* slots = nullptr;
      if constexpr (Inner::slots > 0) slots = reinterpret_cast<float*>(&state);
      f(OptimizerSink<Net, batch, Inner>{trained, unclipped(optimizer), slots});
    }
  }

 private:
  template <class, class>
  friend class OnlineTrainer;  // says the same of its arguments

  /// Says in one sentence which argument of step, gradient or evaluate has the wrong shape.
  template <class P, class X, class Targets>
  static constexpr bool fit() {
    static_assert(
        std::is_convertible_v<const P&, const Trained<Net>&>,
        "insitu: these parameters are of another network: write Trained<Network>, or Parameters<Network> where nothing is frozen");
    static_assert(std::is_convertible_v<const X&, const Inputs&>,
                  "insitu: these inputs have another shape than the trainer's: write Matrix<batch, inputs of the network>");
    static_assert(
        (std::is_convertible_v<const Targets&, const Matrix<batch, Net::outputs>&> ||
         std::is_convertible_v<const Targets&, const Vector<batch, int>&>)&&requires(const Loss& l, Matrix<batch, Net::outputs>& z,
                                                                                     const Targets& t) {
          l.template evaluate<OutputActivation>(z, t, 1);
        },
        "insitu: these targets do not fit: write Matrix<batch, outputs of the network>, or for CrossEntropy class indices, Vector<batch, "
        "int>");
    return true;
  }
  /// The same where one block of parameters is given for both.
  template <class P, class X, class Targets>
  static constexpr bool fit_whole() {
    static_assert(
        Net::all_trained,
        "insitu: parts of this network are frozen: write step(trained, factory, inputs, targets), and so for gradient and evaluate");
    if constexpr (Net::all_trained) return fit<P, X, Targets>();
    return true;
  }

  /// f(integral_constant<int, I>) for each layer from the last to the lowest trained.
  template <class F>
  INSITU_INLINE static void for_trained_layers(F&& f) {
    unroll<Net::depth - Net::first_trained>([&](auto k) INSITU_INLINE_LAMBDA { f(std::integral_constant<int, Net::depth - 1 - k>{}); });
  }

  /// Scales all deltas so that the gradient's norm is at most max_norm; returns the square of what it was.
  INSITU_INLINE float clip(const Trained<Net>& trained, const Inputs& inputs, int samples) {
    NormSink<batch> norm;
    for_trained_layers([&](auto layer) INSITU_INLINE_LAMBDA { pass.template send_layer<layer>(trained, inputs, samples, norm); });
    const float factor = clip_factor(norm.squared, optimizer.max_norm);
    for_trained_layers([&](auto layer) INSITU_INLINE_LAMBDA {
      auto& dz = pass.template delta<layer>();
      scale(factor, dz.data, dz.data, samples * std::remove_reference_t<decltype(dz)>::cols);
    });
    return norm.squared;
  }
};

}  // namespace insitu
