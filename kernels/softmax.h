/// The softmax of each row, in place.
#pragma once

#include "math.h"
#include "order.h"
#include "tensor.h"

namespace insitu {

/// The sum of x[0..N) by BackwardSums interleaved sums.
template <int N>
INSITU_INLINE float sum(const float* x) {
  constexpr int Count = N < BackwardSums ? N : BackwardSums;
  Array<Scalar, Count> s;
  unroll<Count>([&](auto k) INSITU_INLINE_LAMBDA { s[k] = x[k]; });
  for (int j = BackwardSums; j < N; j += BackwardSums) {
    unroll<Count>([&](auto k) INSITU_INLINE_LAMBDA {
      if (j + k < N) s[k] = s[k] + Scalar(x[j + k]);
    });
  }
  return tree_sum<BackwardSums>(s).value;
}

/// The largest of x[0..N).
template <int N>
INSITU_INLINE float maximum(const float* x) {
  Scalar m = x[0];
  for (int j = 1; j < N; ++j) m = max(m, Scalar(x[j]));
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
