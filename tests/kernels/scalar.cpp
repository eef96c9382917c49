#include "kernels/vec/scalar.h"

#include <doctest/doctest.h>

#include "kernels/vec/soft_fma.h"
#include "kernels/vec/soft_sqrt.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

/// A correctly rounded fma to judge by: the processor's, or glibc's; newlib's rounds twice.
#if defined(INSITU_HARDWARE_FMA) || defined(__GLIBC__)
constexpr bool HaveJudge = true;
float judge(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
#else
constexpr bool HaveJudge = false;
float judge(float a, float b, float c) { return soft_fma_integer(a, b, c); }
#endif

bool exempt(float a, float b, float c, float y) {
  return check::FlushesSubnormals && (check::subnormal(a) || check::subnormal(b) || check::subnormal(c) || check::subnormal(y));
}

struct Triples {
  int total = 0, integer_wrong = 0, double_wrong = 0, fma_wrong = 0;
  float a = 0, b = 0, c = 0;  ///< the last that went wrong

  void operator()(float x, float y, float z) {
    ++total;
    const float integer = soft_fma_integer(x, y, z), by_double = soft_fma_double(x, y, z), own = insitu::fma(x, y, z),
                want = judge(x, y, z);
    if (exempt(x, y, z, integer)) return;
    const bool wrong[] = {!check::same(integer, want), !check::same(by_double, want), !check::same(own, want)};
    integer_wrong += wrong[0];
    double_wrong += wrong[1];
    fma_wrong += wrong[2];
    if (wrong[0] || wrong[1] || wrong[2]) a = x, b = y, c = z;
  }
  void verdict() const {
    CAPTURE(HaveJudge);
    CAPTURE(a);
    CAPTURE(b);
    CAPTURE(c);
    CHECK(integer_wrong == 0);
    CHECK(double_wrong == 0);
    CHECK(fma_wrong == 0);
  }
};

constexpr std::uint32_t SpecialPatterns[] = {
    0x00000000u, 0x00000001u, 0x00000002u, 0x00000003u, 0x003fffffu, 0x00400000u, 0x007fffffu, 0x00800000u, 0x00800001u,
    0x00ffffffu, 0x01000000u, 0x0b800000u, 0x1f800000u, 0x20000001u, 0x33800000u, 0x33800001u, 0x34000000u, 0x3effffffu,
    0x3f000000u, 0x3f7fffffu, 0x3f800000u, 0x3f800001u, 0x3fc00000u, 0x3fffffffu, 0x40000000u, 0x4b000000u, 0x4b7fffffu,
    0x4b800001u, 0x5f7fffffu, 0x7e800000u, 0x7effffffu, 0x7f000000u, 0x7f7fffffu, 0x7f800000u, 0x7f800001u, 0x7fc00000u,
};

float special(int k) {
  constexpr int N = static_cast<int>(sizeof SpecialPatterns / sizeof SpecialPatterns[0]);
  return std::bit_cast<float>(SpecialPatterns[k % N] | (k >= N ? 0x80000000u : 0u));
}
constexpr int Specials = 2 * static_cast<int>(sizeof SpecialPatterns / sizeof SpecialPatterns[0]);

}  // namespace

TEST_CASE("software fma: every triple of special numbers") {
  Triples check_triple;
  for (int a = 0; a < Specials; ++a) {
    for (int b = 0; b < Specials; ++b) {
      for (int c = a % check::Slowness; c < Specials; c += check::Slowness) check_triple(special(a), special(b), special(c));
    }
  }
  CHECK(check_triple.total > 5000);
  check_triple.verdict();
}

TEST_CASE("software fma: random triples over all patterns") {
  Triples check_triple;
  check::Random random;
  for (int k = 0; k < 1000000 / check::Slowness; ++k) check_triple(random.any(), random.any(), random.any());
  check_triple.verdict();
}

TEST_CASE("software fma: hard triples, whose addend nearly cancels the product or sits at half a unit of it") {
  Triples check_triple;
  check::Random random{77};
  for (int k = 0; k < 1000000 / check::Slowness; ++k) {
    const float a = std::bit_cast<float>((random.next() & 0x807fffffu) | (96u + random.next() % 64) << 23);
    const float b = std::bit_cast<float>((random.next() & 0x807fffffu) | (96u + random.next() % 64) << 23);
    const float product = a * b;
    float c = product;
    switch (random.next() % 5) {
      case 0:
        c = -product;
        break;  // leaves the rounding error of the product
      case 1:
        c = std::bit_cast<float>(check::pattern(-product) + random.next() % 5 - 2);
        break;  // a few units next to it
      case 2:
        c = std::bit_cast<float>((check::pattern(product) & 0xff800000u) ^ (random.next() & 0x80000000u)) * 0x1p-24f;
        break;  // half a unit
      case 3:
        c = std::bit_cast<float>((check::pattern(product) & 0xff800000u) ^ (random.next() & 0x80000000u)) * 0x1p+24f;
        break;  // the product is half a unit
      default:
        c = std::bit_cast<float>(check::pattern(product) ^ (random.next() & 0x80000fffu));
        break;
    }
    check_triple(a, b, c);
  }
  check_triple.verdict();
}

TEST_CASE("software fma: results that are subnormal, with ties") {
  Triples check_triple;
  check::Random random{5};
  for (int k = 0; k < 500000 / check::Slowness; ++k) {
    const std::uint32_t e = 1 + random.next() % 40, f = 127 - 30 + random.next() % 60;
    const float a = std::bit_cast<float>((random.next() & 0x80700000u) | e << 23);  // few bits, so that ties happen
    const float b = std::bit_cast<float>((random.next() & 0x80780000u) | f % 127 << 23);
    const float c = std::bit_cast<float>(random.next() & (k % 2 ? 0x800fffffu : 0x80000003u));
    check_triple(a, b, c);
  }
  check_triple.verdict();
}

TEST_CASE("software fma: sums whose rounding to double is odd and next to a tie of float, where an error of the last bit decides") {
  // a b + 1 is 1 + 2^-24 + 2^-52 less a little (three times), then 1 + 2^-24 - 2^-52 and a little.
  constexpr float Hard[][2] = {{0x1.3feb18p-12f, 0x1.99b45ep-13f}, {0x1.25b1fp-12f, 0x1.be4938p-13f}, {0x1.2620ecp-12f, 0x1.bda0d2p-13f},
                               {0x1.4bb34cp-12f, 0x1.8b26dcp-13f}, {0x1.4618ap-12f, 0x1.91f158p-13f}, {0x1.15b888p-12f, 0x1.d7f4bap-13f}};
  for (int k = 0; k < 6; ++k) {
    CAPTURE(k);
    const float a = Hard[k][0], b = Hard[k][1], want = k < 3 ? 0x1.000002p+0f : 1.0f;
    CHECK(soft_fma_integer(a, b, 1.0f) == want);
    CHECK(soft_fma_double(a, b, 1.0f) == want);
    CHECK(soft_fma_double(-a, b, -1.0f) == -want);
    CHECK(insitu::fma(a, b, 1.0f) == want);
  }
}

TEST_CASE("fma rounds once, software and own") {
  CHECK(soft_fma_integer(1.0f + 0x1p-12f, 1.0f - 0x1p-12f, -1.0f) == -0x1p-24f);
  CHECK(soft_fma_double(1.0f + 0x1p-12f, 1.0f - 0x1p-12f, -1.0f) == -0x1p-24f);
  CHECK(insitu::fma(1.0f + 0x1p-12f, 1.0f - 0x1p-12f, -1.0f) == -0x1p-24f);
  // 1 + 2^-24 + 2^-60: the double product-and-sum lands on a tie of float and rounds down; one rounding goes up.
  const float tiny = 0x1p-30f;
  CHECK(soft_fma_integer(tiny, tiny, 1.0f) == 1.0f);
  const float a = 0x1.000002p+0f, b = 0x1.0p-24f;  // product 2^-24 + 2^-47
  CHECK(soft_fma_integer(a, b, 1.0f) == 0x1.000002p+0f);
  CHECK(soft_fma_double(a, b, 1.0f) == 0x1.000002p+0f);
  CHECK(insitu::fma(a, b, 1.0f) == 0x1.000002p+0f);
}

TEST_CASE("software square root: the root in double, rounded to float, which is exact") {
  int wrong = 0, own_wrong = 0;
  const auto compare = [&](float x) {
    if (check::FlushesSubnormals && check::subnormal(x)) return;
    const float want = static_cast<float>(std::sqrt(static_cast<double>(x)));
    wrong += !check::same(soft_sqrt(x), want);
    own_wrong += !check::same(insitu::sqrt(x), want);
  };
  for (int k = 0; k < Specials; ++k) compare(special(k));
  for (std::uint32_t p = 0x3f800000u; p < 0x40800000u; p += 251u * check::Slowness)
    compare(std::bit_cast<float>(p));  // both parities of the exponent
  for (std::uint64_t p = 0; p < 1ull << 32; p += 10007u * check::Slowness) compare(std::bit_cast<float>(static_cast<std::uint32_t>(p)));
  for (int k = 1; k < 5000; ++k) {  // squares and their neighbours
    const float square = static_cast<float>(k * k);
    compare(square), compare(std::nextafter(square, 0.0f)), compare(std::nextafter(square, 1e9f));
  }
  CHECK(wrong == 0);
  CHECK(own_wrong == 0);
}
