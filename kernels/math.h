/// exp, log, log1p, sigmoid, tanh, softplus and cos over any vector type: ours, so that they are the same bits on every target.
///
/// No table, no libm. NaN in gives NaN out. Errors are in ULP of the float result against double, the largest over the sweeps of tests/kernels/math.cpp,
/// which holds them. Polynomials were fitted here by iteratively reweighted least squares on the relative error, coefficient after coefficient rounded to
/// float. Results below 2^-126 are zero, so that targets that flush subnormals agree.
#pragma once

#include <cstddef>

#include "vec.h"

namespace insitu {

/// c[0] + c[1] x + c[2] x^2 + ... by Horner, one fma a coefficient.
template <std::size_t N, class V>
INSITU_INLINE V polynomial(V x, const float (&c)[N]) {
  V y = V::broadcast(c[N - 1]);
  unroll<static_cast<int>(N) - 1>([&](auto k) INSITU_INLINE_LAMBDA { y = fma(y, x, V::broadcast(c[N - 2 - k])); });
  return y;
}

/// Adding 1.5 x 2^23 rounds to an integer and leaves it in the low bits: no conversion, whose result out of range differs by instruction set.
inline constexpr float RoundingMagic = 12582912.0f;

/// e^x as p 2^n with n = round(x / ln 2) and p = e^(x - n ln 2), ln 2 in two parts; n goes into the exponent by its bits.
/// Infinite above `overflow`, zero below ln 2^-126.
template <class V>
INSITU_SHARED V exp_up_to(V x, float overflow) {
  constexpr float Coefficients[] = {1.0f, 1.0f, 0.49999994f, 0.16666521f, 0.041668292f, 0.0083687212f, 0.0013818742f};
  const V rounded = fma(x, V::broadcast(1.44269504f), V::broadcast(RoundingMagic));
  const V n = rounded - V::broadcast(RoundingMagic);
  V r = fma(n, V::broadcast(-0.693359375f), x);
  r = fma(n, V::broadcast(2.12194440e-4f), r);
  const V p = polynomial(r, Coefficients);
  V y = V::from_bits(V::template add_shifted<23>(bits(p), bits(rounded)));
  y = select(x < V::broadcast(-87.33654f), V::broadcast(0.0f), y);
  y = select(x > V::broadcast(overflow), V::broadcast(__builtin_inff()), y);
  return select(x == x, y, x);
}

/// e^x. Largest error 0.91 ULP.
template <class V>
INSITU_INLINE V exp(V x) {
  return exp_up_to(x, 88.72283f);
}

/// 1 / (1 + e^-x). Largest error 2.5 ULP. Through tanh it would be wrong by thousands of ULP for negative x.
template <class V>
INSITU_SHARED V sigmoid(V x) {
  const V one = V::broadcast(1.0f);
  return one / (one + exp_up_to(-x, 87.33654f));
}

/// (e^x - e^-x) / (e^x + e^-x) as x P(x^2) / Q(x^2), both of degree 4; 1 in float beyond 9.02, and exactly 1 where x is bounded. Largest error 5.6 ULP.
template <class V>
INSITU_INLINE V tanh(V x) {
  constexpr float P[] = {1.0f, 0.13379718f, 0.0034940359f, 2.0583502e-05f, 1.3319099e-08f};
  constexpr float Q[] = {1.0f, 0.46713033f, 0.025871078f, 3.2830951e-04f, 7.7620314e-07f};
  const V bounded = max(min(x, V::broadcast(9.22f)), V::broadcast(-9.22f));
  const V squared = bounded * bounded;
  const V y = bounded * polynomial(squared, P) / polynomial(squared, Q);
  return max(min(y, V::broadcast(1.0f)), V::broadcast(-1.0f));
}

/// ln x: n ln 2 + ln m with m in [sqrt(1/2), sqrt(2)). NaN below zero, -infinity at zero and for subnormal x. Largest error 0.9 ULP.
template <class V>
INSITU_INLINE V log(V x) {
  constexpr float Coefficients[] = {0.33333331f, -0.25000820f, 0.20001241f, -0.16623409f,
                                    0.14201580f, -0.13159610f, 0.12762216f, -0.076364353f};
  constexpr int SqrtHalf = 0x3f3504f3;
  const auto shifted = V::template add_shifted<0>(bits(x), V::broadcast_bits(0x3f800000 - SqrtHalf));
  const V n = V::from_bits(V::template shift_right<23>(shifted) | V::broadcast_bits(0x4b000000)) - V::broadcast(8388608.0f + 127.0f);
  const V m = V::from_bits(V::template add_shifted<0>(shifted & V::broadcast_bits(0x007fffff), V::broadcast_bits(SqrtHalf)));
  const V f = m - V::broadcast(1.0f);
  const V squared = f * f;
  V y = fma(n, V::broadcast(-2.12194440e-4f), f * squared * polynomial(f, Coefficients));
  y = fma(squared, V::broadcast(-0.5f), y);
  y = fma(n, V::broadcast(0.693359375f), f + y);
  const V infinity = V::broadcast(__builtin_inff());
  y = select(x < V::broadcast(0x1p-126f), -infinity, y);
  y = select(x < V::broadcast(0.0f), V::broadcast(__builtin_nanf("")), y);
  y = select(x == infinity, x, y);
  return select(x == x, y, x);
}

/// ln(1 + x) for x >= 0, without losing a small x to the rounding of 1 + x: the part that was lost is added to first order. Largest error 1.3 ULP.
template <class V>
INSITU_INLINE V log1p(V x) {
  const V one = V::broadcast(1.0f);
  const V sum = one + x;
  const V lost = x - (sum - one);
  const V y = log(sum) + lost / sum;
  return select(x > V::broadcast(16777216.0f), log(x), y);
}

/// ln(1 + e^x), finite for every finite x. Largest error 2.1 ULP.
template <class V>
INSITU_INLINE V softplus(V x) {
  return max(x, V::broadcast(0.0f)) + log1p(exp(-abs(x)));
}

/// cos x for |x| up to 8,192 (schedules and normal draws need [0, 2 pi]): the quarter turn nearest to x, then sine or cosine of the rest by polynomial.
/// Largest error 1e-7 absolute.
template <class V>
INSITU_INLINE V cos(V x) {
  constexpr float Sine[] = {-0.16666654f, 0.0083321063f, -1.9507883e-04f};
  constexpr float Cosine[] = {0.041666646f, -0.0013887308f, 2.4432104e-05f};
  const V rounded = fma(x, V::broadcast(0.636619772f), V::broadcast(RoundingMagic));
  const V n = rounded - V::broadcast(RoundingMagic);
  V r = fma(n, V::broadcast(-1.5703125f), x);  // pi / 2 in three parts, the first two of few bits so that n times them is exact
  r = fma(n, V::broadcast(-4.83751296997e-04f), r);
  r = fma(n, V::broadcast(-7.54978995489e-08f), r);
  const V squared = r * r;
  const V sine = fma(r * squared, polynomial(squared, Sine), r);
  const V cosine = fma(squared * squared, polynomial(squared, Cosine), fma(squared, V::broadcast(-0.5f), V::broadcast(1.0f)));
  const auto quarter = bits(rounded);
  const V odd = V::from_bits((quarter & V::broadcast_bits(1)) | V::broadcast_bits(0x4b000000));
  const V y = select(odd > V::broadcast(8388608.0f), sine, cosine);
  const auto second = V::template add_shifted<0>(quarter, V::broadcast_bits(1)) & V::broadcast_bits(2);  // quarters 1 and 2 are negative
  return V::from_bits(bits(y) ^ V::template add_shifted<30>(V::broadcast_bits(0), second));
}

}  // namespace insitu
