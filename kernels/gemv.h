/// The forward product of one sample: y = b + x W.
#pragma once

#include <type_traits>

#include "order.h"
#include "tensor.h"
#include "tiles.h"
#include "vec/fpv4_loops.h"
#include "vec/helium_loops.h"

namespace insitu {

/// One output: lanes along the inputs, since W [In x 1] is contiguous there and the interleaved sums are neighbours.
template <int In, int Sums>
INSITU_INLINE float gemv_one_output(const float* x, const float* W, float b) {
  constexpr int Count = In < Sums ? In : Sums, Whole = In / Sums * Sums;
  Array<float, Sums> s;
  if constexpr (Whole > 0) {
    using V = std::conditional_t<(Vec::lanes <= Sums), Vec, Scalar>;
    constexpr int Vectors = Sums / V::lanes;
    Array<V, Vectors> acc;
    unroll<Vectors>([&](auto k) INSITU_INLINE_LAMBDA { acc[k] = k == 0 ? V::first_lane(b) : V::broadcast(0.0f); });
    for (int i = 0; i < Whole; i += Sums) {
      unroll<Vectors>([&](auto k)
                          INSITU_INLINE_LAMBDA { acc[k] = fma(V::load(x + i + k * V::lanes), V::load(W + i + k * V::lanes), acc[k]); });
    }
    if constexpr (Whole == In) return tree_sum_lanes<Vectors>(acc);
    unroll<Vectors>([&](auto k) INSITU_INLINE_LAMBDA { acc[k].store(s + k * V::lanes); });
  } else {
    unroll<Sums>([&](auto k) INSITU_INLINE_LAMBDA { s[k] = k == 0 ? b : 0.0f; });
  }
  for (int i = Whole; i < In; ++i) s[i - Whole] = fma(x[i], W[i], s[i - Whole]);
  Array<Scalar, Count> t;
  unroll<Count>([&](auto k) INSITU_INLINE_LAMBDA { t[k] = s[k]; });
  return tree_sum<Sums>(t).value;
}

/// Count vectors of outputs side by side for the inputs begin <= i < end; x, start (b, or y to go on) and y point to the first. weight(i, n) is vector n of the
/// row W[i]. All sums in registers.
template <int In, int Sums, class V, int Count, class Weight>
INSITU_INLINE void gemv_panel(int begin, int end, const float* x, const float* start, float* y, Weight&& weight) {
  constexpr int Used = In < Sums ? In : Sums;
  Array<Array<V, Count>, Used> acc;
  unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA {
    acc[0][n] = V::load(start + n * V::lanes);
    unroll<Used - 1>([&](auto p) INSITU_INLINE_LAMBDA { acc[p + 1][n] = V::broadcast(0.0f); });
  });
  const auto multiply = [&](auto p, int i) INSITU_INLINE_LAMBDA {
    const V xi = V::broadcast(x[i]);
    unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA { acc[p][n] = fma(xi, weight(i, n), acc[p][n]); });
  };
  int i = begin;
  for (; i + Used <= end; i += Used) unroll<Used>([&](auto p) INSITU_INLINE_LAMBDA { multiply(p, i + p); });
  unroll<In % Used>([&](auto p) INSITU_INLINE_LAMBDA { multiply(p, i + p); });
  unroll<Count>([&](auto n) INSITU_INLINE_LAMBDA {
    Array<V, Used> s;
    unroll<Used>([&](auto p) INSITU_INLINE_LAMBDA { s[p] = acc[p][n]; });
    tree_sum<Sums>(s).store(y + n * V::lanes);
  });
}

/// Panels of at most Most vectors over blocks of Block inputs; between blocks the sums wait in y, unchanged. panel<V, Count>(j) is the weight(i, n) of the panel
/// at output j.
template <int In, int Out, int Sums, int Most, int Block, class Widest = Vec, class Panel>
INSITU_INLINE void gemv_panels(const float* x, const float* b, float* y, Panel&& panel) {
  static_assert(Sums == 1 || Block == In, "several sums do not fit y");
  for (int begin = 0; begin < In; begin += Block) {
    const int end = In - begin < Block ? In : begin + Block;
    for_panels<Out, Most, Widest>([&]<class V, int Count>(int j) INSITU_INLINE_LAMBDA {
      gemv_panel<In, Sums, V, Count>(begin, end, x, (begin == 0 ? b : y) + j, y + j, panel.template operator()<V, Count>(j));
    });
  }
}

#if defined(INSITU_FPV4) || defined(INSITU_HELIUM)
/// Where the sums start that do not start from the bias.
inline constexpr float Zeros[24] = {};

/// A block of outputs on Cortex-M, one interleaved sum after the other: each takes every input i = p, p + Sums, ... `rows` is the loop of the instruction set:
/// rows(x, W, from, to, count).
template <int In, int Out, int Sums, int N, class Rows>
INSITU_INLINE void gemv_block(const float* x, const float* W, const float* b, float* y, Rows&& rows) {
  constexpr int Used = In < Sums ? In : Sums;
  if constexpr (Used == 1) {
    rows(x, W, b, y, In);
  } else {
    Array<Array<float, N>, Used> s;
    for (int p = 0; p < Used; ++p) rows(x + p, W + p * Out, p == 0 ? b : Zeros, s[p], (In - p + Sums - 1) / Sums);
    const auto add_up = [&]<class V>(int k) INSITU_INLINE_LAMBDA {
      Array<V, Used> t;
      unroll<Used>([&](auto p) INSITU_INLINE_LAMBDA { t[p] = V::load(s[p] + k); });
      tree_sum<Sums>(t).store(y + k);
    };
    if constexpr (Vec::lanes == 1) {
      unroll<N>([&](auto k) INSITU_INLINE_LAMBDA { add_up.template operator()<Scalar>(k); });
    } else {
      for_lanes<N>(add_up);
    }
  }
}
#endif

/// y = b + x W on arrays: x [In], W [In x Out], b and y [Out]. y may not overlap the others. Another number of sums is for benchmarks alone.
template <int In, int Out, int Sums = partial_sums(Out)>
INSITU_INLINE void gemv(const float* x, const float* W, const float* b, float* y) {
  if constexpr (Out == 1) {
    y[0] = gemv_one_output<In, Sums>(x, W, b[0]);
#if defined(INSITU_FPV4)
#if !defined(__OPTIMIZE_SIZE__)
  } else if constexpr (Sums == 4 && In >= 4 && In <= fpv4::MostInputsOfFour) {
    fpv4::for_blocks_of_four<Out>([&]<int N>(int j) INSITU_INLINE_LAMBDA { fpv4::four_sums<N, In, Out>(x, W + j, b + j, y + j); });
#endif
  } else if constexpr (In * Out >= fpv4::Worthwhile) {
    fpv4::for_blocks<Out>([&]<int N>(int j) INSITU_INLINE_LAMBDA {
      gemv_block<In, Out, Sums, N>(x, W + j, b + j, y + j,
                                   [](auto... a) INSITU_INLINE_LAMBDA { fpv4::multiply_add_rows<N, Sums, Sums * Out>(a...); });
    });
#elif defined(INSITU_HELIUM)
#if !defined(__OPTIMIZE_SIZE__)
  } else if constexpr (Sums == 4 && In >= 4 && In <= 6 && Out > 4 && Out <= 8) {
    helium::two_vectors<In, Out>(x, W, b, y);
  } else if constexpr (Sums == 4 && helium::by_four_sums(In, Out)) {
    for (int j = 0; j < Out / 4 * 4; j += 4) helium::four_sums<In, Out>(x, W + j, b + j, y + j);
    if constexpr (Out % 4 != 0) helium::four_sums<In, Out>(x, W + Out - 4, b + Out - 4, y + Out - 4);
#endif
  } else if constexpr (Out >= 4 && In * Out >= helium::Worthwhile) {
    helium::for_blocks<Out>([&]<int N, int Last>(int j) INSITU_INLINE_LAMBDA {
      gemv_block<In, Out, Sums, Last + 4>(
          x, W + j, b + j, y + j, [](auto... a) INSITU_INLINE_LAMBDA { helium::multiply_add_rows<N, Last, Sums, Sums * Out>(a...); });
    });
#endif
  } else {
    constexpr int Ahead = gemv_ahead(In, Out, Sums);
    gemv_panels<In, Out, Sums, gemv_vectors(Sums), gemv_inputs(In, Out, Sums)>(
        x, b, y, [W]<class V, int Count>(int j) INSITU_INLINE_LAMBDA {
          return [w = W + j](int i, auto n) INSITU_INLINE_LAMBDA {
            if constexpr (Ahead > 0 && n * V::lanes % 16 == 0) __builtin_prefetch(w + (i + Ahead) * Out + n * V::lanes);
            return V::load(w + i * Out + n * V::lanes);
          };
        });
  }
}

/// y = b + x W. x [In], W [In x Out], b and y [Out]. y may not overlap the others.
template <int In, int Out>
INSITU_INLINE void gemv(const Vector<In>& x, const Matrix<In, Out>& W, const Vector<Out>& b, Vector<Out>& y) {
  gemv<In, Out>(x.data, W.data, b.data, y.data);
}

}  // namespace insitu
