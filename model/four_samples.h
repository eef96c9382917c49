/// The whole step of a very small network on a batch of four: samples in lanes, everything in registers.
///
/// XOR's network has 13 weights: by the passes of backpropagation.h it moves them and its activations through memory in pieces of 2 and 3 numbers. Here unit j of all
/// four samples is one vector. The bits are the same. XOR on Zen 3: 114 -> 92 ns a step.
#pragma once

#include "sinks.h"

namespace insitu {

/// Whether it fits: where there are vectors of four, for dense layers of at most 8 inputs and outputs, the last with one output, all trained.
template <class Net, class Loss, class V = Vec4>
constexpr bool fits_four_samples() {
#if defined(__OPTIMIZE_SIZE__)
  return false;
#else
  if constexpr (std::is_void_v<V> || !Net::all_trained || Net::inputs > 8 || Net::widest > 8 || Net::outputs != 1) {
    return false;
  } else {
    return requires(const Loss& loss, V v) { loss.value(v, v); }
    &&[]<int... I>(std::integer_sequence<int, I...>) { return (is_dense<typename Net::template Layer<I>> && ...); }
    (std::make_integer_sequence<int, Net::depth>{});
  }
#endif
}

template <class Net, class Loss, class V = Vec4>
struct FourSamples {
  /// One step of SGD. Returns the mean loss before it.
  INSITU_INLINE static float step(Parameters<Net>& p, const Loss& loss, const Sgd& optimizer, const Matrix<4, Net::inputs>& x,
                                  const Matrix<4, 1>& t) {
    Array<V, Net::inputs> columns;
    unroll<Net::inputs>([&](auto i) INSITU_INLINE_LAMBDA {
      const Array<float, 4> column = {x(0, i), x(1, i), x(2, i), x(3, i)};
      columns[i] = V::load(column);
    });
    return layer<0>(p, loss, -optimizer.learning_rate, t, columns, columns);
  }

 private:
  /// Forward, the layers above, backward, update. x and dx: one vector for each input of the layer; dx is written but for the first layer.
  template <int I, std::size_t In>
  INSITU_INLINE static float layer(Parameters<Net>& p, const Loss& loss, float rate, const Matrix<4, 1>& t, const V (&x)[In], V (&dx)[In]) {
    using L = typename Net::template Layer<I>;
    using Act = typename L::Activation;
    constexpr int Inputs = L::inputs, Out = L::outputs, Sums = partial_sums(Out), Used = Inputs < Sums ? Inputs : Sums;
    auto& W = get<I>(p).weights;
    auto& b = get<I>(p).bias;
    Array<V, Out> a, dz;
    unroll<Out>([&](auto j) INSITU_INLINE_LAMBDA {
      Array<V, Used> acc;
      unroll<Used>([&](auto k) INSITU_INLINE_LAMBDA { acc[k] = V::broadcast(k == 0 ? b[j] : 0.0f); });
      unroll<Inputs>([&](auto i) INSITU_INLINE_LAMBDA { acc[i % Used] = fma(x[i], V::broadcast(W(i, j)), acc[i % Used]); });
      a[j] = tree_sum<Sums>(acc);
    });
    float mean_loss;
    if constexpr (I + 1 == Net::depth) {
      Matrix<4, 1> z;
      a[0].store(z.data);
      mean_loss = loss.template evaluate<Act>(z, t, 4);
      dz[0] = V::load(z.data);
    } else {
      Array<V, Out> da;
      unroll<Out>([&](auto j) INSITU_INLINE_LAMBDA { a[j] = Act::forward(a[j]); });
      mean_loss = layer<I + 1>(p, loss, rate, t, a, da);
      unroll<Out>([&](auto j) INSITU_INLINE_LAMBDA { dz[j] = delta(Act::backward(a[j], da[j])); });
    }
    if constexpr (I > 0) {
      constexpr int Count = Out < BackwardSums ? Out : BackwardSums;
      unroll<Inputs>([&](auto i) INSITU_INLINE_LAMBDA {
        Array<V, Count> acc;
        unroll<Count>([&](auto k) INSITU_INLINE_LAMBDA { acc[k] = V::broadcast(0.0f); });
        unroll<Out>([&](auto j) INSITU_INLINE_LAMBDA { acc[j % Count] = fma(V::broadcast(W(i, j)), dz[j], acc[j % Count]); });
        dx[i] = tree_sum<BackwardSums>(acc);
      });
    }
    update(x, dz, rate, W, b);
    return mean_loss;
  }

  /// W[i][j] takes x[s][i] (rate dz[s][j]) of each sample in order, b[j] rate dz[s][j]: numbers side by side in memory are lanes of one vector.
  template <std::size_t In, std::size_t Outputs, int Inputs, int Out>
  INSITU_INLINE static void update(const V (&x)[In], const V (&dz)[Outputs], float rate, Matrix<Inputs, Out>& W, Vector<Out>& b) {
    for_fours<Out>([&]<int N>(auto j) INSITU_INLINE_LAMBDA {
      Array<V, 4> d;
      turn<N>(dz + j, d);
      add<N>(
          b.data + j, [&](auto) INSITU_INLINE_LAMBDA { return V::broadcast(rate); }, d);
      unroll<4>([&](auto s) INSITU_INLINE_LAMBDA { d[s] = V::broadcast(rate) * d[s]; });
      if constexpr (Out > 1) {
        unroll<Inputs>([&](auto i) INSITU_INLINE_LAMBDA {
          Array<float, 4> xi;
          x[i].store(xi);
          add<N>(
              W.data + i * Out + j, [&](auto s) INSITU_INLINE_LAMBDA { return V::broadcast(xi[s]); }, d);
        });
      }
    });
    if constexpr (Out == 1) {
      Array<float, 4> d;
      (V::broadcast(rate) * dz[0]).store(d);
      for_fours<Inputs>([&]<int N>(auto i) INSITU_INLINE_LAMBDA {
        Array<V, 4> xs;
        turn<N>(x + i, xs);
        add<N>(
            W.data + i, [&](auto s) INSITU_INLINE_LAMBDA { return V::broadcast(d[s]); }, xs);
      });
    }
  }

  /// w[k] = fma(a(s), d[s][k], w[k]) for the samples in order, k < N.
  template <int N, class A>
  INSITU_INLINE static void add(float* w, A&& a, const V (&d)[4]) {
    V sum{V::template First<N>::load(w)};
    unroll<4>([&](auto s) INSITU_INLINE_LAMBDA { sum = fma(a(s), d[s], sum); });
    typename V::template First<N>(sum).store(w);
  }
  /// N vectors over samples become four vectors over units.
  template <int N>
  INSITU_INLINE static void turn(const V* units, V (&samples)[4]) {
    unroll<4>([&](auto k) INSITU_INLINE_LAMBDA { samples[k] = k < N ? units[k < N ? k : 0] : V::broadcast(0.0f); });
    transpose(samples[0], samples[1], samples[2], samples[3]);
  }
  /// f.operator()<numbers>(first) for [0, N) in fours and what is left.
  template <int N, class F>
  INSITU_INLINE static void for_fours(F&& f) {
    unroll<(N + 3) / 4>(
        [&](auto k) INSITU_INLINE_LAMBDA { f.template operator()<(N - 4 * k < 4 ? N - 4 * k : 4)>(std::integral_constant<int, 4 * k>{}); });
  }
};

}  // namespace insitu
