/// fma for targets that have none: correctly rounded, subnormals, infinities and signed zeros included (NaN in kind only).
///
/// newlib's fmaf rounds twice and glibc's costs a call, so both are written here. Their agreement with a hardware fma is tested in tests/kernels/scalar.cpp.
#pragma once

#include <bit>
#include <cstdint>

namespace insitu {

/// By integers only, for soft-float cores: the 48-bit product and the addend are aligned at bit 60 of 64, with a sticky bit for what is shifted out.
[[gnu::noinline]] inline float soft_fma_integer(float x, float y, float z) {
  const auto a = std::bit_cast<std::uint32_t>(x), b = std::bit_cast<std::uint32_t>(y), c = std::bit_cast<std::uint32_t>(z);
  constexpr std::uint32_t Infinity = 0x7f800000u, Hidden = 0x00800000u, Fraction = 0x007fffffu, Sign = 0x80000000u;
  std::int32_t ea = static_cast<std::int32_t>(a >> 23 & 255), eb = static_cast<std::int32_t>(b >> 23 & 255),
               ec = static_cast<std::int32_t>(c >> 23 & 255);
  std::uint32_t ma = a & Fraction, mb = b & Fraction, mc = c & Fraction;
  std::uint32_t sign = (a ^ b) & Sign;
  const std::uint32_t addend_sign = c & Sign;

  if (ea == 255 || eb == 255 || ec == 255) [[unlikely]] {
    const bool product_infinite = ea == 255 || eb == 255;
    const bool nan = (ea == 255 && ma != 0) || (eb == 255 && mb != 0) || (ec == 255 && mc != 0) ||
                     (product_infinite && ((a << 1) == 0 || (b << 1) == 0)) || (product_infinite && ec == 255 && sign != addend_sign);
    return std::bit_cast<float>(nan ? 0x7fc00000u : Infinity | (product_infinite ? sign : addend_sign));
  }
  if ((a << 1) == 0 || (b << 1) == 0) return (c << 1) == 0 ? std::bit_cast<float>(sign & addend_sign) : z;

  const auto normalise = [](std::int32_t& exponent, std::uint32_t& mantissa) {
    if (exponent != 0) {
      mantissa |= Hidden;
    } else {
      const int shift = std::countl_zero(mantissa) - 8;
      mantissa <<= shift;
      exponent = 1 - shift;
    }
  };
  // v >> n with the bits that fall off or-ed into the lowest
  const auto shift_sticky = [](std::uint64_t v, std::int32_t n) -> std::uint64_t {
    if (n <= 0) return v;
    if (n > 63) return v != 0;
    return v >> n | static_cast<std::uint64_t>((v << (64 - n)) != 0);
  };

  normalise(ea, ma);
  normalise(eb, mb);
  std::uint64_t product = static_cast<std::uint64_t>(ma) * mb << 14;  // its leading bit is 60 or 61
  std::int32_t exponent = ea + eb - 127;                              // of bit 60
  if ((c << 1) != 0) {
    if (ec != 0) {
      mc |= Hidden;
    } else {
      ec = 1;
    }
    std::uint64_t addend = static_cast<std::uint64_t>(mc) << 37;  // its leading bit is 60 unless subnormal
    if (exponent >= ec) {
      addend = shift_sticky(addend, exponent - ec);
    } else {
      product = shift_sticky(product, ec - exponent);
      exponent = ec;
    }
    if (sign == addend_sign) {
      product += addend;
    } else if (product >= addend) {
      if (product == addend) return 0.0f;
      product -= addend;
    } else {
      product = addend - product;
      sign = addend_sign;
    }
  }
  const int shift = std::countl_zero(product) - 1;  // leading bit to 62
  product <<= shift;
  exponent += 2 - shift;
  if (exponent >= 255) return std::bit_cast<float>(sign | Infinity);
  if (exponent <= 0) {
    product = shift_sticky(product, 1 - exponent);
    exponent = 0;
  } else {
    product &= ~(1ull << 62);
  }
  // 23 bits of fraction above bit 39, the rest decides the rounding: to nearest, ties to even. A carry runs into the exponent as it should.
  std::uint32_t result = static_cast<std::uint32_t>(product >> 39) + (static_cast<std::uint32_t>(exponent) << 23);
  const std::uint64_t rest = product & ((1ull << 39) - 1), half = 1ull << 38;
  result += static_cast<std::uint32_t>(rest > half) | (static_cast<std::uint32_t>(rest == half) & result);
  return std::bit_cast<float>(sign | result);
}

/// By doubles, for targets that have them in hardware (x86 without FMA): the product is exact; the sum is rounded to odd (Boldo and Melquiond,
/// "Emulation of a FMA and correctly rounded sums", 2008), so that the rounding to float that follows is the only one that counts.
[[gnu::noinline]] inline float soft_fma_double(float x, float y, float z) {
  const double product = static_cast<double>(x) * static_cast<double>(y);
  const double addend = static_cast<double>(z);
  const double sum = product + addend;
  const double back = sum - product;
  const double error = (product - (sum - back)) + (addend - back);  // two-sum: product + addend == sum + error
  auto pattern = std::bit_cast<std::uint64_t>(sum);
  const bool finite = (pattern << 1) < 0xffe0000000000000ull;
  if (finite && error != 0.0 && (pattern & 1) == 0) pattern += (error > 0.0) == (sum > 0.0) ? 1ull : ~0ull;
  return static_cast<float>(std::bit_cast<double>(pattern));
}

inline float soft_fma(float a, float b, float c) {
#if defined(__SSE2__) || (defined(__ARM_FP) && (__ARM_FP & 8))
  return soft_fma_double(a, b, c);
#else
  return soft_fma_integer(a, b, c);
#endif
}

}  // namespace insitu
