/// Update and forward product of one sample in one pass over W: online training touches each weight once.
#pragma once

#include "gemv.h"
#include "ger.h"

namespace insitu {

/// A panel of W after the update, written back on the way. weight(i, n) is called once for each vector.
template <int Out, class V, int Count>
struct UpdatedPanel {
  static constexpr bool Holds = Count <= Registers / 4;  // d in registers, where they are left beside the sums
  const float* p;
  const float* d;
  float* W;
  Array<V, (Holds ? Count : 1)> held;

  INSITU_INLINE UpdatedPanel(const float* inputs, const float* deltas, float* weights) : p(inputs), d(deltas), W(weights) {
    if constexpr (Holds) unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { held[n] = V::load(d + n * V::lanes); });
  }
  template <class N>
  INSITU_INLINE V operator()(int i, N n) const {
    float* w = W + i * Out + n * V::lanes;
    V dn;
    if constexpr (Holds) {
      dn = held[n];
    } else {
      dn = V::load(d + n * V::lanes);
    }
    const V updated = fma(V::broadcast(p[i]), dn, V::load(w));
    updated.store(w);
    return updated;
  }
};

/// W[i][j] = fma(p[i], d[j], W[i][j]), then y = b + x W, with the bits of ger and gemv one after the other. p and x [In], W [In x Out], b, d and y [Out]. Nothing
/// overlaps, but p may be x.
///
/// us on Zen 3, two passes and one: 12288 x 64 100 -> 68, 784 x 128 11.3 -> 8.0, 64 x 32 0.167 -> 0.150. Cortex-M has no cache to
/// miss: there its two loops are faster.
template <int In, int Out>
INSITU_INLINE void ger_gemv(const float* p, const float* d, const float* x, float* W, const float* b, float* y) {
  if constexpr (Vec::lanes >= 4 && Registers >= 16 && Out > 1) {
    constexpr int Sums = partial_sums(Out);
    gemv_panels<In, Out, Sums, ger_gemv_vectors(Out, Sums), ger_gemv_inputs(In, Out, Sums), GerGemvVec>(
        x, b, y, [&]<class V, int Count>(int j) INSITU_INLINE_LAMBDA { return UpdatedPanel<Out, V, Count>(p, d + j, W + j); });
  } else {
    ger<1, Out>(p, In, d, W, 1, In);
    gemv<In, Out>(x, W, b, y);
  }
}

}  // namespace insitu
