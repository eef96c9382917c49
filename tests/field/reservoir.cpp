#include "model/reservoir.h"

#include <doctest/doctest.h>

#include "model/trainer.h"
#include "tests/model/problem.h"

using namespace insitu;

TEST_CASE("Reservoir: each of those offered is held equally often") {
  int held[40] = {};
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    Reservoir<int, 8> reservoir{seed};
    for (int k = 0; k < 40; ++k) {
      const bool taken = reservoir.offer(k);
      if (k < 8) CHECK(taken);
      CHECK(reservoir.size() == (k < 8 ? k + 1 : 8));
    }
    for (int k = 0; k < 8; ++k) ++held[reservoir.at(k)];
  }
  for (int n : held) CHECK((n > 60 && n < 145));  // 100 expected, deviation 9
}

TEST_CASE("Reservoir: the same seed and offers are the same samples, and draws, everywhere") {
  Reservoir<int, 6, 3> reservoir{7};
  for (int k = 0; k < 100; ++k) reservoir.offer(k, k % 10 == 0 ? 2 : k % 2);
  std::uint32_t sum = 0;
  for (int kind = 0; kind < 3; ++kind) {
    for (int k = 0; k < 2; ++k) sum = sum * 101 + static_cast<std::uint32_t>(reservoir.at(k, kind));
  }
  for (int k = 0; k < 20; ++k) sum = sum * 101 + static_cast<std::uint32_t>(reservoir.draw());
  CHECK(sum == 3943884990u);
}

TEST_CASE("Reservoir: with classes a rare one is drawn as often as a common one, and has its places") {
  Reservoir<int, 8, 4> reservoir{3};
  CHECK_FALSE(reservoir.offer(5, 4));
  CHECK_FALSE(reservoir.offer(5, -1));
  for (int k = 0; k < 1000; ++k) reservoir.offer(0, 0);
  reservoir.offer(2, 2);
  CHECK(reservoir.size() == 3);
  CHECK(reservoir.size(2) == 1);
  CHECK(reservoir.size(1) == 0);
  int rare = 0;
  for (int k = 0; k < 1000; ++k) rare += reservoir.draw() == 2;
  CHECK((rare > 430 && rare < 570));
}

namespace {
using Net = Network<Dense<8, 12, Tanh>, Dense<12, 4, Softmax>>;
struct Sample {
  float x[8];
  int label;
};
Sample draw(Random& random, bool drifted) {
  Sample s;
  s.label = static_cast<int>(random.below(4));
  for (int i = 0; i < 8; ++i)
    s.x[i] = (Scalar(random.uniform()) + Scalar((drifted ? 7 - i : i) % 4 == s.label ? 1.0f : 0.0f) + Scalar(drifted ? 1.0f : 0.0f)).value;
  return s;
}
void put(const Sample& s, int row, Matrix<2, 8>& x, Vector<2, int>& t) {
  for (int i = 0; i < 8; ++i) x(row, i) = s.x[i];
  t[row] = s.label;
}
}  // namespace

TEST_CASE("Reservoir: mixed into online steps, tuning does not forget the factory's task") {
  Trainer<Net, CrossEntropy, Sgd, Batch<2>> trainer{.optimizer = {.learning_rate = 0.1f}};
  Parameters<Net> factory;
  initialize(factory, Glorot{}, Random{4});
  Reservoir<Sample, 16, 4> reservoir{1};
  Random random{2};
  Matrix<2, 8> x;
  Vector<2, int> t;
  for (int k = 0; k < 600; ++k) {
    for (int s = 0; s < 2; ++s) {
      const Sample sample = draw(random, false);
      reservoir.offer(sample, sample.label);
      put(sample, s, x, t);
    }
    trainer.step(factory, x, t);
  }
  const auto loss = [&](Parameters<Net>& p, bool drifted) {
    Random test{99};
    float sum = 0.0f;
    for (int k = 0; k < 50; ++k) {
      for (int s = 0; s < 2; ++s) put(draw(test, drifted), s, x, t);
      sum += trainer.evaluate(p, x, t);
    }
    return sum / 50.0f;
  };
  Parameters<Net> alone = factory, mixed = factory;
  for (int k = 0; k < 600; ++k) {
    put(draw(random, true), 0, x, t);
    trainer.step(alone, x, t, 1);
    put(reservoir.draw(), 1, x, t);
    trainer.step(mixed, x, t);
  }
  CHECK(loss(factory, true) > 0.7f);
  CHECK(loss(mixed, true) < 0.3f);
  CHECK(loss(alone, false) > 2.0f * loss(mixed, false));
  CHECK(loss(mixed, false) < 0.5f);
}
