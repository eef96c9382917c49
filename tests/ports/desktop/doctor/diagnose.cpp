#include "ports/desktop/doctor/diagnose.h"

#include <doctest/doctest.h>

#include "model/insitu.h"
#include "ports/desktop/error.h"

namespace insitu::desktop::doctor {
namespace {

/// A layer as a user may write one; with Twice its backward has a mistake: the gradient of its bias counts double.
template <int In, int Out, class Act, bool Twice>
struct Own : Dense<In, Out, Act> {
  template <class T, int Batch>
  static void backward(const typename Dense<In, Out, Act>::template Tensors<T>& p, const Matrix<Batch, In, T>& x,
                       const Matrix<Batch, Out, T>& dz, typename Dense<In, Out, Act>::template Tensors<T>& gradient,
                       Matrix<Batch, In, T>* dx, int rows) {
    Dense<In, Out, Act>::backward(p, x, dz, gradient, dx, rows);
    if (Twice) {
      for (T& b : gradient.bias) b = b + b;
    }
  }
};

template <class Net, int Samples>
struct Case {
  Matrix<Samples, Net::inputs> inputs;
  Matrix<Samples, Net::outputs> targets{};
  Parameters<Net> gradient;

  Case(const Parameters<Net>& parameters, std::uint64_t seed) {
    Random random(seed);
    for (float& x : inputs.data) x = normal(random);
    for (int s = 0; s < Samples; ++s) targets(s, s % Net::outputs) = 1;
    Trainer<Net, CrossEntropy, Sgd, insitu::Batch<Samples>> trainer;
    static_cast<void>(trainer.gradient(parameters, inputs, targets, gradient));
  }
};

template <bool Twice>
Diagnosed diagnosed() {
  using Net = Network<Own<4, 6, Tanh, Twice>, Dense<6, 3, Softmax>>;
  Parameters<Net> parameters;
  initialize(parameters, Glorot{}, Random{5});
  const Case<Net, 7> first(parameters, 1);
  const Case<Net, 9> second(parameters, 2);
  return diagnose<Net, CrossEntropy>(parameters, first.inputs, first.targets, first.gradient, second.inputs, second.targets,
                                     second.gradient);
}

}  // namespace

TEST_CASE("doctor in a unit test: insitu's own gradients are right, to single precision") {
  const Diagnosed right = diagnosed<false>();
  CAPTURE(right.text);
  CHECK(right.verdict == Diagnosis::Verdict::Right);
  CHECK(right.noise > InDouble.tolerance);
}

TEST_CASE("doctor in a unit test: a mistake in a layer of the user's") {
  const Diagnosed wrong = diagnosed<true>();
  CAPTURE(wrong.text);
  CHECK(wrong.verdict == Diagnosis::Verdict::Named);
  CHECK(wrong.first_wrong == 1);
  CHECK(wrong.text.find("b1 is scaled by exactly 2") != std::string::npos);
  CHECK(wrong.text.find("should be  db1 = dZ1.sum(axis=0) / m\n") != std::string::npos);
}

TEST_CASE("doctor in a unit test: one batch, every loss and activation of insitu by its name") {
  using Net = Network<Dense<3, 5, LeakyRelu>, Dense<5, 4, Relu>, Dense<4, 2, Sigmoid>>;
  Architecture network;
  describe<Net, BinaryCrossEntropy>(network);
  CHECK(network.dims == std::vector<std::size_t>{3, 5, 4, 2});
  CHECK(network.activations[3] == Activation::Sigmoid);
  CHECK(network.mean == Mean::BatchAndOutputs);
  describe<Net, MeanSquaredError>(network);
  CHECK(network.loss == LossKind::SquaredError);
  describe<Net, Huber>(network);
  CHECK(network.loss == LossKind::Huber);
}

}  // namespace insitu::desktop::doctor
