#include "model/clip_norm.h"

#include <doctest/doctest.h>

#include "model/trainer.h"
#include "tests/model/problem.h"

using namespace insitu;

namespace {

using Net = Network<Dense<3, 4, Tanh>, Dense<4, 4>>;
constexpr int N = 3;

double norm(const Parameters<Net>& g) {
  double sum = 0.0;
  for (int k = 0; k < float_count<Parameters<Net>>; ++k)
    sum += static_cast<double>(problem::floats(g)[k]) * static_cast<double>(problem::floats(g)[k]);
  return std::sqrt(sum);
}

}  // namespace

TEST_CASE("ClipNorm: a step moves by learning_rate x max_norm along the gradient where that is larger, without forming it") {
  const problem::Data<Net, N> data(3);
  Parameters<Net> start, gradient;
  Random random{4};
  problem::fill(start, random);
  Trainer<Net, MeanSquaredError, ClipNorm<Sgd>, Batch<N>> trainer{.optimizer = {.optimizer = {.learning_rate = 0.125f}}};
  trainer.gradient(start, data.inputs, data.targets, gradient);
  const double length = norm(gradient);
  for (float share : {0.1f, 0.9f, 1.1f, 100.0f}) {
    CAPTURE(share);
    trainer.optimizer.max_norm = static_cast<float>(length) * share;
    const double scale = share < 1.0f ? static_cast<double>(share) : 1.0;
    auto p = start, applied = start;
    trainer.step(p, data.inputs, data.targets);
    trainer.apply(applied, gradient);
    Parameters<Net> moved, by_apply, want;
    for (int k = 0; k < float_count<Parameters<Net>>; ++k) {
      problem::floats(moved)[k] = (problem::floats(start)[k] - problem::floats(p)[k]) * 8.0f;
      problem::floats(by_apply)[k] = (problem::floats(start)[k] - problem::floats(applied)[k]) * 8.0f;
      problem::floats(want)[k] = static_cast<float>(static_cast<double>(problem::floats(gradient)[k]) * scale);
    }
    CHECK(norm(moved) == doctest::Approx(length * scale).epsilon(2e-5));
    for (int k = 0; k < float_count<Parameters<Net>>; ++k) {
      // A move is the difference of two parameters of order 1: known to a few 2^-24 x 8.
      CHECK(std::fabs(problem::floats(moved)[k] - problem::floats(want)[k]) < 3e-6f);
      CHECK(std::fabs(problem::floats(by_apply)[k] - problem::floats(want)[k]) < 3e-6f);
    }
  }
}

TEST_CASE("clip_factor: at most one, and finite for a gradient of zero") {
  CHECK(clip_factor(4.0f, 1.0f) == doctest::Approx(0.5));
  CHECK(clip_factor(0.25f, 1.0f) == 1.0f);
  CHECK(clip_factor(0.0f, 1.0f) == 1.0f);
}
