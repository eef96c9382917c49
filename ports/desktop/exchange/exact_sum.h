/// ExactSum: a sum of products n w without rounding, and so the same in any order; their mean, rounded once.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

namespace insitu::desktop {

/// A whole number of 384 bits in two's complement that counts 2^-149, the smallest float. A finite float is below 2^277 of them; with counts that sum to less than 2^62
/// nothing is lost.
class ExactSum {
 public:
  static constexpr std::uint64_t CountLimit = std::uint64_t{1} << 40;  ///< of one sample count
  static constexpr std::uint64_t TotalLimit = std::uint64_t{1} << 62;  ///< of all together

  /// Adds n w: w finite, n < CountLimit.
  void add(float w, std::uint64_t n) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(w), exponent = bits >> 23 & 255, fraction = bits & 0x7fffffu;
    const std::uint64_t product = (exponent == 0 ? fraction : fraction | 0x800000u) * n;  // 24 + 40 bits
    const unsigned shift = exponent == 0 ? 0 : exponent - 1, into = shift % 64;
    const std::uint64_t parts[] = {product << into, into == 0 ? 0 : product >> (64 - into)};
    const bool negative = bits >> 31 != 0;
    minus_zero_ = minus_zero_ && bits == 0x80000000u;
    std::uint64_t carry = 0;
    for (unsigned k = shift / 64, part = 0; k < Limbs; ++k, ++part) {
      const std::uint64_t value = part < 2 ? parts[part] : 0, old = limb_[k];
      limb_[k] = negative ? old - value - carry : old + value + carry;
      carry = negative ? (old < value || (old == value && carry != 0)) : (limb_[k] < old || (limb_[k] == old && carry != 0));
    }
  }

  /// The sum divided by `total`, to the nearest float, from halfway to the even one; -0 where nothing else was added. 0 < total < TotalLimit.
  float mean(std::uint64_t total) const {
    const bool negative = limb_[Limbs - 1] >> 63 != 0;
    std::uint64_t quotient[Limbs];
    std::uint64_t remainder = 0;
    magnitude(quotient, negative);
    for (unsigned k = Limbs; k-- > 0;) {
      const Wide dividend = static_cast<Wide>(remainder) << 64 | quotient[k];
      quotient[k] = static_cast<std::uint64_t>(dividend / total);
      remainder = static_cast<std::uint64_t>(dividend % total);
    }
    const float size = rounded(quotient, remainder, total);
    return negative || minus_zero_ ? -size : size;
  }

 private:
  __extension__ using Wide = unsigned __int128;
  static constexpr unsigned Limbs = 6;
  static constexpr int Mantissa = 24;
  std::uint64_t limb_[Limbs] = {};  // the lowest first
  bool minus_zero_ = true;          // whether all that was added is -0

  void magnitude(std::uint64_t (&to)[Limbs], bool negative) const {
    std::uint64_t carry = 1;
    for (unsigned k = 0; k < Limbs; ++k) {
      to[k] = negative ? ~limb_[k] + carry : limb_[k];
      carry = carry != 0 && to[k] == 0;
    }
  }

  static bool bit(const std::uint64_t (&q)[Limbs], int at) { return (q[at / 64] >> (at % 64) & 1) != 0; }

  static float rounded(const std::uint64_t (&q)[Limbs], std::uint64_t remainder, std::uint64_t total) {
    int top = static_cast<int>(Limbs) * 64 - 1;
    while (top >= 0 && !bit(q, top)) --top;
    const int dropped = top < Mantissa ? 0 : top + 1 - Mantissa;
    std::uint32_t kept = 0;
    for (int at = top; at >= dropped; --at) kept = kept << 1 | static_cast<std::uint32_t>(bit(q, at));
    bool above = false, half = false;  // half: at least half of the last place is cut off; above: more than just that
    if (dropped == 0) {
      half = remainder * 2 >= total;
      above = remainder * 2 > total;
    } else {
      half = bit(q, dropped - 1);
      above = remainder != 0;
      for (int at = 0; at < dropped - 1; ++at) above = above || bit(q, at);
    }
    if (half && (above || kept % 2 != 0)) ++kept;
    return std::ldexp(static_cast<float>(kept), dropped - 149);
  }
};

}  // namespace insitu::desktop
