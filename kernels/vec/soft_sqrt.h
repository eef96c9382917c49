/// The square root by integers, correctly rounded, for cores without an FPU.
#pragma once

#include <bit>
#include <cstdint>

namespace insitu {

/// Digit by digit: 25 bits of the root of the mantissa (24 and one to round by), a remainder that says whether more would follow.
[[gnu::noinline]] inline float soft_sqrt(float x) {
  auto bits = std::bit_cast<std::uint32_t>(x);
  if ((bits << 1) == 0) return x;                                                               // +0 and -0
  if (bits >= 0x7f800000u) return bits == 0x7f800000u ? x : std::bit_cast<float>(0x7fc00000u);  // +Inf; NaN; below zero
  auto exponent = static_cast<std::int32_t>(bits >> 23);
  std::uint32_t mantissa = bits & 0x007fffffu;
  if (exponent == 0) {
    const int shift = std::countl_zero(mantissa) - 8;
    mantissa <<= shift;
    exponent = 1 - shift;
  } else {
    mantissa |= 0x00800000u;
  }
  exponent -= 127;
  if (exponent & 1) mantissa <<= 1;  // an even power of two remains: root = sqrt(mantissa) 2^(exponent / 2)
  exponent >>= 1;
  mantissa <<= 1;
  std::uint32_t root = 0, sum = 0;
  for (std::uint32_t bit = 0x01000000u; bit != 0; bit >>= 1) {
    const std::uint32_t trial = sum + bit;
    if (trial <= mantissa) {
      sum = trial + bit;
      mantissa -= trial;
      root += bit;
    }
    mantissa <<= 1;
  }
  if (mantissa != 0) root += root & 1;  // a root is never halfway between two floats, so round up by the last bit
  return std::bit_cast<float>((root >> 1) + (static_cast<std::uint32_t>(exponent + 126) << 23));
}

}  // namespace insitu
