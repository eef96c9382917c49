/// HeliumVec: the vector vocabulary with the four lanes of Helium (Cortex-M55, M85). The only file that includes arm_mve.h.
///
/// Helium flushes subnormals, whatever FPSCR says: there, and only there, results may differ from other targets. Division and square root it has not.
#pragma once

#include <arm_mve.h>

#include <cstdint>

#include "scalar.h"

namespace insitu {

struct HeliumVec {
  static constexpr int lanes = 4;
  using Mask = mve_pred16_t;
  using Int = int32x4_t;
  using Narrower = Scalar;
  template <int>
  using Tail = Scalar;

  float32x4_t value;

  HeliumVec() = default;
  INSITU_INLINE HeliumVec(float32x4_t v) : value(v) {}
  INSITU_INLINE HeliumVec(float x) : value(vdupq_n_f32(x)) {}
  INSITU_INLINE static HeliumVec broadcast(float x) { return vdupq_n_f32(x); }
  INSITU_INLINE static HeliumVec first_lane(float x) { return vsetq_lane_f32(x, vdupq_n_f32(0.0f), 0); }
  /// Through a type of our own: GCC 12 does not order vld1q_f32 and vst1q_f32 with plain accesses to the same memory (wrong results at -O3).
  INSITU_INLINE static HeliumVec load(const float* p) { return static_cast<float32x4_t>(*reinterpret_cast<const InMemory*>(p)); }
  INSITU_INLINE void store(float* p) const { *reinterpret_cast<InMemory*>(p) = static_cast<InMemory>(value); }
  INSITU_INLINE HeliumVec held() const { return *this; }

  INSITU_INLINE friend HeliumVec operator+(HeliumVec a, HeliumVec b) { return vaddq_f32(a.value, b.value); }
  INSITU_INLINE friend HeliumVec operator-(HeliumVec a, HeliumVec b) { return vsubq_f32(a.value, b.value); }
  INSITU_INLINE friend HeliumVec operator-(HeliumVec a) { return vnegq_f32(a.value); }
  INSITU_INLINE friend HeliumVec operator*(HeliumVec a, HeliumVec b) {
    float32x4_t product = vmulq_f32(a.value, b.value);
    asm("" : "+w"(product));
    return product;
  }
  INSITU_INLINE friend HeliumVec operator/(HeliumVec a, HeliumVec b) {
    for (int k = 0; k < lanes; ++k) a.value[k] = a.value[k] / b.value[k];
    return a;
  }
  INSITU_INLINE friend HeliumVec fma(HeliumVec a, HeliumVec b, HeliumVec c) { return vfmaq_f32(c.value, a.value, b.value); }
  INSITU_INLINE friend HeliumVec sqrt(HeliumVec a) {
    for (int k = 0; k < lanes; ++k) a.value[k] = insitu::sqrt(a.value[k]);
    return a;
  }

  // Only "greater": Helium defines "less" as its inverse, which is true for NaN.
  INSITU_INLINE friend Mask operator>(HeliumVec a, HeliumVec b) { return vcmpgtq_f32(a.value, b.value); }
  INSITU_INLINE friend Mask operator>=(HeliumVec a, HeliumVec b) { return vcmpgeq_f32(a.value, b.value); }
  INSITU_INLINE friend Mask operator<(HeliumVec a, HeliumVec b) { return b > a; }
  INSITU_INLINE friend Mask operator<=(HeliumVec a, HeliumVec b) { return b >= a; }
  INSITU_INLINE friend Mask operator==(HeliumVec a, HeliumVec b) { return vcmpeqq_f32(a.value, b.value); }
  INSITU_INLINE friend HeliumVec select(Mask mask, HeliumVec a, HeliumVec b) { return vpselq_f32(a.value, b.value, mask); }
  INSITU_INLINE friend HeliumVec min(HeliumVec a, HeliumVec b) { return select(b < a, b, a); }
  INSITU_INLINE friend HeliumVec max(HeliumVec a, HeliumVec b) { return select(b > a, b, a); }
  INSITU_INLINE friend float sum_lanes(HeliumVec a) { return (a.value[0] + a.value[2]) + (a.value[1] + a.value[3]); }

  INSITU_INLINE friend Int bits(HeliumVec a) { return vreinterpretq_s32_f32(a.value); }
  INSITU_INLINE static HeliumVec from_bits(Int b) { return vreinterpretq_f32_s32(b); }
  INSITU_INLINE static Int broadcast_bits(std::int32_t b) { return vdupq_n_s32(b); }
  template <int Shift>
  INSITU_INLINE static Int add_shifted(Int a, Int b) {
    if constexpr (Shift > 0) b = vshlq_n_s32(b, Shift);
    return vaddq_s32(a, b);
  }
  template <int Shift>
  INSITU_INLINE static Int shift_right(Int a) {
    return vreinterpretq_s32_u32(vshrq_n_u32(vreinterpretq_u32_s32(a), Shift));
  }

 private:
  typedef float InMemory __attribute__((vector_size(16), aligned(4), may_alias));
};

}  // namespace insitu
