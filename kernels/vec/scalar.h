/// Scalar: the vector vocabulary with one lane, on any C++ target; the tails of wider vectors, and the whole of targets that have none.
///
/// Every operation rounds once and equals that lane of every other vector type bit for bit (NaN: in kind, not in payload).
#pragma once

#include <bit>
#include <cstdint>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#if defined(__FAST_MATH__) || defined(__RECIPROCAL_MATH__) || defined(__ASSOCIATIVE_MATH__) || \
    (defined(__FINITE_MATH_ONLY__) && __FINITE_MATH_ONLY__)
#error \
    "insitu: -ffast-math changes results and deletes NaN checks: compile this file without -ffast-math, -Ofast, -freciprocal-math, -fassociative-math and -ffinite-math-only"
#endif

/// On functions and on lambdas of kernels. Left to itself GCC outlines the unrolling lambdas and spills the accumulators: 7x to 12x slower. Without optimisation,
/// or with a sanitizer, inlining everything only makes functions that take minutes to compile.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define INSITU_OUTLINES 1
#endif
#endif
#if defined(INSITU_OUTLINES) || defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
#define INSITU_INLINE inline
#define INSITU_INLINE_LAMBDA
#else
#define INSITU_INLINE [[gnu::always_inline]] inline
#define INSITU_INLINE_LAMBDA __attribute__((always_inline))
#endif
/// On what is long and used in several places: one copy where size counts (-Os), inlined elsewhere.
#if defined(__OPTIMIZE_SIZE__)
#define INSITU_SHARED [[gnu::noinline]] inline
#else
#define INSITU_SHARED INSITU_INLINE
#endif

/// A register class of the target, for empty asm statements that hide how a value came about.
#if defined(__AVX512F__)
#define INSITU_FLOAT_REGISTER "+v"
#elif defined(__SSE2__)
#define INSITU_FLOAT_REGISTER "+x"
#elif defined(__aarch64__)
#define INSITU_FLOAT_REGISTER "+w"
#elif defined(__ARM_FP)
#define INSITU_FLOAT_REGISTER "+t"
#else
#define INSITU_FLOAT_REGISTER "+r"
#endif

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__FP_FAST_FMAF)
#define INSITU_HARDWARE_FMA 1
#else
#include "soft_fma.h"
#endif

#if !defined(__SSE2__) && !defined(__aarch64__) && !(defined(__ARM_FP) && (__ARM_FP & 4))
#include "soft_sqrt.h"
#endif

namespace insitu {

/// T[N]. Shapes are int, and GCC's -Wsign-conversion takes offence at an int bound in a template.
template <class T, int N>
using Array = T[static_cast<unsigned>(N)];

/// a * b + c, rounded once: the only multiply-add of the library.
INSITU_INLINE float fma(float a, float b, float c) {
#if defined(INSITU_HARDWARE_FMA)
  return __builtin_fmaf(a, b, c);
#else
  return soft_fma(a, b, c);
#endif
}

/// The square root, correctly rounded; NaN below zero. Not sqrtf, which may set errno and pull in libm.
INSITU_INLINE float sqrt(float x) {
#if defined(__SSE2__)
  return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x)));
#elif defined(__aarch64__)
  asm("fsqrt %s0, %s0" : "+w"(x));
  return x;
#elif defined(__ARM_FP) && (__ARM_FP & 4)
  asm("vsqrt.f32 %0, %0" : "+t"(x));
  return x;
#else
  return soft_sqrt(x);
#endif
}

/// One lane.
struct Scalar {
  static constexpr int lanes = 1;
  using Mask = bool;
  using Int = std::int32_t;
  using Narrower = void;
  template <int>
  using Tail = void;

  float value;

  Scalar() = default;
  INSITU_INLINE Scalar(float x) : value(x) {}
  INSITU_INLINE static Scalar broadcast(float x) { return x; }
  /// x in lane 0, zero in the others.
  INSITU_INLINE static Scalar first_lane(float x) { return x; }
  INSITU_INLINE static Scalar load(const float* p) { return *p; }
  INSITU_INLINE void store(float* p) const { *p = value; }

  /// Keeps the value in a register of its own: GCC otherwise folds one load into several multiply-adds (1.7x slower update on AVX2).
  INSITU_INLINE Scalar held() const { return *this; }

  INSITU_INLINE friend Scalar operator+(Scalar a, Scalar b) { return a.value + b.value; }
  INSITU_INLINE friend Scalar operator-(Scalar a, Scalar b) { return a.value - b.value; }
  INSITU_INLINE friend Scalar operator-(Scalar a) { return -a.value; }
  /// Rounded here: the empty asm keeps a compiler that contracts (GCC by default, even intrinsics) from fusing the product with a later sum.
  INSITU_INLINE friend Scalar operator*(Scalar a, Scalar b) {
    float product = a.value * b.value;
    asm("" : INSITU_FLOAT_REGISTER(product));
    return product;
  }
  INSITU_INLINE friend Scalar operator/(Scalar a, Scalar b) { return a.value / b.value; }
  INSITU_INLINE friend Scalar fma(Scalar a, Scalar b, Scalar c) { return insitu::fma(a.value, b.value, c.value); }
  INSITU_INLINE friend Scalar sqrt(Scalar a) { return insitu::sqrt(a.value); }

  INSITU_INLINE friend bool operator>(Scalar a, Scalar b) { return a.value > b.value; }
  INSITU_INLINE friend bool operator>=(Scalar a, Scalar b) { return a.value >= b.value; }
  INSITU_INLINE friend bool operator<(Scalar a, Scalar b) { return a.value < b.value; }
  INSITU_INLINE friend bool operator<=(Scalar a, Scalar b) { return a.value <= b.value; }
  INSITU_INLINE friend bool operator==(Scalar a, Scalar b) { return a.value == b.value; }
  INSITU_INLINE friend Scalar select(bool mask, Scalar a, Scalar b) { return mask ? a.value : b.value; }
  INSITU_INLINE friend Scalar min(Scalar a, Scalar b) { return b.value < a.value ? b.value : a.value; }
  INSITU_INLINE friend Scalar max(Scalar a, Scalar b) { return b.value > a.value ? b.value : a.value; }

  INSITU_INLINE friend Scalar abs(Scalar a) { return __builtin_fabsf(a.value); }
  /// The sum over the lanes by halving: lane k + lane k + lanes / 2, and so on (order.h).
  INSITU_INLINE friend float sum_lanes(Scalar a) { return a.value; }

  /// The 32 bits of the number, and back.
  INSITU_INLINE friend std::int32_t bits(Scalar a) { return std::bit_cast<std::int32_t>(a.value); }
  INSITU_INLINE static Scalar from_bits(std::int32_t b) { return std::bit_cast<float>(b); }
  INSITU_INLINE static std::int32_t broadcast_bits(std::int32_t b) { return b; }
  /// a + (b << Shift) modulo 2^32: adds the integer in the low bits of b to the exponent of a when Shift is 23.
  template <int Shift>
  INSITU_INLINE static std::int32_t add_shifted(std::int32_t a, std::int32_t b) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) + (static_cast<std::uint32_t>(b) << Shift));
  }
  template <int Shift>
  INSITU_INLINE static std::int32_t shift_right(std::int32_t a) {
    return static_cast<std::int32_t>(static_cast<std::uint32_t>(a) >> Shift);
  }
};

}  // namespace insitu
