/// The rank-Batch update in place: W += X^T D. With D = -learning_rate dZ that is the SGD step, and the gradient dW is never stored
/// (1.46x at batch 10, 2.4x at batch 1 over storing it).
#pragma once

#include "tensor.h"
#include "tiles.h"
#include "vec/fpv4_loops.h"
#include "vec/helium_loops.h"

namespace insitu {

/// Inputs x Count vectors of W stay in registers while the batch passes by in order. x points to the first input, with `stride` floats between samples.
template <int Out, int Batch, class V, int Count, int Inputs>
INSITU_INLINE void ger_panel(const float* x, int stride, const float* d, float* W, int rows) {
  Array<Array<V, Count>, Inputs> acc;
  unroll<Inputs>([&](auto m) INSITU_INLINE_LAMBDA {
    unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { acc[m][n] = V::load(W + m * Out + n * V::lanes); });
  });
  const auto sample = [&](const float* xs, const float* ds) INSITU_INLINE_LAMBDA {
    Array<V, Count> dn;
    unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { dn[n] = V::load(ds + n * V::lanes).held(); });
    unroll<Inputs>([&](auto m) INSITU_INLINE_LAMBDA {
      const V xm = V::broadcast(xs[m]).held();
      unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { acc[m][n] = fma(xm, dn[n], acc[m][n]); });
    });
  };
#if defined(__OPTIMIZE_SIZE__)
  constexpr bool Unrolls = false;
#else
  constexpr bool Unrolls = Batch <= GerUnrolled;
#endif
  if (Unrolls && rows == Batch) {
    unroll<(Unrolls ? Batch : 1)>([&](auto s) INSITU_INLINE_LAMBDA { sample(x + s * stride, d + s * Out); });
  } else {
    for (int s = 0; s < rows; ++s) sample(x + s * stride, d + s * Out);
  }
  unroll<Inputs>([&](auto m) INSITU_INLINE_LAMBDA {
    unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { acc[m][n].store(W + m * Out + n * V::lanes); });
  });
}

/// One sample: Count vectors of d stay in registers while the rows of W pass by.
template <int Out, class V, int Count>
INSITU_INLINE void ger_one(const float* x, const float* d, float* W, int inputs) {
  Array<V, Count> dn;
  unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { dn[n] = V::load(d + n * V::lanes); });
  for (; inputs > 0; --inputs, ++x, W += Out) {
    const V xi = V::broadcast(*x);
    unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { fma(xi, dn[n], V::load(W + n * V::lanes)).store(W + n * V::lanes); });
  }
}

template <int Batch, int Out, GerTile Tile>
INSITU_INLINE void ger_rows(const float* x, int stride, const float* d, float* W, int rows, int inputs) {
  if constexpr (Out == 1) {
    for_lanes(inputs, [&]<class V>(int i) INSITU_INLINE_LAMBDA {
      V w = V::load(W + i);
      for (int s = 0; s < rows; ++s) w = fma(V::load(x + s * stride + i), V::broadcast(d[s]), w);
      w.store(W + i);
    });
#if defined(INSITU_FPV4)
  } else if constexpr (Out >= 4) {
    for (int s = 0; s < rows; ++s) {
      fpv4::for_blocks<Out>([&]<int N>(int j)
                                INSITU_INLINE_LAMBDA { fpv4::add_outer_product<N, Out>(x + s * stride, d + s * Out + j, W + j, inputs); });
    }
#elif defined(INSITU_HELIUM)
  } else if constexpr (Out >= 4) {
    for (int s = 0; s < rows; ++s) {
      helium::for_blocks<Out>([&]<int N, int Last>(int j) INSITU_INLINE_LAMBDA {
        helium::add_outer_product<N, Last, Out>(x + s * stride, d + s * Out + j, W + j, inputs);
      });
    }
#endif
  } else if constexpr (Batch == 1) {
    const int most = ger_one_inputs(inputs, Out);
    for (int i = 0; i < inputs; i += most) {
      for_panels<Out, GerOneVectors>([&]<class V, int Count>(int j) INSITU_INLINE_LAMBDA {
        ger_one<Out, V, Count>(x + i, d + j, W + i * Out + j, inputs - i < most ? inputs - i : most);
      });
    }
  } else {
    const auto tiles = [&]<int Inputs>() INSITU_INLINE_LAMBDA {
      for (; inputs >= Inputs; inputs -= Inputs, x += Inputs, W += Inputs * Out) {
        for_panels<Out, Tile.vectors>([&]<class V, int Count>(int j)
                                          INSITU_INLINE_LAMBDA { ger_panel<Out, Batch, V, Count, Inputs>(x, stride, d + j, W + j, rows); });
      }
    };
    tiles.template operator()<Tile.inputs>();
    if constexpr (Tile.inputs > 4) tiles.template operator()<4>();  // 16 x 13 x 7 by 6 x 2: 0.19 without, 0.11 with
    if constexpr (Tile.inputs > 1) tiles.template operator()<1>();
  }
}

/// W[i][j] = fma(x[s][i], d[s][j], W[i][j]) for the samples s < rows in order, on the `inputs` rows of W from the first. x points to the first of these
/// inputs, with `stride` floats from sample to sample; d [rows x Out]. Nothing overlaps.
/// Another tile is for benchmarks alone.
template <int Batch, int Out, GerTile Tile = ger_tile(Batch, Out)>
INSITU_INLINE void ger(const float* x, int stride, const float* d, float* W, int rows, int inputs) {
  if constexpr (Vec::lanes >= 8 && Batch > 1 && Out > 1) {
    // One call of ger_rows for both ways: a second copy of its tiles would double the compile time.
    const bool copies = stride % 1024 == 0 && inputs > GerBlock;
    const int most = copies ? GerBlock : inputs, step = copies ? GerBlock : stride;
    alignas(64) Array<float, Batch * GerBlock> block;
    for (int i = 0; i < inputs; i += most) {
      const int width = inputs - i < most ? inputs - i : most;
      if (copies) {
        for (int s = 0; s < rows; ++s) {
          for_lanes(width, [&]<class V>(int k) INSITU_INLINE_LAMBDA { V::load(x + s * stride + i + k).store(block + s * GerBlock + k); });
        }
      }
      ger_rows<Batch, Out, Tile>(copies ? block : x + i, step, d, W + i * Out, rows, width);
    }
  } else {
    ger_rows<Batch, Out, Tile>(x, stride, d, W, rows, inputs);
  }
}

/// W += X^T D: W[i][j] = fma(x[s][i], d[s][j], W[i][j]) for the samples s < rows in order. X [Batch x In], D [Batch x Out], W [In x Out]; nothing overlaps.
template <int Batch, int In, int Out>
INSITU_INLINE void ger(const Matrix<Batch, In>& x, const Matrix<Batch, Out>& d, Matrix<In, Out>& W, int rows = Batch) {
  ger<Batch, Out>(x.data, In, d.data, W.data, rows, In);
}

}  // namespace insitu
