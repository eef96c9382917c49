/// Vec: the widest vector type of this target, and the helpers that walk an array with it.
///
/// A vector type V has: V::lanes, V::Narrower (the next smaller type, void below Scalar), V::Tail<n> (what covers n numbers that are left), V::load, V::broadcast, store, + - * /, fma, sqrt, comparisons that
/// give a mask, select(mask, a, b), min and max (a unless b is smaller, larger: NaN in a stays), and its bits as integers. All types agree bit for bit, lane by lane. Define INSITU_SCALAR to use one lane everywhere.
#pragma once

#include <type_traits>
#include <utility>

#include "vec/scalar.h"
#if defined(INSITU_SCALAR)
#elif defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 2)
#include "vec/helium.h"
#elif defined(__SSE2__) || defined(__ARM_NEON)
#include "vec/xsimd.h"
#endif

namespace insitu {

#if defined(INSITU_SCALAR)
using Vec = Scalar;
#elif defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 2)
using Vec = HeliumVec;
#elif defined(__AVX512F__)
using Vec = XsimdVec<16>;
#elif defined(__AVX__) || defined(INSITU_SVE)
using Vec = XsimdVec<8>;
#elif defined(__SSE2__) || defined(__ARM_NEON)
using Vec = XsimdVec<4>;
#else
using Vec = Scalar;
#endif

/// The vector of four lanes that can be transposed; void where there is none.
#if !defined(INSITU_SCALAR) && !defined(__ARM_FEATURE_MVE) && (defined(__SSE2__) || defined(__ARM_NEON))
using Vec4 = XsimdVec<4>;
#else
using Vec4 = void;
#endif

/// Vector registers of the target, by which tiles are chosen. Optimising for size (-Os) on Cortex-M asks for small tiles: they make an XOR trainer 100 bytes
/// smaller.
#if defined(__ARM_FEATURE_MVE) || (defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' && defined(__OPTIMIZE_SIZE__))
inline constexpr int Registers = 8;
#elif defined(__AVX512F__) || defined(__aarch64__) || (defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M')
inline constexpr int Registers = 32;
#else
inline constexpr int Registers = 16;
#endif

/// Whether this processor's vectors are as long as those compiled for. Only SVE's may not be, and give wrong results without a sign: a program compiled
/// with -msve-vector-bits asks first.
inline bool vectors_fit() {
#if defined(INSITU_SVE)
  unsigned long bytes;
  asm volatile("cntb %0" : "=r"(bytes));  // svcntb() is a constant to a compiler that has been told the length
  return bytes * 8 == __ARM_FEATURE_SVE_BITS;
#else
  return true;
#endif
}

/// |a|.
template <class V>
INSITU_INLINE V abs(V a) {
  return V::from_bits(bits(a) & V::broadcast_bits(0x7fffffff));
}

/// f(integral_constant<int, 0>) ... f(integral_constant<int, N - 1>), each a line of its own in the machine code.
template <int N, class F>
INSITU_INLINE void unroll(F&& f) {
  [&]<int... I>(std::integer_sequence<int, I...>) INSITU_INLINE_LAMBDA { (f(std::integral_constant<int, I>{}), ...); }
  (std::make_integer_sequence<int, N>{});
}

/// Covers [0, N): calls `f.operator()<V>(offset)` for full vectors, then for narrower ones, then for two or three numbers in one register, or single lanes. Nothing outside is touched, so that
/// arrays need no padding (masked stores measured 2.7x slower at 12 elements: a load that follows cannot be forwarded).
template <int N, class V = Vec, int Begin = 0, class F>
INSITU_INLINE void for_lanes(F&& f) {
  constexpr int End = Begin + (N - Begin) / V::lanes * V::lanes;
  if constexpr (End - Begin == V::lanes) {
    f.template operator()<V>(Begin);
  } else if constexpr (End > Begin) {
    for (int j = Begin; j < End; j += V::lanes) f.template operator()<V>(j);
  }
  if constexpr (End < N) for_lanes<N, typename V::template Tail<N - End>, End>(f);
}

/// The same for a length known at run time.
template <class V = Vec, class F>
INSITU_INLINE void for_lanes(int n, F&& f, int begin = 0) {
  const int end = n - (n - begin) % V::lanes;
  for (int j = begin; j < end; j += V::lanes) f.template operator()<V>(j);
  if constexpr (V::lanes > 1) for_lanes<typename V::Narrower>(n, f, end);
}

/// Covers [0, N) by panels: calls `f.operator()<V, Count>(offset)` for Count vectors side by side, at most Most of them.
template <int N, int Most, class V = Vec, int Begin = 0, class F>
INSITU_INLINE void for_panels(F&& f) {
  constexpr int Vectors = (N - Begin) / V::lanes;
  constexpr int End = Begin + Vectors / Most * Most * V::lanes;
  for (int j = Begin; j < End; j += Most * V::lanes) f.template operator()<V, Most>(j);
  if constexpr (Vectors % Most != 0) f.template operator()<V, Vectors % Most>(End);
  constexpr int Rest = End + Vectors % Most * V::lanes;
  if constexpr (Rest < N) for_panels<N, Most, typename V::template Tail<N - Rest>, Rest>(f);
}

}  // namespace insitu
