/// The softmax of each row, in place.
#pragma once

#include <type_traits>

#include "math.h"
#include "order.h"
#include "tensor.h"

namespace insitu {

/// The sum of x[0..N) by BackwardSums interleaved sums.
template <int N>
INSITU_INLINE float sum(const float* x) {
  constexpr int Count = N < BackwardSums ? N : BackwardSums, Whole = N / BackwardSums * BackwardSums;
  float s[BackwardSums] = {};
  if constexpr (Whole > 0) {
    using V = std::conditional_t<(Vec::lanes > BackwardSums), typename Vec::Narrower, Vec>;
    constexpr int Vectors = BackwardSums / V::lanes;
    Array<V, Vectors> acc;
    unroll<Vectors>([&](auto k) INSITU_INLINE_LAMBDA { acc[k] = V::load(x + k * V::lanes); });
    for (int j = BackwardSums; j < Whole; j += BackwardSums) {
      unroll<Vectors>([&](auto k) INSITU_INLINE_LAMBDA { acc[k] = acc[k] + V::load(x + j + k * V::lanes); });
    }
    if constexpr (Whole == N) return tree_sum_lanes<Vectors>(acc);
    unroll<Vectors>([&](auto k) INSITU_INLINE_LAMBDA { acc[k].store(s + k * V::lanes); });
  }
  Array<Scalar, Count> t;
  unroll<Count>([&](auto k) INSITU_INLINE_LAMBDA {
    if constexpr (k < N - Whole)
      t[k] = Whole > 0 ? Scalar(s[k]) + Scalar(x[Whole + k]) : Scalar(x[k]);
    else
      t[k] = s[k];
  });
  return tree_sum<BackwardSums>(t).value;
}

/// The largest of x[0..N). (Which of two equal numbers, or of NaN and others, does not matter to what is made of it.)
template <int N>
INSITU_INLINE float maximum(const float* x) {
  Scalar m = x[0];
  if constexpr (Vec::lanes > 1 && N >= 2 * Vec::lanes) {
    Vec most = Vec::load(x);
    for (int j = Vec::lanes; j + Vec::lanes <= N; j += Vec::lanes) most = max(most, Vec::load(x + j));
    float lanes[Vec::lanes];
    most.store(lanes);
    for (float lane : lanes) m = max(m, Scalar(lane));
    for (int j = N / Vec::lanes * Vec::lanes; j < N; ++j) m = max(m, Scalar(x[j]));
  } else {
    for (int j = 1; j < N; ++j) m = max(m, Scalar(x[j]));
  }
  return m.value;
}

/// z becomes its softmax; the largest z and the sum of e^(z - largest), of which it was made, are kept for the loss.
struct Normaliser {
  float largest, total;
};
template <int Out>
INSITU_INLINE Normaliser softmax_row(float* z) {
  const float largest = maximum<Out>(z);
  for_lanes<Out>([&]<class V>(int j) INSITU_INLINE_LAMBDA { exp(V::load(z + j) - V::broadcast(largest)).store(z + j); });
  const float total = sum<Out>(z);
  for_lanes<Out>([&]<class V>(int j) INSITU_INLINE_LAMBDA { (V::load(z + j) / V::broadcast(total)).store(z + j); });
  return {largest, total};
}

/// z[s][j] = e^(z[s][j] - max) / sum_k e^(z[s][k] - max) for the samples s < rows. z [Batch x Out]. Finite for every finite z.
template <int Batch, int Out>
INSITU_INLINE void softmax(Matrix<Batch, Out>& z, int rows = Batch) {
  for (int s = 0; s < rows; ++s) softmax_row<Out>(z.row(s));
}

/// The cross-entropy of one sample, -sum_j t_j ln p_j with p = softmax(z), as sum_j t_j (ln total - (z_j - largest)): finite where p_j is 0. z becomes p.
template <int Out>
INSITU_INLINE float softmax_cross_entropy(float* z, const float* t) {
  Array<float, Out> logits;
  for (int j = 0; j < Out; ++j) logits[j] = z[j];
  const Normaliser n = softmax_row<Out>(z);
  const float log_total = log(Scalar(n.total)).value;
  float loss = 0.0f;
  for (int j = 0; j < Out; ++j) loss = fma(t[j], log_total - (logits[j] - n.largest), loss);
  return loss;
}

}  // namespace insitu
