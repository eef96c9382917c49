/// The forward product of a batch: Y = b + X W.
#pragma once

#include "gemv.h"
#include "tiles.h"

namespace insitu {

/// Samples x Count vectors of outputs; one sum takes the inputs i = first, first + Sums, ... < last. x and W point to the tile.
template <int In, int Out, int Sums, class V, int Count, int Samples, bool Prefetch>
INSITU_INLINE void gemm_sums(int first, int last, const float* x, const float* W, Array<Array<V, Count>, Samples>& acc) {
  const float* w = W + first * Out;
  const float* xi = x + first;
  for (int i = first; i < last; i += Sums, w += Sums * Out, xi += Sums) {
    Array<V, Count> wi;
    unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { wi[n] = V::load(w + n * V::lanes).held(); });
    if constexpr (Prefetch) __builtin_prefetch(w + GemmAhead * Out);
    if constexpr (Prefetch && Count * V::lanes > 16) __builtin_prefetch(w + GemmAhead * Out + 16);
    unroll<Samples>([&](auto s) INSITU_INLINE_LAMBDA {
      const V xs = V::broadcast(xi[s * In]).held();
      unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { acc[s][n] = fma(xs, wi[n], acc[s][n]); });
    });
  }
}

template <int In, int Out, class V, int Count, int Samples, bool Prefetch>
INSITU_INLINE void gemm_panel(int begin, int end, const float* x, const float* W, const float* b, float* y) {
  constexpr int Sums = partial_sums(Out), Used = In < Sums ? In : Sums;
  if constexpr (Sums == 1) {
    Array<Array<V, Count>, Samples> acc;
    unroll<Samples>([&](auto s) INSITU_INLINE_LAMBDA {
      unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { acc[s][n] = V::load((begin == 0 ? b : y + s * Out) + n * V::lanes); });
    });
    gemm_sums<In, Out, Sums, V, Count, Samples, Prefetch>(begin, end, x, W, acc);
    unroll<Samples>([&](auto s) INSITU_INLINE_LAMBDA {
      unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { acc[s][n].store(y + s * Out + n * V::lanes); });
    });
  } else {
    // One sum after the other: all of them at once would not fit the registers beside several samples.
    Array<Array<Array<V, Count>, Samples>, Used> sums;
    for (int p = 0; p < Used; ++p) {
      Array<Array<V, Count>, Samples> acc;
      unroll<Samples>([&](auto s) INSITU_INLINE_LAMBDA {
        unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { acc[s][n] = p == 0 ? V::load(b + n * V::lanes) : V::broadcast(0.0f); });
      });
      gemm_sums<In, Out, Sums, V, Count, Samples, false>(p, In, x, W, acc);
      unroll<Samples>([&](auto s) INSITU_INLINE_LAMBDA { unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { sums[p][s][n] = acc[s][n]; }); });
    }
    unroll<Samples>([&](auto s) INSITU_INLINE_LAMBDA {
      unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA {
        Array<V, Used> t;
        unroll<Used>([&](auto p) INSITU_INLINE_LAMBDA { t[p] = sums[p][s][n]; });
        tree_sum<Sums>(t).store(y + s * Out + n * V::lanes);
      });
    });
  }
}

/// Y[s] = b + X[s] W for the samples s < rows. X [Batch x In], W [In x Out], b [Out], Y [Batch x Out]. Y may not overlap the others.
/// Each sample gets the bits that gemv would give it. Another tile is for benchmarks alone.
template <int Batch, int In, int Out, GemmTile Tile = gemm_tile(Batch, Out)>
INSITU_INLINE void gemm(const Matrix<Batch, In>& x, const Matrix<In, Out>& W, const Vector<Out>& b, Matrix<Batch, Out>& y,
                        int rows = Batch) {
  constexpr int Samples = Tile.samples < Batch ? Tile.samples : Batch;
#if defined(INSITU_HELIUM)
  constexpr bool BySample = true;  // its loops are gemv's
#else
  constexpr bool BySample = Batch == 1 || Out == 1 || Vec::lanes == 1;
#endif
  if constexpr (BySample) {
    for (int s = 0; s < rows; ++s) gemv<In, Out>(x.row(s), W.data, b.data, y.row(s));
  } else {
    constexpr int Block = partial_sums(Out) == 1 ? Tile.inputs : In;
    for (int begin = 0; begin < In; begin += Block) {
      const int end = In - begin < Block ? In : begin + Block;
      for_panels<Out, Tile.vectors>([&]<class V, int Count>(int j) INSITU_INLINE_LAMBDA {
        int s = 0;
        for (; s + Samples <= rows; s += Samples) {
          if (s == 0) {
            gemm_panel<In, Out, V, Count, Samples, true>(begin, end, x.row(s), W.data + j, b.data + j, y.row(s) + j);
          } else {
            gemm_panel<In, Out, V, Count, Samples, false>(begin, end, x.row(s), W.data + j, b.data + j, y.row(s) + j);
          }
        }
        constexpr int Rest = Batch % Samples;
        if (Rest > 0 && rows == Batch) {
          gemm_panel<In, Out, V, Count, (Rest > 0 ? Rest : 1), false>(begin, end, x.row(s), W.data + j, b.data + j, y.row(s) + j);
        } else {
          for (; s < rows; ++s) gemm_panel<In, Out, V, Count, 1, false>(begin, end, x.row(s), W.data + j, b.data + j, y.row(s) + j);
        }
      });
    }
  }
}

}  // namespace insitu
