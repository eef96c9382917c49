#include "kernels/math.h"

#include <doctest/doctest.h>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

constexpr float Infinity = __builtin_inff();
[[maybe_unused]] const float NaN = __builtin_nanf("");

#define OVER(function)                                                   \
  struct {                                                               \
    template <class V>                                                   \
    V operator()(V x) const {                                            \
      return function(x);                                                \
    }                                                                    \
    double operator()(double x) const { return reference::function(x); } \
  }
constexpr OVER(exp) Exp;
constexpr OVER(log) Log;
constexpr OVER(log1p) Log1p;
constexpr OVER(sigmoid) Sigmoidal;
constexpr OVER(tanh) Tangent;
constexpr OVER(softplus) Softplus;
constexpr OVER(cos) Cosine;
#undef OVER

/// |got - want| in units of the last place of want; results that are subnormal or zero in float count from 2^-126.
double ulps(float got, double want) {
  int exponent;
  std::frexp(want, &exponent);
  const double unit = std::ldexp(1.0, (exponent < -125 ? -125 : exponent) - 24);
  return std::fabs(static_cast<double>(got) - want) / unit;
}

struct Sweep {
  double worst = 0;
  float worst_at = 0;
  int lanes_differ = 0;
  int compared = 0;
};

/// f over every `stride`-th pattern of the numbers from..to (same sign), a whole vector at a time, each lane again alone; error(got, want)
/// against double.
template <class F, class Error>
Sweep sweep(const F& f, float from, float to, std::uint32_t stride, const Error& error) {
  constexpr int N = 16;
  Sweep result;
  float x[N], y[N];
  int filled = 0;
  const std::uint32_t last = check::pattern(to);
  for (std::uint64_t p = check::pattern(from); p <= last; p += stride) {
    x[filled++] = std::bit_cast<float>(static_cast<std::uint32_t>(p));
    if (filled < N) continue;
    filled = 0;
    for_lanes<N>([&]<class V>(int k) { f(V::load(x + k)).store(y + k); });
    for (int k = 0; k < N; ++k) {
      result.lanes_differ += !check::same(y[k], f(Scalar(x[k])).value);
      const double e = error(y[k], f(static_cast<double>(x[k])));
      if (!(e <= result.worst)) result.worst = e, result.worst_at = x[k];
    }
    result.compared += N;
  }
  return result;
}

/// The error in the header's comment is what is measured: not more, and on a full sweep not much less.
template <class F>
void check_ulps(const F& f, float from, float to, double claimed, bool tight) {
  const Sweep s = sweep(f, from, to, 997u * check::Slowness + (check::Slowness > 1), ulps);
  CAPTURE(from);
  CAPTURE(s.worst_at);
  CHECK(s.compared > 1000);
  CHECK(s.lanes_differ == 0);
  CHECK(s.worst <= claimed);
  if (tight && check::Slowness == 1) CHECK(s.worst > 0.85 * claimed);
}

template <class F>
float at(const F& f, float x) {
  return f(Scalar(x)).value;
}

}  // namespace

TEST_CASE("exp: within its ULP over all floats whose result is normal") {
  check_ulps(Exp, 0x1p-126f, 88.7228f, 0.91, true);
  check_ulps(Exp, -0x1p-126f, -87.3365f, 0.91, true);
}

TEST_CASE("sigmoid: within its ULP") {
  check_ulps(Sigmoidal, 0x1p-126f, 1e30f, 2.5, false);
  check_ulps(Sigmoidal, -0x1p-126f, -87.3365f, 2.5, true);
}

TEST_CASE("tanh: within its ULP, odd") {
  check_ulps(Tangent, 0x1p-126f, 1e30f, 5.6, true);
  for (float x = 0.0f; x < 12.0f; x += 0.0078125f) CHECK(check::same(at(Tangent, -x), -at(Tangent, x)));
}

TEST_CASE("log: within its ULP over all normal floats") { check_ulps(Log, 0x1p-126f, 3.4e38f, 0.9, true); }

TEST_CASE("log1p: within its ULP over all normal floats") { check_ulps(Log1p, 0x1p-126f, 3.4e38f, 1.3, true); }

TEST_CASE("softplus: within its ULP while the result is normal") {
  check_ulps(Softplus, 0x1p-126f, 3.4e38f, 2.1, true);
  check_ulps(Softplus, -0x1p-126f, -87.33f, 2.1, true);
}

TEST_CASE("cos: within its absolute error") {
  const auto absolute = [](float got, double want) { return std::fabs(static_cast<double>(got) - want); };
  for (float sign : {1.0f, -1.0f}) {
    const Sweep s = sweep(Cosine, sign * 0x1p-126f, sign * 8192.0f, 97u * check::Slowness, absolute);
    CAPTURE(s.worst_at);
    CHECK(s.lanes_differ == 0);
    CHECK(s.worst <= 1e-7);
    if (check::Slowness == 1) CHECK(s.worst > 0.85e-7);
  }
}

TEST_CASE("math: NaN in, NaN out, with either sign and any payload") {
  for (std::uint32_t p : {0x7fc00000u, 0xffc00000u, 0x7f800001u, 0xffffffffu}) {
    const float x = std::bit_cast<float>(p);
    CHECK(check::nan(at(Exp, x)));
    CHECK(check::nan(at(Log, x)));
    CHECK(check::nan(at(Log1p, x)));
    CHECK(check::nan(at(Sigmoidal, x)));
    CHECK(check::nan(at(Tangent, x)));
    CHECK(check::nan(at(Softplus, x)));
    CHECK(check::nan(at(Cosine, x)));
  }
}

TEST_CASE("math: exact at zeros, at infinities and past the ends") {
  const float large = 3e38f;
  for (float zero : {0.0f, -0.0f}) {
    CHECK(at(Exp, zero) == 1.0f);
    CHECK(at(Sigmoidal, zero) == 0.5f);
    CHECK(check::same(at(Tangent, zero), zero));
    CHECK(at(Log, zero) == -Infinity);
    CHECK(at(Log1p, zero) == 0.0f);
    CHECK(at(Softplus, zero) == doctest::Approx(0.6931472).epsilon(1e-7));
    CHECK(at(Cosine, zero) == 1.0f);
  }
  for (float x : {Infinity, large, 89.0f}) {
    CHECK(at(Exp, x) == Infinity);
    CHECK(check::same(at(Exp, -x), 0.0f));
    CHECK(at(Sigmoidal, x) == 1.0f);
    CHECK(check::same(at(Sigmoidal, -x), 0.0f));
    CHECK(at(Tangent, x) == 1.0f);
    CHECK(at(Tangent, -x) == -1.0f);
    CHECK(at(Softplus, x) == x);
    CHECK(check::same(at(Softplus, -x), 0.0f));
    CHECK(check::nan(at(Log, -x)));
  }
  CHECK(at(Log, Infinity) == Infinity);
  CHECK(at(Log1p, Infinity) == Infinity);
  CHECK(at(Log, 1.0f) == 0.0f);
  CHECK(check::nan(at(Log, -0x1p-126f)));
}

TEST_CASE("math: monotonic where a network leans on it: saturation never swings back") {
  float last_sigmoid = 0, last_tanh = -1, last_exp = 0;
  int back = 0;
  for (float x = -90.0f; x < 90.0f; x += 0.01f) {
    const float s = at(Sigmoidal, x), t = at(Tangent, x), e = at(Exp, x);
    back += s < last_sigmoid * (1 - 4e-7f);
    back += t < last_tanh - 4e-7f;
    back += e < last_exp;
    back += !(s >= 0.0f && s <= 1.0f && t >= -1.0f && t <= 1.0f);
    last_sigmoid = s, last_tanh = t, last_exp = e;
  }
  CHECK(back == 0);
}

TEST_CASE("exp over the whole line: no float pattern gives anything but a number from 0 to infinity, or NaN for NaN") {
  int odd = 0;
  for (std::uint64_t p = 0; p < 1ull << 32; p += 10007 * check::Slowness) {
    const float x = std::bit_cast<float>(static_cast<std::uint32_t>(p)), y = at(Exp, x), t = at(Tangent, x), s = at(Sigmoidal, x);
    const bool bad = check::nan(x) ? !(check::nan(y) && check::nan(t) && check::nan(s))
                                   : !(y >= 0.0f) || !(t >= -1.0f && t <= 1.0f) || !(s >= 0.0f && s <= 1.0f) || check::subnormal(y) ||
                                         check::subnormal(s);
    odd += bad;
  }
  CHECK(odd == 0);
}
