#include <doctest/doctest.h>

#include "model/trainer.h"
#include "tests/model/problem.h"

using namespace insitu;

namespace {

constexpr int N = 2;
using Whole = Network<Dense<3, 4, Tanh>, Dense<4, 8, Sigmoid>, Dense<8, 4>>;

template <class Net>
using TrainerOf = Trainer<Net, MeanSquaredError, Sgd, Batch<N>>;

struct Fixture {
  Parameters<Whole> p, gradient;
  problem::Data<Whole, N> data{6};
  float loss;
  Fixture() {
    Random random{5};
    problem::fill(p, random);
    TrainerOf<Whole> trainer{};
    loss = trainer.gradient(p, data.inputs, data.targets, gradient);
  }
};
const Fixture& fixture() {
  static const Fixture f;
  return f;
}

template <class A, class B>
bool same(const A& a, const B& b) {
  static_assert(sizeof(A) == sizeof(B));
  return std::memcmp(&a, &b, sizeof a) == 0;
}

}  // namespace

TEST_CASE("Trainer: a frozen beginning; the rest has the gradient it has in the whole network, the factory stays as it was") {
  using Net = Network<Frozen<Dense<3, 4, Tanh>>, Dense<4, 8, Sigmoid>, Dense<8, 4>>;
  const Fixture& f = fixture();
  const Parameters<Net> factory = f.p;
  Trained<Net> trained, gradient;
  get<1>(trained) = get<1>(f.p), get<2>(trained) = get<2>(f.p);
  TrainerOf<Net> trainer{.optimizer = {.learning_rate = 0.1f}};
  CHECK(trainer.gradient(trained, factory, f.data.inputs, f.data.targets, gradient) == f.loss);
  CHECK(same(get<1>(gradient), get<1>(f.gradient)));
  CHECK(same(get<2>(gradient), get<2>(f.gradient)));
  const auto before = trained;
  const float first = trainer.step(trained, factory, f.data.inputs, f.data.targets);
  CHECK(first == f.loss);
  CHECK(problem::same_bytes(factory, f.p));
  CHECK_FALSE(problem::same_bytes(trained, before));
  CHECK(trainer.evaluate(trained, factory, f.data.inputs, f.data.targets) < first);
}

TEST_CASE("Trainer: frozen in the middle, biases alone above; the gradient passes through what is frozen") {
  using Net = Network<Dense<3, 4, Tanh>, Frozen<Dense<4, 8, Sigmoid>>, BiasOnly<Dense<8, 4>>>;
  const Fixture& f = fixture();
  Parameters<Net> factory = f.p;
  for (float& w : get<0>(factory).weights) w = 1e9f;  // trained, so not read here
  for (float& b : get<2>(factory).bias) b = 1e9f;
  const auto kept = factory;
  Trained<Net> trained, gradient;
  get<0>(trained) = get<0>(f.p), get<2>(trained).bias = get<2>(f.p).bias;
  TrainerOf<Net> trainer{.optimizer = {.learning_rate = 0.1f}};
  CHECK(trainer.gradient(trained, factory, f.data.inputs, f.data.targets, gradient) == f.loss);
  CHECK(same(get<0>(gradient), get<0>(f.gradient)));
  CHECK(same(get<2>(gradient).bias, get<2>(f.gradient).bias));
  CHECK(trainer.step(trained, factory, f.data.inputs, f.data.targets) == f.loss);
  CHECK(problem::same_bytes(factory, kept));
  CHECK(trainer.evaluate(trained, factory, f.data.inputs, f.data.targets) < f.loss);
}
