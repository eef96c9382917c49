#include <doctest/doctest.h>

#include "model/trainer.h"
#include "tests/model/problem.h"

using namespace insitu;

namespace {

// With MeanSquaredError and labels of its own; small, for each optimizer compiles a backward pass.
using Net = Network<Dense<3, 4, Tanh>, Dense<4, 4>>;
constexpr int N = 2;
using Trainers = Trainer<Net, MeanSquaredError, Sgd, Batch<N>>;

/// Six steps against six gradients applied: the same bits, for both form the gradient in the same order.
template <class Optimizer>
void check_step(const Optimizer& optimizer) {
  CAPTURE(Optimizer::name);
  const problem::Data<Net, N> data(3);
  Trainer<Net, MeanSquaredError, Optimizer, Batch<N>> stepping{.optimizer = optimizer}, applying{.optimizer = optimizer};
  Trainers gradients{};
  Parameters<Net> stepped, gradient;
  Random random{4};
  problem::fill(stepped, random);
  auto applied = stepped;
  for (int step = 0; step < 6; ++step) {
    const int samples = step % 3 == 2 ? 1 : N;
    const float loss = stepping.step(stepped, data.inputs, data.targets, samples);
    CHECK(gradients.gradient(applied, data.inputs, data.targets, gradient, samples) == loss);
    applying.apply(applied, gradient);
    CHECK(problem::same_bytes(stepped, applied));
  }
  if constexpr (Optimizer::slots > 0) CHECK(problem::same_bytes(stepping.state, applying.state));
}

}  // namespace

TEST_CASE("Trainer: the step of every optimizer with a gradient is that gradient applied, bit for bit") {
  check_step(SgdDecay{.learning_rate = 0.1f, .weight_decay = 0.1f});
  check_step(Momentum{.learning_rate = 0.1f, .weight_decay = 0.1f});
  check_step(Adam{.learning_rate = 0.1f});
}

TEST_CASE("Trainer: memory for what the optimizer keeps, and no more") {
  constexpr auto Of = [](auto optimizer) { return sizeof(Trainer<Net, MeanSquaredError, decltype(optimizer), Batch<N>>); };
  constexpr auto Activations = sizeof(Matrix<N, 4>) * 2;
  static_assert(Of(SgdDecay{}) <= sizeof(SgdDecay) + Activations + sizeof(float));
  static_assert(Of(Sgd{}) == sizeof(Sgd) + Activations + sizeof(Matrix<N, 4>));  // one scaled delta
  static_assert(Of(Momentum{}) == sizeof(Momentum) + Activations + sizeof(Parameters<Net>));
  static_assert(Of(Adam{}) == sizeof(Adam) + Activations + 2 * sizeof(Parameters<Net>));
  CHECK(std::is_trivially_copyable_v<Trainers>);
}
