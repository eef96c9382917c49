#include "kernels/order.h"

#include <doctest/doctest.h>
#include <string_view>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

/// A sum that writes down how it came about: the same letters in the same brackets mean the same order.
struct Term {
  char text[160] = {};
  Term() = default;
  explicit Term(char name) { text[0] = name; }
  friend Term operator+(const Term& a, const Term& b) {
    Term sum;
    int n = 0;
    const auto put = [&](const char* s) {
      while (*s) sum.text[n++] = *s++;
    };
    put("(");
    put(a.text);
    put("+");
    put(b.text);
    put(")");
    return sum;
  }
};

template <int Sums, int Count>
bool tree_is(const char* text) {
  Term s[std::size_t{Count}], t[std::size_t{Count}];
  for (int k = 0; k < Count; ++k) s[k] = t[k] = Term(static_cast<char>(k < 10 ? '0' + k : 'a' + k - 10));
  const Term kernel = tree_sum<Sums>(s), plain = reference::tree_sum(t, Sums, Count);
  const std::string_view want(text);
  return want == kernel.text && want == plain.text;
}

}  // namespace

TEST_CASE("tree_sum: the tree of the law, in the kernels and in the reference") {
  CHECK(tree_is<1, 1>("0"));
  CHECK(tree_is<2, 2>("(0+1)"));
  CHECK(tree_is<4, 4>("((0+2)+(1+3))"));
  CHECK(tree_is<8, 8>("(((0+4)+(2+6))+((1+5)+(3+7)))"));
  CHECK(tree_is<16, 16>("((((0+8)+(4+c))+((2+a)+(6+e)))+(((1+9)+(5+d))+((3+b)+(7+f))))"));
}

TEST_CASE("tree_sum: sums that no term reached are left out") {
  CHECK(tree_is<2, 1>("0"));
  CHECK(tree_is<4, 1>("0"));
  CHECK(tree_is<4, 3>("((0+2)+1)"));
  CHECK(tree_is<8, 2>("(0+1)"));
  CHECK(tree_is<8, 5>("(((0+4)+2)+(1+3))"));
  CHECK(tree_is<8, 7>("(((0+4)+(2+6))+((1+5)+3))"));
  CHECK(tree_is<16, 3>("((0+2)+1)"));
  CHECK(tree_is<16, 9>("((((0+8)+4)+(2+6))+((1+5)+(3+7)))"));
}

TEST_CASE("partial_sums: pinned, for every checksum of trained parameters depends on it") {
  constexpr int Pinned[][2] = {{1, 16}, {2, 4}, {3, 4}, {4, 4}, {10, 4}, {23, 4}, {24, 2}, {47, 2}, {48, 1}, {64, 1}, {1000, 1}};
  for (const auto& pin : Pinned) {
    CAPTURE(pin[0]);
    CHECK(partial_sums(pin[0]) == pin[1]);
  }
  for (int out = 1; out < 300; ++out) {
    const int sums = partial_sums(out);
    CHECK((sums >= 1 && sums <= partial_sums(1) && (sums & (sums - 1)) == 0));
  }
  static_assert(BackwardSums == 8);
}

TEST_CASE("reference::gemm: the order of the law written out for one case by hand") {
  // Out = 3 has four sums; five inputs: sum 0 takes inputs 0 and 4.
  const float x[5] = {1.1f, -2.3f, 0.7f, 5.9f, -3.1f};
  float W[15];
  check::Random random;
  for (float& w : W) w = random.uniform();
  const float b[3] = {0.1f, -0.2f, 0.3f};
  float y[3];
  reference::gemm(x, W, b, y, 1, 5, 3);
  for (int j = 0; j < 3; ++j) {
    const float s0 = fma(x[4], W[12 + j], fma(x[0], W[j], b[j])), s1 = fma(x[1], W[3 + j], 0.0f), s2 = fma(x[2], W[6 + j], 0.0f),
                s3 = fma(x[3], W[9 + j], 0.0f);
    const float left = s0 + s2, right = s1 + s3;
    CHECK(check::same(y[j], left + right));
  }
}

TEST_CASE("delta: zero below 2^-90, as it is from there on, NaN stays NaN") {
  const float least = 0x1p-90f, below = std::bit_cast<float>(check::pattern(least) - 1);
  for (float sign : {1.0f, -1.0f}) {
    CHECK(delta(Scalar(sign * least)).value == sign * least);
    CHECK(check::same(delta(Scalar(sign * below)).value, 0.0f));
    CHECK(check::same(delta(Scalar(sign * 0x1p-149f)).value, 0.0f));
    CHECK(delta(Scalar(sign * 0.1f)).value == sign * 0.1f);
    CHECK(delta(Scalar(sign * __builtin_inff())).value == sign * __builtin_inff());
  }
  CHECK(check::nan(delta(Scalar(__builtin_nanf(""))).value));
  float x[Vec::lanes];
  for (float& e : x) e = below;
  x[0] = least;
  delta(Vec::load(x)).store(x);
  CHECK(x[0] == least);
  if (Vec::lanes > 1) CHECK(x[Vec::lanes - 1] == 0.0f);
}
