/// Dot products, by BackwardSums interleaved sums and their tree (order.h).
#pragma once

#include <type_traits>

#include "order.h"

namespace insitu {

/// What is left of a dot product of N terms after the whole vectors in acc: the last N % BackwardSums terms, from x and w on, then the tree.
template <int N, int Vectors, class V>
INSITU_INLINE float dot_rest(const Array<V, Vectors>& acc, const float* x, const float* w) {
  Array<float, BackwardSums> s;
  unroll<Vectors>([&](auto k) INSITU_INLINE_LAMBDA { acc[k].store(s + k * V::lanes); });
  unroll<N % BackwardSums>([&](auto k) INSITU_INLINE_LAMBDA { s[k] = fma(w[k], x[k], s[k]); });
  Array<Scalar, BackwardSums> t;
  unroll<BackwardSums>([&](auto k) INSITU_INLINE_LAMBDA { t[k] = s[k]; });
  return tree_sum<BackwardSums>(t).value;
}

/// sum_j x[j] w[j], j < N, in as few vectors as hold the sums.
template <int N>
INSITU_INLINE float dot(const float* x, const float* w) {
  constexpr int Whole = N / BackwardSums * BackwardSums;
  if constexpr (Whole > 0) {
    using V = std::conditional_t<(Vec::lanes > BackwardSums), typename Vec::Narrower, Vec>;
    constexpr int Vectors = BackwardSums / V::lanes;
    Array<V, Vectors> acc;
    unroll<Vectors>([&](auto k) INSITU_INLINE_LAMBDA { acc[k] = V::broadcast(0.0f); });
    for (int j = 0; j < Whole; j += BackwardSums) {
      unroll<Vectors>([&](auto k)
                          INSITU_INLINE_LAMBDA { acc[k] = fma(V::load(w + j + k * V::lanes), V::load(x + j + k * V::lanes), acc[k]); });
    }
    if constexpr (Whole == N) return tree_sum_lanes<Vectors>(acc);
    return dot_rest<N, Vectors>(acc, x + Whole, w + Whole);
  } else {
    Array<Scalar, N> t;
    unroll<N>([&](auto k) INSITU_INLINE_LAMBDA { t[k] = fma(w[k], x[k], 0.0f); });
    return tree_sum<BackwardSums>(t).value;
  }
}

/// The same for a length known at run time; all BackwardSums sums exist.
INSITU_INLINE float dot(const float* x, const float* w, int n) {
  float s[BackwardSums] = {};
  int j = 0;
  for (; j + BackwardSums <= n; j += BackwardSums) {
    for_lanes<BackwardSums>([&]<class V>(int k)
                                INSITU_INLINE_LAMBDA { fma(V::load(w + j + k), V::load(x + j + k), V::load(s + k)).store(s + k); });
  }
  for (int k = 0; j + k < n; ++k) s[k] = fma(w[j + k], x[j + k], s[k]);
  Scalar t[BackwardSums];
  unroll<BackwardSums>([&](auto k) INSITU_INLINE_LAMBDA { t[k] = s[k]; });
  return tree_sum<BackwardSums>(t).value;
}

}  // namespace insitu
