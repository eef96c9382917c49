/// The backward product: dX = dZ W^T, dx[s][i] = sum_j dz[s][j] W[i][j].
#pragma once

#include "dot.h"
#include "tensor.h"
#include "tiles.h"
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

/// Lanes along the outputs, where rows are long: Samples x 4 dot products side by side, each with its BackwardSums sums in as few vectors as hold them.
/// dx[s][i] for s < Samples, i < 4.
template <int Out, int Samples, class V>
INSITU_INLINE void gemm_transposed_tile(const float* dz, const float* W, float* dx, int stride) {
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
      constexpr int Samples = TransposedSamples;
      using V = std::conditional_t<(Vec::lanes > BackwardSums), typename Vec::Narrower, Vec>;
      for (; i + 4 <= inputs; i += 4) {
        int s = 0;
        for (; s + Samples <= rows; s += Samples)
          gemm_transposed_tile<Out, Samples, V>(dz + s * Out, W + i * Out, dx + s * stride + i, stride);
        for (; s < rows; ++s) gemm_transposed_tile<Out, 1, V>(dz + s * Out, W + i * Out, dx + s * stride + i, stride);
      }
    } else if constexpr (Vec::lanes > 1) {
      if (rows >= TurnedBatch) {
        for (; i + Vec::lanes <= inputs; i += Vec::lanes) gemm_transposed_block<Out, Vec>(dz, W + i * Out, dx + i, rows, stride);
      }
    }
#endif
#if defined(INSITU_FPV4)
    if constexpr (Out >= BackwardSums) {
      for (int s = 0; s < rows; ++s) {
        if (const int pairs = inputs / 2) fpv4::dot_pairs<Out>(dz + s * Out, W, dx + s * stride, pairs);
        if (inputs % 2 != 0) dx[s * stride + inputs - 1] = fpv4::dot_row<Out>(dz + s * Out, W + (inputs - 1) * Out);
      }
      return;
    } else if constexpr (Out >= 4) {
      for (int s = 0; s < rows; ++s) fpv4::dot_short_rows<Out>(dz + s * Out, W, dx + s * stride, inputs);
      return;
    }
#elif defined(INSITU_HELIUM)
    if constexpr (Out >= 4) {
      for (int s = 0; s < rows; ++s) {
        const float* const dzs = dz + s * Out;
        float* const to = dx + s * stride;
        int done = 0;
        if (Out <= helium::LongestShort && inputs >= 4) {
          done = Out >= BackwardSums && inputs % 4 == 1 ? inputs - 1 : inputs;
          helium::dot_short_rows<(Out <= helium::LongestShort ? Out : 4)>(dzs, W, to, done);
        }
        constexpr int Most = helium::MostRows;
        if (const int groups = (inputs - done) / Most) {
          helium::dot_rows<Out, Most>(dzs, W + done * Out, to + done, groups);
          done += Most * groups;
        }
        if (Most == 3 && inputs - done == 2) helium::dot_rows<Out, 2>(dzs, W + done * Out, to + done, 1);
        if (inputs - done == 1) helium::dot_rows<Out, 1>(dzs, W + done * Out, to + done, 1);
      }
      return;
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
