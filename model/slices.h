/// Slices<Training>: a step of a Trainer as units of bounded work; where it stands between two of them. SlicedTrainer and SafeSlicedTrainer are made of it.
#pragma once

#include "slice_units.h"
#include "trainer.h"

namespace insitu {

/// What a slice came to.
enum class Progress {
  Working,    ///< the step goes on with the next slice
  LossKnown,  ///< the forward pass is done, nothing has been updated: `loss` may be judged, and the step cancelled
  Done,       ///< the step is done
};

/// A step is a sequence of units: some rows of one layer's W for one sample going forward, a layer's activation, the loss, some rows of W for all samples going
/// back. The optimizer's own step begins with the first unit after the loss: one that is cancelled there has changed nothing.
/// Memory: the partial sums of one sample and one layer, and two activations of one sample where layers below the trained ones are frozen.
template <class Training>
struct Slices {
  using Net = typename Training::Network;
  using Network = Net;
  using Inputs = typename Training::Inputs;
  using Units = SliceUnits<Net, Training::batch>;
  static constexpr int batch = Training::batch, depth = Net::depth, first = Net::first_trained;
  static_assert(!Training::clips,
                "insitu: the norm for clipping needs the whole gradient before the first update: slice a trainer without ClipNorm");
  static_assert(
      []<int... I>(std::integer_sequence<int, I...>) {
        return (is_dense<typename Net::template Whole<I>> && ...);
      }(std::make_integer_sequence<int, depth>{}),
      "insitu: a layer of your own cannot be cut into rows: slice networks of Dense layers");

  float loss = 0.0f;

  enum class Phase : unsigned char { Idle, Forward, Activate, Loss, Begin, Backward, Bias } phase = Phase::Idle;
  int samples = 0, sample = 0, layer = 0, row = 0;
  Array<float, Units::sums> sums = {};
  struct Nothing {};
  struct Turns {
    Array<float, Net::widest> turn[2];
  };
  [[no_unique_address]] std::conditional_t<(first > 1), Turns, Nothing> turns = {};

  void begin(int count) {
    samples = count;
    sample = layer = row = 0;
    phase = Phase::Forward;
  }
  void cancel() { phase = Phase::Idle; }
  bool idle() const { return phase == Phase::Idle; }

  /// Whether the next unit is the first of the step.
  bool fresh() const { return phase == Phase::Forward && sample + layer + row == 0; }

  /// Units worth at most `budget` multiply-adds, at least one. Always returns at LossKnown, before anything is updated, and at Done.
  template <class P, class Targets>
  Progress run(Training& trainer, P& trained, const Parameters<Net>& factory, const Inputs& inputs, const Targets& targets, long budget) {
    do {
      if (phase == Phase::Idle) return Progress::Done;
      const Phase before = phase;
      budget -= unit(trainer, trained, factory, inputs, targets);
      if (before == Phase::Loss) return Progress::LossKnown;
      if (phase == Phase::Idle) return Progress::Done;
    } while (budget >= next_cost());
    return Progress::Working;
  }

  /// Multiply-adds of the largest unit: a budget below does one unit all the same.
  static constexpr long largest_unit = Units::largest;

 private:
  template <int I>
  static constexpr int ins = Net::template Layer<I>::inputs;
  template <int I>
  static constexpr int outs = Net::template Layer<I>::outputs;

  /// f(integral_constant<int, layer>).
  template <int I = 0, class F>
  auto at_layer(F&& f) {
    if constexpr (I + 1 < depth) {
      if (layer != I) return at_layer<I + 1>(f);
    }
    return f(std::integral_constant<int, I>{});
  }
  long next_cost() {
    return at_layer([&](auto I) -> long {
      switch (phase) {
        case Phase::Forward:
          return static_cast<long>(ins<I> - row < Units::template forward_rows<I> ? ins<I> - row : Units::template forward_rows<I>) *
                 outs<I>;
        case Phase::Activate:
          return outs<I> * Units::Activation;
        case Phase::Loss:
          return static_cast<long>(samples) * outs<I> * Units::Activation;
        case Phase::Backward:
          return static_cast<long>(samples) *
                 (ins<I> - row < Units::template backward_rows<I> ? ins<I> - row : Units::template backward_rows<I>)*outs<I> *
                 (I > first ? 2 : 1);
        default:
          return static_cast<long>(samples) * outs<I>;
      }
    });
  }
  /// Where layer I's activations of the sample at hand are.
  template <int I>
  float* output(Training& trainer) {
    if constexpr (I + 1 < first) {
      return turns.turn[I % 2];
    } else {
      return trainer.pass.template activation<I>().row(sample);
    }
  }
  template <int I>
  const float* given(Training& trainer, const Inputs& inputs) {
    if constexpr (I == 0) {
      return inputs.row(sample);
    } else {
      return output<I - 1>(trainer);
    }
  }

  /// Does the next unit and returns what it cost.
  template <class P, class Targets>
  long unit(Training& trainer, P& parameters, const Parameters<Net>& factory, const Inputs& inputs, const Targets& targets) {
    Trained<Net>& trained = parameters;
    const long cost = next_cost();
    const int rows = samples < batch ? samples : batch;  // more there cannot be, and GCC 12 warns where it is not told
    at_layer([&](auto index) {
      constexpr int I = index;
      using L = Part<typename Net::template Layer<I>>;
      using Act = typename Net::template Layer<I>::Activation;
      const auto& weights = [&]() -> const auto& {
        if constexpr (L::weights) {
          return get<I>(trained).weights;
        } else {
          return get<I>(factory).weights;
        }
      }
      ();
      switch (phase) {
        case Phase::Idle:
          return;
        case Phase::Forward: {
          const int count = ins<I> - row < Units::template forward_rows<I> ? ins<I> - row : Units::template forward_rows<I>;
          if constexpr (L::bias) {
            multiply<I>(given<I>(trainer, inputs), weights, get<I>(trained).bias, count);
          } else {
            multiply<I>(given<I>(trainer, inputs), weights, get<I>(factory).bias, count);
          }
          row += count;
          if (row < ins<I>) return;
          add_up<I>(output<I>(trainer));
          row = 0;
          if (I + 1 < depth && !std::is_same_v<Act, Identity>) {
            phase = Phase::Activate;
          } else {
            next_layer();
          }
          return;
        }
        case Phase::Activate:
          if constexpr (I + 1 < depth) activate<Act>(*reinterpret_cast<Matrix<1, outs<I>>*>(output<I>(trainer)), 1);
          phase = Phase::Forward;
          next_layer();
          return;
        case Phase::Loss:
          loss =
              trainer.loss.template evaluate<typename Training::OutputActivation>(trainer.pass.template delta<depth - 1>(), targets, rows);
          phase = Phase::Begin;
          return;
        case Phase::Begin:
          if (I == depth - 1) trainer.optimizer.begin_step();  // the loss was found good, otherwise the step is cancelled by now
          if constexpr (I >= first && L::bias)
            trainer.with_sink(trained, [&](auto&& sink) { sink.template begin<I>(trainer.pass.template delta<I>(), rows); });
          row = 0;
          phase = Phase::Backward;
          return;
        case Phase::Backward:
          if constexpr (I >= first) {
            const int count = ins<I> - row < Units::template backward_rows<I> ? ins<I> - row : Units::template backward_rows<I>;
            trainer.with_sink(trained, [&](auto&& sink) {
              trainer.pass.template backward_rows<I, Units::template backward_rows<I>>(weights, inputs, row, count, rows, sink);
            });
            row += count;
          }
          if (row >= ins<I>) phase = Phase::Bias;
          return;
        case Phase::Bias:
          if constexpr (I >= first && L::bias)
            trainer.with_sink(trained, [&](auto&& sink) { sink.template bias<I>(trainer.pass.template delta<I>(), rows); });
          layer = I > first ? I - 1 : 0;
          phase = I > first ? Phase::Begin : Phase::Idle;
          return;
      }
    });
    return cost;
  }

  void next_layer() {
    if (++layer < depth) return;
    layer = 0;
    if (++sample < samples) return;
    layer = depth - 1;
    phase = Phase::Loss;
  }

  /// Sum p of output j takes one fma for each of `count` rows i = p, p + Sums, ... from `row` on, a multiple of Sums (order.h).
  template <int I, class W, class B>
  void multiply(const float* x, const W& weights, const B& bias, int count) {
    constexpr int Sums = partial_sums(outs<I>), Out = outs<I>;
    if (row == 0) {
      for (int k = 0; k < Sums * Out; ++k) sums[k] = k < Out ? bias[k] : 0.0f;
    }
    for (int p = 0; p < Sums && p < count; ++p) {
      for_panels<Out, Registers / 2>([&]<class V, int Count>(int j) INSITU_INLINE_LAMBDA {
        float* from = sums + p * Out + j;
        Array<V, Count> acc;
        unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { acc[n] = V::load(from + n * V::lanes); });
        for (int i = row + p; i < row + count; i += Sums) {
          const V xi = V::broadcast(x[i]);
          const float* w = weights.row(i) + j;
          unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { acc[n] = fma(xi, V::load(w + n * V::lanes), acc[n]); });
        }
        unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { acc[n].store(from + n * V::lanes); });
      });
    }
  }
  template <int I>
  void add_up(float* y) {
    constexpr int Sums = partial_sums(outs<I>), Out = outs<I>, Used = ins<I> < Sums ? ins<I> : Sums;
    for_lanes<Out>([&]<class V>(int j) {
      Array<V, Used> t;
      unroll<Used>([&](auto p) { t[p] = V::load(sums + p * Out + j); });
      tree_sum<Sums>(t).store(y + j);
    });
  }
};

}  // namespace insitu
