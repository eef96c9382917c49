/// The backward product: dX = dZ W^T, dx[s][i] = sum_j dz[s][j] W[i][j].
#pragma once

#include "dot.h"
#include "tensor.h"
#include "vec/fpv4_loops.h"
#include "vec/helium_loops.h"

namespace insitu {

/// Lanes along the inputs, for many samples: one block of W's rows is turned once, then read by every sample; sum k is a vector of its own.
/// dx[s][0 .. V::lanes) for s < rows.
template <int Out, class V>
INSITU_INLINE void gemm_transposed_block(const float* dz, const float* W, float* dx, int rows, int stride) {
  alignas(64) Array<float, Out * V::lanes> turned;
  for (int i = 0; i < V::lanes; ++i) {
    for (int j = 0; j < Out; ++j) turned[j * V::lanes + i] = W[i * Out + j];
  }
  constexpr int Count = Out < BackwardSums ? Out : BackwardSums, Whole = Out / BackwardSums * BackwardSums;
  for (int s = 0; s < rows; ++s) {
    Array<V, Count> acc;
    unroll<Count>([&](auto k) INSITU_INLINE_LAMBDA { acc[k] = V::broadcast(0.0f); });
    const auto multiply = [&](auto k, int j) INSITU_INLINE_LAMBDA {
      acc[k] = fma(V::load(turned + (j + k) * V::lanes), V::broadcast(dz[s * Out + j + k]), acc[k]);
    };
    for (int j = 0; j < Whole; j += BackwardSums) unroll<Count>([&](auto k) INSITU_INLINE_LAMBDA { multiply(k, j); });
    unroll<Out - Whole>([&](auto k) INSITU_INLINE_LAMBDA { multiply(k, Whole); });
    tree_sum<BackwardSums>(acc).store(dx + s * stride);
  }
}

/// Samples from which turning W pays.
inline constexpr int TurnedBatch = 4;

/// Whether a row of W is long enough for lanes along it. us on Zen 3, lanes along the inputs and along the outputs, batch x inputs x outputs:
/// 16 x 128 x 128 16.4 -> 7.0, 32 x 784 x 128 170 -> 83, 4 x 64 x 16 0.59 -> 0.21, 8 x 100 x 50 3.4 -> 2.2, 16 x 128 x 8 0.93 -> 1.24, 32 x 128 x 10 2.5 -> 9.9.
constexpr bool long_row(int out) { return out >= (out % BackwardSums == 0 ? 16 : 32); }

/// Lanes along the outputs, where rows are long: Samples x 4 dot products side by side, each with its BackwardSums sums in as few vectors as hold them.
/// dx[s][i] for s < Samples, i < 4.
template <int Out, int Samples>
INSITU_INLINE void gemm_transposed_tile(const float* dz, const float* W, float* dx, int stride) {
  using V = std::conditional_t<(Out > 0 && Vec::lanes > BackwardSums), typename Vec::Narrower,
                               Vec>;  // by Out, so that one lane does not look up sum_lanes
  constexpr int Inputs = 4, Vectors = BackwardSums / V::lanes, Whole = Out / BackwardSums * BackwardSums;
  Array<Array<Array<V, Vectors>, Inputs>, Samples> acc;
  unroll<Samples>([&](auto s) INSITU_INLINE_LAMBDA {
    unroll<Inputs>([&](auto i)
                       INSITU_INLINE_LAMBDA { unroll<Vectors>([&](auto k) INSITU_INLINE_LAMBDA { acc[s][i][k] = V::broadcast(0.0f); }); });
  });
  for (int j = 0; j < Whole; j += BackwardSums) {
    unroll<Vectors>([&](auto k) INSITU_INLINE_LAMBDA {
      Array<V, Inputs> w;
      unroll<Inputs>([&](auto i) INSITU_INLINE_LAMBDA { w[i] = V::load(W + i * Out + j + k * V::lanes).held(); });
      unroll<Samples>([&](auto s) INSITU_INLINE_LAMBDA {
        const V d = V::load(dz + s * Out + j + k * V::lanes).held();
        unroll<Inputs>([&](auto i) INSITU_INLINE_LAMBDA { acc[s][i][k] = fma(w[i], d, acc[s][i][k]); });
      });
    });
  }
  unroll<Samples>([&](auto s) INSITU_INLINE_LAMBDA {
    if constexpr (Whole == Out) {
      Array<V, Inputs> sums;
      unroll<Inputs>([&](auto i) INSITU_INLINE_LAMBDA { sums[i] = tree_sum<Vectors>(acc[s][i]); });
      sum_lanes(sums[0], sums[1], sums[2], sums[3]).store(dx + s * stride);
    } else {
      unroll<Inputs>([&](auto i) INSITU_INLINE_LAMBDA {
        dx[s * stride + i] = dot_rest<Out, Vectors>(acc[s][i], dz + s * Out + Whole, W + i * Out + Whole);
      });
    }
  });
}

/// dx[s][i] for the samples s < rows and the `inputs` rows of W from the first: dz [rows x Out], W [inputs x Out], dx with `stride` floats from sample to
/// sample. dx may not overlap the others.
template <int Out>
INSITU_INLINE void gemm_transposed(const float* dz, const float* W, float* dx, int rows, int inputs, int stride) {
  if constexpr (Out == 1) {
    for (int s = 0; s < rows; ++s) {
      for_lanes(inputs, [&]<class V>(int i) INSITU_INLINE_LAMBDA {
        fma(V::load(W + i), V::broadcast(dz[s]), V::broadcast(0.0f)).store(dx + s * stride + i);
      });
    }
  } else {
    int i = 0;
#if !defined(INSITU_HELIUM)
    if constexpr (Vec::lanes > 1 && long_row(Out)) {
      constexpr int Samples = 2;  // 8 sums, 4 rows of W, 2 of dZ: 3 samples spill, 4 x 2 are as fast
      for (; i + 4 <= inputs; i += 4) {
        int s = 0;
        for (; s + Samples <= rows; s += Samples)
          gemm_transposed_tile<Out, Samples>(dz + s * Out, W + i * Out, dx + s * stride + i, stride);
        for (; s < rows; ++s) gemm_transposed_tile<Out, 1>(dz + s * Out, W + i * Out, dx + s * stride + i, stride);
      }
    } else if constexpr (Vec::lanes > 1) {
      if (rows >= TurnedBatch) {
        for (; i + Vec::lanes <= inputs; i += Vec::lanes) gemm_transposed_block<Out, Vec>(dz, W + i * Out, dx + i, rows, stride);
      }
    }
#endif
#if defined(INSITU_FPV4) || defined(INSITU_HELIUM)
    if constexpr (Out >= BackwardSums) {
      i = inputs / 2 * 2;
      for (int s = 0; i > 0 && s < rows; ++s) {
#if defined(INSITU_FPV4)
        fpv4::dot_pairs<Out % 8>(dz + s * Out, W, dx + s * stride, Out / 8, i / 2);
#else
        helium::dot_pairs<Out>(dz + s * Out, W, dx + s * stride, i / 2);
#endif
      }
    }
#endif
    for (; i < inputs; ++i) {
      for (int s = 0; s < rows; ++s) dx[s * stride + i] = dot<Out>(dz + s * Out, W + i * Out);
    }
  }
}

/// dX = dZ W^T for the samples s < rows. dZ [Batch x Out], W [In x Out], dX [Batch x In]. dX may not overlap the others.
template <int Batch, int In, int Out>
INSITU_INLINE void gemm_transposed(const Matrix<Batch, Out>& dz, const Matrix<In, Out>& W, Matrix<Batch, In>& dx, int rows = Batch) {
  gemm_transposed<Out>(dz.data, W.data, dx.data, rows, In, In);
}

}  // namespace insitu
