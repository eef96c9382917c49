#include "model/trainer.h"

#include <doctest/doctest.h>

#include "model/gradient_check.h"
#include "tests/model/problem.h"

using namespace insitu;
using problem::Data;
using problem::distance;

namespace {

/// Layers of 4 and 8 outputs: whole vectors on most targets, which compile fastest.
using Regression = Network<Dense<3, 8, Tanh>, Dense<8, 4, Sigmoid>>;
using Classes = Network<Dense<3, 8, Tanh>, Dense<8, 4, Softmax>>;
constexpr int N = 6;

template <class Net>
Parameters<Net> start() {
  Parameters<Net> p;
  Random random{21};
  problem::fill(p, random);
  return p;
}

/// The laws of the mean, for targets that `rows(first, count)` takes from one batch.
template <class Net, class Loss, class Targets>
void check_batch_laws(const Matrix<N, Net::inputs>& inputs, const Targets& targets) {
  CAPTURE(Loss::name);
  Trainer<Net, Loss, Sgd, Batch<N>> trainer{};
  const Parameters<Net> p = start<Net>();
  const auto take = [](const auto& from, int first, int count, int times) {
    auto to = from;
    constexpr int Width = static_cast<int>(sizeof from / N / sizeof(from.data[0]));
    for (int s = 0; s < count * times; ++s) {
      for (int k = 0; k < Width; ++k) to.data[s * Width + k] = from.data[(first + s % count) * Width + k];
    }
    return to;
  };
  Parameters<Net> once, twice, one, mean = {};
  const float loss = trainer.gradient(p, inputs, targets, once, 3);

  // A batch repeated twice has the same loss and the same gradient.
  CHECK(trainer.gradient(p, take(inputs, 0, 3, 2), take(targets, 0, 3, 2), twice, 6) ==
        doctest::Approx(static_cast<double>(loss)).epsilon(1e-6));
  CHECK(distance(twice, once) < 2e-6);

  // The mean of the samples' gradients is the batch's, as of their losses.
  double mean_loss = 0.0;
  for (int s = 0; s < 3; ++s) {
    mean_loss += static_cast<double>(trainer.gradient(p, take(inputs, s, 1, 1), take(targets, s, 1, 1), one, 1)) / 3.0;
    axpy(1.0f / 3.0f, problem::floats(one), problem::floats(mean), float_count<Parameters<Net>>);
  }
  CHECK(mean_loss == doctest::Approx(static_cast<double>(loss)).epsilon(1e-6));
  CHECK(distance(mean, once) < 2e-6);

  // What lies behind the samples of a partial batch is not looked at.
  auto spoilt = inputs;
  for (int k = 3 * Net::inputs; k < spoilt.size; ++k) spoilt.data[k] = __builtin_nanf("");
  CHECK(trainer.gradient(p, spoilt, targets, twice, 3) == loss);
  CHECK(problem::same_bytes(twice, once));
  CHECK(trainer.evaluate(p, spoilt, targets, 3) == loss);

  // The gradient in double, which gradient_check holds against differences, is the gradient in float.
  GradientChecker<Net, Loss, N> checker;
  checker.moved = widen<Parameters<Net, double>>(p);
  const auto wide_inputs = widen<Matrix<N, Net::inputs, double>>(inputs);
  Trained<Net, double> gradient = {};
  if constexpr (std::is_same_v<Targets, Vector<N, int>>) {
    checker.pass.forward(checker.moved, checker.moved, Loss{}, wide_inputs, targets, 3);
  } else {
    checker.pass.forward(checker.moved, checker.moved, Loss{}, wide_inputs, widen<Matrix<N, Net::outputs, double>>(targets), 3);
  }
  checker.pass.backward(checker.moved, checker.moved, wide_inputs, 3, GradientSink<Net, N, double>{gradient});
  Parameters<Net> narrow;
  for (int k = 0; k < float_count<Parameters<Net>>; ++k)
    problem::floats(narrow)[k] = static_cast<float>(reinterpret_cast<const double*>(&gradient)[k]);
  CHECK(distance(once, narrow) < 3e-6);
}

}  // namespace

TEST_CASE("Trainer: the mean of squares means the mean, whole and partial") {
  const Data<Regression, N> data(1);
  check_batch_laws<Regression, MeanSquaredError>(data.inputs, data.targets);
}

TEST_CASE("Trainer: cross-entropy means the mean, whole and partial") {
  const Data<Classes, N> data(2);
  check_batch_laws<Classes, CrossEntropy>(data.inputs, data.labels);
}

TEST_CASE("Trainer: a partial batch gives the bits of the smaller batch") {
  const Data<Regression, N> data(3);
  Matrix<2, 3> inputs;
  Matrix<2, 4> targets;
  std::memcpy(&inputs, &data.inputs, sizeof inputs);
  std::memcpy(&targets, &data.targets, sizeof targets);
  Trainer<Regression, MeanSquaredError, Sgd, Batch<N>> large{.optimizer = {.learning_rate = 0.3f}};
  Trainer<Regression, MeanSquaredError, Sgd, Batch<2>> small{.optimizer = {.learning_rate = 0.3f}};
  auto a = start<Regression>(), b = a;
  for (int step = 0; step < 5; ++step) CHECK(large.step(a, data.inputs, data.targets, 2) == small.step(b, inputs, targets));
  CHECK(problem::same_bytes(a, b));
}

TEST_CASE("Trainer: step returns the loss before the update, evaluate updates nothing, training lowers the loss") {
  const Data<Regression, N> data(4);
  Trainer<Regression, MeanSquaredError, Sgd, Batch<N>> trainer{.optimizer = {.learning_rate = 0.5f}};
  auto p = start<Regression>();
  const auto before = p;
  const float first = trainer.evaluate(p, data.inputs, data.targets);
  CHECK(problem::same_bytes(p, before));
  CHECK(trainer.step(p, data.inputs, data.targets) == first);
  CHECK_FALSE(problem::same_bytes(p, before));
  float last = first;
  for (int step = 0; step < 300; ++step) {
    const float loss = trainer.step(p, data.inputs, data.targets);
    CHECK(loss <= last * 1.0001f);
    last = loss;
  }
  CHECK(last < 0.4f * first);
}

TEST_CASE("Trainer: the step of sgd in place is the gradient applied, but for the rounding of each sample") {
  const Data<Regression, N> data(5);
  Trainer<Regression, MeanSquaredError, Sgd, Batch<N>> trainer{.optimizer = {.learning_rate = 0.5f}};
  auto in_place = start<Regression>(), applied = in_place;
  Parameters<Regression> gradient;
  for (int step = 0; step < 10; ++step) {
    trainer.gradient(applied, data.inputs, data.targets, gradient);
    trainer.apply(applied, gradient);
    trainer.step(in_place, data.inputs, data.targets);
  }
  CHECK(distance(in_place, applied) < 2e-6);
}

TEST_CASE("Trainer: hand over a learning rate of zero and nothing moves") {
  const Data<Regression, N> data(5);
  Trainer<Regression, MeanSquaredError, Sgd, Batch<N>> trainer{.optimizer = {.learning_rate = 0.0f}};
  auto p = start<Regression>();
  const auto before = p;
  trainer.step(p, data.inputs, data.targets);
  CHECK(problem::same_bytes(p, before));
}

TEST_CASE("Trainer: deltas below 2^-90 are zero, in the output layer and in those below it") {
  using Net = Network<Dense<1, 4>, Dense<4, 4>>;
  Trainer<Net, MeanSquaredError, Sgd, Batch<1>> trainer{};
  const Matrix<1, 1> inputs = {{1}};
  const Matrix<1, 4> targets = {{0, 0, 0, 0}};
  for (float size :
       {0x1p-40f, 0x1p-60f, 0x1p-95f}) {  // dz = size / 2 of the outputs; in the layer below it, size / 2 times the weight 2^-40
    CAPTURE(size);
    Parameters<Net> p = {}, gradient;
    get<1>(p).weights(0, 0) = 0x1p-40f;
    get<1>(p).bias[0] = size;
    trainer.gradient(p, inputs, targets, gradient);
    CHECK(get<1>(gradient).bias[0] == (size < 0x1p-89f ? 0.0f : size / 2));
    CHECK(get<0>(gradient).bias[0] == (size < 0x1p-49f ? 0.0f : size * 0x1p-41f));
  }
}
