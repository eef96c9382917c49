#include "model/initialize.h"

#include <doctest/doctest.h>

#include "tests/model/problem.h"

using namespace insitu;

namespace {

struct Moments {
  double mean = 0.0, deviation = 0.0, least = 1e9, most = -1e9;
};

template <class Distribution>
Moments moments(const Distribution& distribution, int in, int out) {
  constexpr int N = 40000;
  Random random{11};
  double sum = 0.0, squares = 0.0;
  Moments m;
  for (int k = 0; k < N; ++k) {
    const double x = static_cast<double>(distribution(random, in, out));
    sum += x, squares += x * x;
    m.least = x < m.least ? x : m.least;
    m.most = x > m.most ? x : m.most;
  }
  m.mean = sum / N;
  m.deviation = std::sqrt(squares / N - m.mean * m.mean);
  return m;
}

/// Mean 0 and the deviation wanted within four standard errors of 40,000 draws; within the limit, and near to it.
template <class Distribution>
void check_moments(const Distribution& distribution, double deviation, double limit) {
  const Moments m = moments(distribution, 24, 8);
  CHECK(std::fabs(m.mean) < 4.0 * deviation / 200.0);
  CHECK(std::fabs(m.deviation / deviation - 1.0) < 4.0 / std::sqrt(2.0 * 40000));
  CHECK(m.most <= limit);
  CHECK(m.least >= -limit);
  CHECK(m.most > 0.7 * limit);
  CHECK(m.least < -0.7 * limit);
}

}  // namespace

TEST_CASE("Random: PCG32 of its authors' paper, pinned; the same at compile time") {
  // The reference generator pcg32 with increment 1442695040888963407 / 2 as its stream, seeded with 42: pcg32_srandom(42, 721347520444481703).
  constexpr std::uint32_t First = [] {
    Random random{42};
    return random.next();
  }();
  Random random{42};
  CHECK(random.next() == First);
  // By the definition, in other words.
  std::uint64_t state = 0;
  const auto step = [&] {
    const std::uint64_t old = state;
    state = old * 6364136223846793005ull + 1442695040888963407ull;
    const std::uint32_t x = static_cast<std::uint32_t>(((old >> 18u) ^ old) >> 27u);
    return std::rotr(x, static_cast<int>(old >> 59u));
  };
  step();
  state += 42;
  step();
  CHECK(step() == First);
  for (int k = 0; k < 1000; ++k) CHECK(random.next() == step());
}

TEST_CASE("Random: uniform in [0, 1), below(n) in [0, n) and every value of it") {
  Random random{3};
  int seen[7] = {};
  double sum = 0.0;
  for (int k = 0; k < 20000; ++k) {
    const float u = random.uniform();
    CHECK((u >= 0.0f && u < 1.0f));
    sum += static_cast<double>(u);
    const std::uint32_t n = random.below(7);
    REQUIRE(n < 7u);
    ++seen[n];
  }
  CHECK(std::fabs(sum / 20000 - 0.5) < 4 * 0.2887 / 141.4);
  for (int count : seen) CHECK(std::abs(count - 20000 / 7) < 4 * 50);
  CHECK(Random{1}.below(1) == 0u);
}

TEST_CASE("distributions: variance, range and shape") {
  // Uniform in +-l has deviation l / sqrt 3. 40,000 normal draws reach past 3.5 deviations and hardly past 5.5.
  check_moments(He{}, std::sqrt(2.0 / 24), std::sqrt(6.0 / 24));
  check_moments(Glorot{}, std::sqrt(2.0 / 32), std::sqrt(6.0 / 32));
  check_moments(Uniform{0.25f}, 0.25 / std::sqrt(3.0), 0.25);
  check_moments(HeNormal{}, std::sqrt(2.0 / 24), 5.5 * std::sqrt(2.0 / 24) / 1.1);
  check_moments(GlorotNormal{}, std::sqrt(2.0 / 32), 5.5 * std::sqrt(2.0 / 32) / 1.1);
  check_moments(Normal{0.1f}, 0.1, 0.5);
  CHECK(moments(Constant{0.5f}, 1, 1).least == 0.5);
  CHECK(moments(Constant{0.5f}, 1, 1).most == 0.5);
}

TEST_CASE("normal: the share within one and two deviations is the normal one") {
  Random random{4};
  int one = 0, two = 0;
  constexpr int N = 40000;
  for (int k = 0; k < N; ++k) {
    const double x = std::fabs(static_cast<double>(normal(random)));
    one += x < 1.0, two += x < 2.0;
  }
  CHECK(std::fabs(one / double{N} - 0.682689) < 4 * 0.4654 / 200);
  CHECK(std::fabs(two / double{N} - 0.954500) < 4 * 0.2084 / 200);
}

TEST_CASE("initialize: the same bits from the same seed, other bits from another, biases zero, the generator goes on") {
  using Net = Network<Dense<7, 5, Relu>, Dense<5, 3, Tanh>, Dense<3, 2>>;
  Parameters<Net> a, b, c;
  initialize(a, He{}, Random{7});
  initialize(b, He{}, Random{7});
  initialize(c, He{}, Random{8});
  CHECK(problem::same_bytes(a, b));
  CHECK_FALSE(problem::same_bytes(a, c));
  for (float v : get<0>(a).bias) CHECK(v == 0.0f);
  for (float v : get<2>(a).bias) CHECK(v == 0.0f);

  Random random{7};
  initialize(b, He{}, random);
  Parameters<Net> next;
  initialize(next, He{}, random);
  CHECK(problem::same_bytes(a, b));
  CHECK_FALSE(problem::same_bytes(a, next));

  Random again{7};  // layer by layer, row by row, with the fan-in of its own layer
  for (float w : get<0>(a).weights) CHECK(w == He{}(again, 7, 5));
  for (float w : get<1>(a).weights) CHECK(w == He{}(again, 5, 3));
  for (float w : get<2>(a).weights) CHECK(w == He{}(again, 3, 2));
}

TEST_CASE("initialize: pinned bits, for a network trained here and one trained there start alike") {
  Parameters<Network<Dense<2, 2>>> p;
  const auto bits_of = [&](int k) { return std::bit_cast<std::uint32_t>(problem::floats(p)[k]); };
  initialize(p, He{}, Random{7});
  CHECK(bits_of(0) == 0xbf3476e2u);
  CHECK(bits_of(3) == 0x3fabc244u);
  initialize(p, GlorotNormal{}, Random{7});
  CHECK(bits_of(0) == 0x3f1664d0u);
  CHECK(bits_of(3) == 0xbf0c4469u);
}
