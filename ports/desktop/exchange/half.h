/// Numbers of 16 bits as float, exactly.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

namespace insitu::desktop {

/// IEEE half precision.
inline float half(std::uint32_t bits) {
  const std::uint32_t sign = bits >> 15 << 31, exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000u | fraction << 13);
  const float size = exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                                   : std::ldexp(static_cast<float>(fraction | 1024), static_cast<int>(exponent) - 25);
  return sign != 0 ? -size : size;
}

/// bfloat16: the upper half of a float.
inline float brain(std::uint32_t bits) { return std::bit_cast<float>(bits << 16); }

/// bytes.size() / 2 little-endian numbers by one of the two.
template <class Convert>
std::vector<float> decode_halves(std::span<const unsigned char> bytes, const Convert& convert) {
  std::vector<float> values(bytes.size() / 2);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = convert(static_cast<std::uint32_t>(bytes[2 * k] | bytes[2 * k + 1] << 8));
  return values;
}

}  // namespace insitu::desktop
