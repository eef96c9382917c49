#include "kernels/vec.h"

#include <doctest/doctest.h>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

constexpr float Specials[] = {0.0f,
                              -0.0f,
                              1.0f,
                              -1.0f,
                              0x1.fffffep+127f,
                              -0x1.fffffep+127f,
                              0x1p-126f,
                              -0x1p-126f,
                              0x1p-149f,
                              -0x1p-149f,
                              0x1.fffffcp-127f,
                              __builtin_inff(),
                              -__builtin_inff(),
                              2.0f,
                              3.0f,
                              0x1.000002p+0f,
                              0.1f,
                              16777216.0f,
                              12582912.0f};
constexpr int SpecialCount = static_cast<int>(sizeof Specials / sizeof Specials[0]) + 1;
[[maybe_unused]] float special(int k) { return k % SpecialCount == 0 ? __builtin_nanf("") : Specials[k % SpecialCount - 1]; }

/// Operation on vectors V and on Scalar, three operands in, one out. Each is a template on the vector type.
#define OPERATION(name, expression)                                \
  struct name {                                                    \
    template <class V>                                             \
    static V of(V a, [[maybe_unused]] V b, [[maybe_unused]] V c) { \
      return expression;                                           \
    }                                                              \
  }
OPERATION(Add, a + b);
OPERATION(Subtract, a - b);
OPERATION(Multiply, a* b);
OPERATION(Divide, a / b);
OPERATION(Negate, -a);
OPERATION(MultiplyAdd, fma(a, b, c));
OPERATION(SquareRoot, sqrt(a));
OPERATION(Absolute, abs(a));
OPERATION(Minimum, min(a, b));
OPERATION(Maximum, max(a, b));
OPERATION(Greater, select(a > b, c, a));
OPERATION(GreaterEqual, select(a >= b, c, a));
OPERATION(Less, select(a < b, c, a));
OPERATION(LessEqual, select(a <= b, c, a));
OPERATION(Equal, select(a == b, c, a));
OPERATION(Held, a.held());
OPERATION(Bits, V::from_bits(bits(a)));
OPERATION(BitsAnd, V::from_bits(bits(a) & V::broadcast_bits(0x7fff00ff)));
OPERATION(BitsOr, V::from_bits((bits(a) & V::broadcast_bits(1)) | V::broadcast_bits(0x4b000000)));
OPERATION(BitsXor, V::from_bits(bits(a) ^ V::broadcast_bits(0x00000101)));
OPERATION(AddShifted0, V::from_bits(V::template add_shifted<0>(bits(a), bits(b))));
OPERATION(AddShifted23, V::from_bits(V::template add_shifted<23>(bits(a), bits(b))));
OPERATION(ShiftRight23, V::from_bits(V::template shift_right<23>(bits(a)) | V::broadcast_bits(0x4b000000)));
#undef OPERATION

/// Lanes of V in which the operation differs from Scalar, over all pairs of special numbers and over random ones.
template <class Operation, class V>
int differences(int random_rounds) {
  constexpr int N = V::lanes;
  int wrong = 0;
  const auto compare = [&](const float* a, const float* b, const float* c) {
    float y[std::size_t{N}];
    Operation::of(V::load(a), V::load(b), V::load(c)).store(y);
    for (int k = 0; k < N; ++k) {
      const float want = Operation::of(Scalar(a[k]), Scalar(b[k]), Scalar(c[k])).value;
      if (check::FlushesSubnormals &&
          (check::subnormal(a[k]) || check::subnormal(b[k]) || check::subnormal(c[k]) || check::subnormal(want) || want == 0x1p-126f ||
           want == -0x1p-126f))  // these may have been rounded up from a subnormal, which is flushed before it is rounded
        continue;
      wrong += !check::same(y[k], want);
    }
  };
  float a[std::size_t{N}], b[std::size_t{N}], c[std::size_t{N}];
  for (int first = 0; first < SpecialCount * SpecialCount; ++first) {
    for (int k = 0; k < N; ++k) a[k] = special(first + k), b[k] = special(first / SpecialCount + k), c[k] = special(first * 7 + 3 * k);
    compare(a, b, c);
  }
  check::Random random{static_cast<std::uint32_t>(N)};
  for (int round = 0; round < random_rounds; ++round) {
    for (int k = 0; k < N; ++k) {
      a[k] = round % 2 ? random.any() : random.uniform();
      b[k] = round % 2 ? random.any() : random.uniform() * 3.0f;
      c[k] = round % 3 ? -(a[k] * b[k]) : random.any();  // cancels all but the rounding error of the product
    }
    compare(a, b, c);
  }
  return wrong;
}

template <class V>
int differences_of(const char*& which) {
  constexpr int Rounds = 3000 / check::Slowness;
  int all = 0;
#define TRY(name)                                           \
  if (const int n = differences<name, V>(Rounds); n != 0) { \
    all += n;                                               \
    which = #name;                                          \
  }
  TRY(Add)
  TRY(Subtract) TRY(Multiply) TRY(Divide) TRY(Negate) TRY(MultiplyAdd) TRY(SquareRoot) TRY(Absolute) TRY(Minimum) TRY(Maximum) TRY(Greater);
  TRY(GreaterEqual)
  TRY(Less) TRY(LessEqual) TRY(Equal) TRY(Held) TRY(Bits) TRY(BitsAnd) TRY(BitsOr) TRY(BitsXor) TRY(AddShifted0) TRY(AddShifted23);
  TRY(ShiftRight23)
#undef TRY
  return all;
}

/// sum_lanes has the tree of order.h.
template <class V>
int sum_differences() {
  int wrong = 0;
  check::Random random{5};
  for (int round = 0; round < 200; ++round) {
    float x[std::size_t{V::lanes}];
    for (float& e : x) e = random.uniform();
    const float got = sum_lanes(V::load(x));
    wrong += !check::same(got, reference::tree_sum(x, V::lanes, V::lanes));
  }
  return wrong;
}

template <class V>
void check_widths() {
  if constexpr (V::lanes > 1) {
    CAPTURE(V::lanes);
    const char* which = "none";
    CHECK(differences_of<V>(which) == 0);
    CHECK(which == doctest::String("none"));
    CHECK(sum_differences<V>() == 0);
    check_widths<typename V::Narrower>();
  }
}

/// The operations of Scalar against what the language says of floats; the vectors were held to Scalar.
int scalar_differences() {
  int wrong = 0;
  check::Random random{2};
  for (int round = 0; round < 20000 / check::Slowness; ++round) {
    const float a = round % 2 ? random.any() : random.uniform(), b = round % 3 ? random.any() : random.uniform(), c = random.any();
    if (check::FlushesSubnormals && (check::subnormal(a) || check::subnormal(b))) continue;
    const volatile float sum = a + b, difference = a - b, product = a * b, ratio = a / b;
    wrong += !check::same((Scalar(a) + Scalar(b)).value, sum);
    wrong += !check::same((Scalar(a) - Scalar(b)).value, difference);
    wrong += !check::same((Scalar(a) * Scalar(b)).value, product);
    wrong += !check::same((Scalar(a) / Scalar(b)).value, ratio);
    wrong += check::pattern((-Scalar(a)).value) != (check::pattern(a) ^ 0x80000000u);
    wrong += check::pattern(abs(Scalar(a)).value) != (check::pattern(a) & 0x7fffffffu);
    wrong += !check::same(max(Scalar(a), Scalar(b)).value, b > a ? b : a);
    wrong += !check::same(min(Scalar(a), Scalar(b)).value, b < a ? b : a);
    wrong += !check::same(select(Scalar(a) >= Scalar(b), Scalar(c), Scalar(a)).value, a >= b ? c : a);
  }
  return wrong;
}

struct Walk {
  int visits[80] = {};
  bool outside = false;
  void take(int offset, int lanes, int n) {
    outside = outside || offset < 0 || offset + lanes > n;
    for (int k = 0; k < 80; ++k) visits[k] += k >= offset && k < offset + lanes;
  }
  bool each_once(int n) const {
    bool good = !outside;
    for (int k = 0; k < 80; ++k) good = good && visits[k] == (k < n ? 1 : 0);
    return good;
  }
};

template <int N>
bool covers() {
  Walk lanes, run_time, panels;
  for_lanes<N>([&]<class V>(int j) { lanes.take(j, V::lanes, N); });
  for_lanes(N, [&]<class V>(int j) { run_time.take(j, V::lanes, N); });
  for_panels<N, 2>([&]<class V, int Count>(int j) { panels.take(j, Count * V::lanes, N); });
  return lanes.each_once(N) && run_time.each_once(N) && panels.each_once(N);
}

}  // namespace

TEST_CASE("vectors: every operation has the bits of one lane, special numbers included") { check_widths<Vec>(); }

TEST_CASE("Scalar: the operations of float") { CHECK(scalar_differences() == 0); }

TEST_CASE("vectors: broadcast fills every lane, load and store take any address") {
  float out[Vec::lanes];
  Vec::broadcast(2.5f).store(out);
  for (float x : out) CHECK(x == 2.5f);
  for (int offset = 0; offset < 4; ++offset) {
    check::Guarded memory(Vec::lanes, offset);
    for (int k = 0; k < Vec::lanes; ++k) memory[k] = static_cast<float>(k);
    const Vec v = Vec::load(memory.data());
    v.store(out);
    for (int k = 0; k < Vec::lanes; ++k) CHECK(out[k] == static_cast<float>(k));
    (v + Vec(1.0f)).store(memory.data());
    CHECK(memory.intact());
    CHECK(memory[Vec::lanes - 1] == static_cast<float>(Vec::lanes));
  }
}

TEST_CASE("for_lanes, for_panels: each index once, none outside, at every length around 4, 8 and 16 lanes") {
  bool good = true;
  [&]<int... N>(std::integer_sequence<int, N...>) { ((good = good && covers<N + 1>()), ...); }
  (std::make_integer_sequence<int, 20>{});
  CHECK(good);
  CHECK((covers<31>() && covers<32>() && covers<33>() && covers<63>() && covers<64>() && covers<65>()));
  Walk none;
  for_lanes(0, [&]<class V>(int j) { none.take(j, V::lanes, 0); });
  CHECK(none.each_once(0));
}

TEST_CASE("vectors are as long as those compiled for") { CHECK(vectors_fit()); }
