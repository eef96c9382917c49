/// The order of floating-point operations: a function of the shapes alone, never of the lanes, the batch, the compiler or the port.
///
/// Every kernel and reference.h follow this page; every checksum of trained parameters depends on it. A multiply-add is one fma.
///
/// - Forward, y = b + x W: y[j] has P = partial_sums(Out) interleaved sums. Sum 0 starts from b[j], the others from zero; sum p takes one fma for each
///   i = p, p + P, p + 2P, ... in order; tree_sum adds them up.
/// - Backward, dx[i] = sum_j dz[j] W[i][j]: BackwardSums interleaved sums from zero, sum k taking j = k, k + 8, ...; tree_sum.
/// - Update: W[i][j] and b[j] take one fma for each sample of the batch, in order.
/// - Sums along an array (softmax): as Backward.
///
/// A sum that no term reaches (P > In) does not exist: it is left out of the tree.
///
/// - Deltas smaller than 2^-90 are zero (`delta`), so that a saturated network does not wander into subnormals, which Helium and 32-bit NEON flush.
#pragma once

#include <cstddef>

#include "vec.h"

namespace insitu {

/// Interleaved sums of the forward product with `out` outputs. One sum cannot hide the latency of fma (4 cycles, 2 a cycle) where a row of W has few
/// vectors; too many cost registers and a longer tree. ns on Zen 3, AVX2, with 1, 2, 4, 8 sums (`make bench FILTER=sums`):
/// 128 x 10: 253, 124, 90, 93; 64 x 16: 50, 31, 31, 42; 64 x 24: 58, 41, 51; 64 x 32: 67, 52, 62; 64 x 48: 79, 82. On a Cortex-M4F the accumulators of a
/// block of outputs (4 sums x 4, 2 x 8, 1 x 16) take 16 of its 32 registers.
constexpr int partial_sums(int out) {
  if (out >= 48) return 1;
  if (out >= 24) return 2;
  return out >= 2 ? 4 : 16;
}

/// Interleaved sums of a dot product along the outputs: one AVX register, two of NEON or Helium, eight scalars.
inline constexpr int BackwardSums = 8;

/// dz as training uses it: 0 where |dz| < 2^-90. A weight changes by learning_rate x dz, far below the last bit of any weight that matters.
template <class V>
INSITU_INLINE V delta(V dz) {
  return select(abs(dz) < V::broadcast(0x1p-90f), V::broadcast(0.0f), dz);
}

/// Adds up s[0 .. Count), the first of Sums interleaved sums, by halving: s[k] + s[k + Sums / 2], then + s[k + Sums / 4], ... With 8 sums that is
/// ((0+4)+(2+6))+((1+5)+(3+7)).
template <int Sums, class V, std::size_t Size>
INSITU_INLINE V tree_sum(V (&s)[Size]) {
  constexpr int Count = static_cast<int>(Size);
  if constexpr (Sums > 1) {
    constexpr int Half = Sums / 2;
    unroll<Half>([&](auto k) INSITU_INLINE_LAMBDA {
      if constexpr (k + Half < Count) s[k] = s[k] + s[k + Half];
    });
    constexpr int Left = Count < Half ? Count : Half;
    Array<V, Left> t;
    unroll<Left>([&](auto k) INSITU_INLINE_LAMBDA { t[k] = s[k]; });
    return tree_sum<Half>(t);
  } else {
    return s[0];
  }
}

/// The same for Vectors x V::lanes interleaved sums, sum k in lane k % V::lanes of vector k / V::lanes.
template <int Vectors, class V>
INSITU_INLINE float tree_sum_lanes(Array<V, Vectors>& s) {
  return sum_lanes(tree_sum<Vectors>(s));
}

}  // namespace insitu
