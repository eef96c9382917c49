/// XsimdVec<Lanes>: the vector vocabulary on x86 and A-profile Arm, through xsimd 8.1, 13 and 14. The only file that includes xsimd.
///
/// Where xsimd rounds otherwise than its lanes would one by one, the instruction is named here instead:
/// - fma: xsimd 8.1 has none on AVX-512 (it multiplies, then adds), nor for 4 lanes beside AVX, nor where the processor has no such instruction;
/// - division: xsimd 8.1 divides by a reciprocal estimate on NEON, 32 and 64 bit;
/// - square root: xsimd 8.1 takes an estimate on NEON, 32 and 64 bit: wrong in a third of the numbers from 1 to 4 on aarch64.
#pragma once

#include <cstdint>
#include <type_traits>
#include <xsimd/xsimd.hpp>

#include "scalar.h"

// SVE of a fixed length, -msve-vector-bits=256: xsimd has it from version 13 on. Other lengths, and older versions, take NEON.
#if defined(__ARM_FEATURE_SVE_BITS) && __ARM_FEATURE_SVE_BITS == 256 && XSIMD_VERSION_MAJOR >= 13
#define INSITU_SVE 1
#include <arm_sve.h>
#endif

namespace insitu {

namespace xsimd_arch {
template <int Lanes>
struct Of {
  using type = xsimd::default_arch;  // the widest
};
#if defined(__AVX512F__)
template <>
struct Of<8> {
  using type = xsimd::avx2;
};
#endif
#if defined(INSITU_SVE)
template <>
struct Of<4> {
  using type = xsimd::neon64;
};
#endif
#if defined(__AVX__)
template <>
struct Of<4> {
  using type = xsimd::sse4_2;
};
#endif
}  // namespace xsimd_arch

/// A register of Lanes numbers, of which the first Valid are a vector's: of the others, which load sets to zero, nothing is stored. Tails of 2 and 3 are XsimdVec<4, 2> and
/// XsimdVec<4, 3>: a training step of 13-7-1 at batch 8 533 -> 430 ns against single lanes.
template <int Lanes, int Valid = Lanes>
struct XsimdVec {
  static_assert(Valid == Lanes || (Lanes == 4 && Valid > 0 && Valid < 4));
  static constexpr int lanes = Valid;
  using Arch = typename xsimd_arch::Of<Lanes>::type;
  using Batch = xsimd::batch<float, Arch>;
  using Mask = xsimd::batch_bool<float, Arch>;
  using Int = xsimd::batch<std::int32_t, Arch>;
  using Narrower = std::conditional_t<(Lanes > 4), XsimdVec<(Lanes > 4 ? Lanes / 2 : 4)>, Scalar>;
  /// The same register with its first N numbers alone.
  template <int N>
  using First = XsimdVec<Lanes, N>;
  /// What covers the last `Rest` < lanes of an array.
  template <int Rest>
  using Tail = std::conditional_t<(Lanes == 4 && (Rest == 2 || Rest == 3)), XsimdVec<4, (Rest == 2 ? 2 : 3)>, Narrower>;
  static_assert(Batch::size == Lanes, "insitu: this vector type of xsimd has another number of lanes than expected");

  Batch value;

  XsimdVec() = default;
  INSITU_INLINE XsimdVec(Batch v) : value(v) {}
  INSITU_INLINE XsimdVec(float x) : value(x) {}
  template <int N>
  requires(N != Valid) INSITU_INLINE explicit XsimdVec(XsimdVec<Lanes, N> v) : value(v.value) {}
  INSITU_INLINE static XsimdVec broadcast(float x) { return Batch(x); }
  INSITU_INLINE static XsimdVec first_lane(float x) {
#if defined(__AVX512F__)
    if constexpr (Lanes == 16) return Batch(_mm512_zextps128_ps512(_mm_set_ss(x)));
#endif
#if defined(__AVX__)
    if constexpr (Lanes == 8) return Batch(_mm256_zextps128_ps256(_mm_set_ss(x)));
#endif
#if defined(INSITU_SVE)
    if constexpr (Lanes == 8) return Batch(svsel_f32(svptrue_pat_b32(SV_VL1), svdup_n_f32(x), svdup_n_f32(0.0f)));
#endif
#if defined(__SSE2__)
    if constexpr (Lanes == 4) return Batch(_mm_set_ss(x));
#else
    if constexpr (Lanes == 4) return Batch(vsetq_lane_f32(x, vdupq_n_f32(0.0f), 0));
#endif
  }
  INSITU_INLINE static XsimdVec load(const float* p) {
    if constexpr (Valid == Lanes) {
      return Batch::load_unaligned(p);
    } else {
#if defined(__SSE2__)
      if constexpr (Valid == 1) return Batch(_mm_load_ss(p));
      // not _mm_load_sd: GCC's reads a plain double, which no store of floats is seen to write
      const __m128 two = _mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)));
      return Batch(Valid == 3 ? _mm_movelh_ps(two, _mm_load_ss(p + 2)) : two);
#else
      if constexpr (Valid == 1) return first_lane(p[0]);
      const float32x4_t two = vcombine_f32(vld1_f32(p), vdup_n_f32(0.0f));
      return Batch(Valid == 3 ? vsetq_lane_f32(p[Valid - 1], two, 2) : two);
#endif
    }
  }
  INSITU_INLINE void store(float* p) const {
    if constexpr (Valid == Lanes) {
      value.store_unaligned(p);
    } else if constexpr (Valid == 1) {
#if defined(__SSE2__)
      _mm_store_ss(p, value);
#else
      p[0] = vgetq_lane_f32(value, 0);
#endif
    } else {
#if defined(__SSE2__)
      _mm_storel_pi(reinterpret_cast<__m64*>(p), value);
      if constexpr (Valid == 3) _mm_store_ss(p + 2, _mm_movehl_ps(value, value));
#else
      vst1_f32(p, vget_low_f32(value));
      if constexpr (Valid == 3) p[2] = vgetq_lane_f32(value, 2);
#endif
    }
  }
  INSITU_INLINE XsimdVec held() const {
    XsimdVec v = *this;
    hide(v);
    return v;
  }

  INSITU_INLINE friend XsimdVec operator+(XsimdVec a, XsimdVec b) { return a.value + b.value; }
  INSITU_INLINE friend XsimdVec operator-(XsimdVec a, XsimdVec b) { return a.value - b.value; }
  INSITU_INLINE friend XsimdVec operator-(XsimdVec a) { return from_bits(bits(a) ^ Int(static_cast<std::int32_t>(0x80000000u))); }
  INSITU_INLINE friend XsimdVec operator*(XsimdVec a, XsimdVec b) {
    XsimdVec product = a.value * b.value;
    hide(product);
    return product;
  }
  INSITU_INLINE friend XsimdVec operator/(XsimdVec a, XsimdVec b) {
#if defined(INSITU_SVE)
    if constexpr (Lanes == 8) return Batch(svdiv_f32_x(svptrue_b32(), a.value, b.value));
#endif
#if defined(__aarch64__)
    if constexpr (Lanes == 4) return Batch(vdivq_f32(a.value, b.value));
#elif defined(__arm__)
    return by_lane([](float x, float y, float) INSITU_INLINE_LAMBDA { return x / y; }, a, b, b);
#else
    return a.value / b.value;
#endif
  }
  INSITU_INLINE friend XsimdVec fma(XsimdVec a, XsimdVec b, XsimdVec c) {
#if defined(INSITU_SVE)
    if constexpr (Lanes == 8) return Batch(svmla_f32_x(svptrue_b32(), c.value, a.value, b.value));
#endif
#if !defined(INSITU_HARDWARE_FMA)
    return by_lane([](float x, float y, float z) INSITU_INLINE_LAMBDA { return insitu::fma(x, y, z); }, a, b, c);
#elif defined(__ARM_NEON)
    if constexpr (Lanes == 4) return Batch(vfmaq_f32(c.value, a.value, b.value));
#else
#if defined(__AVX512F__)
    if constexpr (Lanes == 16) return Batch(_mm512_fmadd_ps(a.value, b.value, c.value));
#endif
#if defined(__AVX__)
    if constexpr (Lanes == 8) return Batch(_mm256_fmadd_ps(a.value, b.value, c.value));
#endif
    if constexpr (Lanes == 4) return Batch(_mm_fmadd_ps(a.value, b.value, c.value));
#endif
  }
  INSITU_INLINE friend XsimdVec sqrt(XsimdVec a) {
#if defined(INSITU_SVE)
    if constexpr (Lanes == 8) return Batch(svsqrt_f32_x(svptrue_b32(), a.value));
#endif
#if defined(__arm__)
    return by_lane([](float x, float, float) INSITU_INLINE_LAMBDA { return insitu::sqrt(x); }, a, a, a);
#elif defined(__aarch64__)
    if constexpr (Lanes == 4) return Batch(vsqrtq_f32(a.value));
#else
    return xsimd::sqrt(a.value);
#endif
  }

  INSITU_INLINE friend Mask operator>(XsimdVec a, XsimdVec b) { return a.value > b.value; }
  INSITU_INLINE friend Mask operator>=(XsimdVec a, XsimdVec b) { return a.value >= b.value; }
  INSITU_INLINE friend Mask operator<(XsimdVec a, XsimdVec b) { return a.value < b.value; }
  INSITU_INLINE friend Mask operator<=(XsimdVec a, XsimdVec b) { return a.value <= b.value; }
  INSITU_INLINE friend Mask operator==(XsimdVec a, XsimdVec b) { return a.value == b.value; }
  INSITU_INLINE friend XsimdVec select(Mask mask, XsimdVec a, XsimdVec b) { return xsimd::select(mask, a.value, b.value); }
  // b < a ? b : a and b > a ? b : a. That is x86's instruction with its operands swapped; Arm's orders -0 and +0 and is not used.
#if defined(__SSE2__)
  INSITU_INLINE friend XsimdVec min(XsimdVec a, XsimdVec b) { return xsimd::min(b.value, a.value); }
  INSITU_INLINE friend XsimdVec max(XsimdVec a, XsimdVec b) { return xsimd::max(b.value, a.value); }
#else
  INSITU_INLINE friend XsimdVec min(XsimdVec a, XsimdVec b) { return select(b < a, b, a); }
  INSITU_INLINE friend XsimdVec max(XsimdVec a, XsimdVec b) { return select(b > a, b, a); }
#endif

  INSITU_INLINE friend float sum_lanes(XsimdVec a) {
#if defined(__AVX512F__)
    if constexpr (Lanes == 16) {
      const __m256 high = _mm256_castpd_ps(_mm512_extractf64x4_pd(_mm512_castps_pd(a.value), 1));
      return sum_lanes(Narrower(typename Narrower::Batch(_mm256_add_ps(_mm512_castps512_ps256(a.value), high))));
    }
#endif
#if defined(INSITU_SVE)
    if constexpr (Lanes == 8) {
      Array<float, 8> x;
      a.store(x);
      return sum_lanes(Narrower::load(x) + Narrower::load(x + 4));
    }
#endif
#if defined(__AVX__)
    if constexpr (Lanes == 8) {
      return sum_lanes(Narrower(typename Narrower::Batch(_mm_add_ps(_mm256_castps256_ps128(a.value), _mm256_extractf128_ps(a.value, 1)))));
    }
#endif
    if constexpr (Lanes == 4) {
#if defined(__SSE2__)
      const __m128 pairs = _mm_add_ps(a.value, _mm_movehl_ps(a.value, a.value));
      return _mm_cvtss_f32(_mm_add_ss(pairs, _mm_shuffle_ps(pairs, pairs, 1)));
#else
      const float32x2_t pairs = vadd_f32(vget_low_f32(a.value), vget_high_f32(a.value));
      return vget_lane_f32(pairs, 0) + vget_lane_f32(pairs, 1);
#endif
    }
  }

  /// Rows become columns.
  INSITU_INLINE friend void transpose(XsimdVec& a, XsimdVec& b, XsimdVec& c, XsimdVec& d) requires(Lanes == 4 && Valid == 4) {
#if defined(__SSE2__)
    __m128 r0 = a.value, r1 = b.value, r2 = c.value, r3 = d.value;
    _MM_TRANSPOSE4_PS(r0, r1, r2, r3);
    a = Batch(r0), b = Batch(r1), c = Batch(r2), d = Batch(r3);
#else
    const float32x4x2_t ab = vtrnq_f32(a.value, b.value), cd = vtrnq_f32(c.value, d.value);
    a = Batch(vcombine_f32(vget_low_f32(ab.val[0]), vget_low_f32(cd.val[0])));
    b = Batch(vcombine_f32(vget_low_f32(ab.val[1]), vget_low_f32(cd.val[1])));
    c = Batch(vcombine_f32(vget_high_f32(ab.val[0]), vget_high_f32(cd.val[0])));
    d = Batch(vcombine_f32(vget_high_f32(ab.val[1]), vget_high_f32(cd.val[1])));
#endif
  }

  /// sum_lanes of four vectors at once: dX of 8 x 64 x 32 0.75 -> 0.58 us on Zen 3.
  INSITU_INLINE friend auto sum_lanes(XsimdVec a, XsimdVec b, XsimdVec c, XsimdVec d) {
    using Four = XsimdVec<4>;
#if defined(__SSE2__)
    __m128 ab, cd;  // of each vector a sum of the even and one of the odd lanes
#if defined(__AVX__)
    if constexpr (Lanes == 8) {
      const __m256 ac = _mm256_add_ps(_mm256_permute2f128_ps(a.value, c.value, 0x20), _mm256_permute2f128_ps(a.value, c.value, 0x31));
      const __m256 bd = _mm256_add_ps(_mm256_permute2f128_ps(b.value, d.value, 0x20), _mm256_permute2f128_ps(b.value, d.value, 0x31));
      const __m256 all = _mm256_add_ps(_mm256_shuffle_ps(ac, bd, 0x44), _mm256_shuffle_ps(ac, bd, 0xee));
      ab = _mm256_castps256_ps128(all), cd = _mm256_extractf128_ps(all, 1);
    }
#endif
    if constexpr (Lanes == 4) {
      ab = _mm_add_ps(_mm_movelh_ps(a.value, b.value), _mm_movehl_ps(b.value, a.value));
      cd = _mm_add_ps(_mm_movelh_ps(c.value, d.value), _mm_movehl_ps(d.value, c.value));
    }
    return Four(typename Four::Batch(_mm_add_ps(_mm_shuffle_ps(ab, cd, 0x88), _mm_shuffle_ps(ab, cd, 0xdd))));
#else
    if constexpr (Lanes == 8) {  // SVE
      const Array<float, 4> sums = {sum_lanes(a), sum_lanes(b), sum_lanes(c), sum_lanes(d)};
      return Four::load(sums);
    } else {
      const auto halves = [](XsimdVec v) INSITU_INLINE_LAMBDA { return vadd_f32(vget_low_f32(v.value), vget_high_f32(v.value)); };
      return Four(typename Four::Batch(vcombine_f32(vpadd_f32(halves(a), halves(b)), vpadd_f32(halves(c), halves(d)))));
    }
#endif
  }

#if XSIMD_VERSION_MAJOR < 9
  INSITU_INLINE friend Int bits(XsimdVec a) { return xsimd::bitwise_cast<Int>(a.value); }
  INSITU_INLINE static XsimdVec from_bits(Int b) { return xsimd::bitwise_cast<Batch>(b); }
#else
  INSITU_INLINE friend Int bits(XsimdVec a) { return xsimd::bitwise_cast<std::int32_t>(a.value); }
  INSITU_INLINE static XsimdVec from_bits(Int b) { return xsimd::bitwise_cast<float>(b); }
#endif
  INSITU_INLINE static Int broadcast_bits(std::int32_t b) { return Int(b); }
  template <int Shift>
  INSITU_INLINE static Int add_shifted(Int a, Int b) {
    return a + (b << Shift);
  }
  template <int Shift>
  INSITU_INLINE static Int shift_right(Int a) {  // zeros come in from the left, where xsimd's >> copies the sign
    return (a >> Shift) & Int(static_cast<std::int32_t>(0xffffffffu >> Shift));
  }

 private:
  INSITU_INLINE static void hide([[maybe_unused]] XsimdVec& v) {
#if defined(__AVX512F__)
    asm("" : "+v"(v.value.data));
#elif defined(__SSE2__)
    asm("" : "+x"(v.value.data));
#elif defined(__ARM_NEON)
    asm("" : "+w"(v.value.data));
#endif
  }
  template <class F>
  INSITU_INLINE static XsimdVec by_lane(F f, XsimdVec a, XsimdVec b, XsimdVec c) {
    alignas(64) Array<float, Lanes> x, y, z;
    a.value.store_unaligned(x);
    b.value.store_unaligned(y);
    c.value.store_unaligned(z);
    for (int k = 0; k < Lanes; ++k) x[k] = f(x[k], y[k], z[k]);
    return Batch::load_unaligned(x);
  }
};

}  // namespace insitu
