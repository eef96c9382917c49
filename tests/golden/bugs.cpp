#include <doctest/doctest.h>

#include "model/gradient_check.h"
#include "tests/golden/mlp_run.h"
#include "tests/golden/question_run.h"

using namespace golden;
using namespace insitu;

// The bugs that scale or drop a gradient are put in beside the golden runs (xor.cpp, question.cpp, question_full.cpp, mlp.cpp). Here are derivatives taken of z
// where a is meant, in double: there the right ones agree with the golden figures to 1e-11, and the wrong ones must be off by more than a float run may be.

namespace {

struct TanhOfZ : Tanh {
  template <class V>
  static V backward(V a, V da) {
    const V again = tanh(a);
    return da * fma(-again, again, V::broadcast(1.0f));
  }
};
struct SigmoidOfZ : Sigmoid {
  template <class V>
  static V backward(V a, V da) {
    const V again = sigmoid(a);
    return da * (again * (V::broadcast(1.0f) - again));
  }
};

/// Binary cross-entropy in terms of a, as the question wrote it: then the derivative of the output's sigmoid is needed, and can be wrong.
struct UnfusedCrossEntropy {
  [[maybe_unused]] static constexpr char name[] = "unfused binary cross-entropy";
  static constexpr bool logits = false;
  template <class Act>
  static constexpr bool fits = true;

  template <class V>
  static V value(V a, V t) {
    const V one = V::broadcast(1.0f);
    return -fma(t, log(a), (one - t) * log(one - a));
  }
  template <class V>
  static V slope(V a, V t) {
    return (a - t) / (a * (V::broadcast(1.0f) - a));
  }
  template <class Act, class T, int Batch, int Out>
  T evaluate(Matrix<Batch, Out, T>& z, const Matrix<Batch, Out, T>& targets, int rows) const {
    return evaluate_elements<Act>(*this, z, targets, rows);
  }
};

/// Gradient descent in double.
template <class Net, class Loss, int Batch>
struct Descent {
  static constexpr int count = static_cast<int>(sizeof(Parameters<Net, double>) / sizeof(double));
  Parameters<Net, double> p, gradient;
  Backpropagation<Net, Loss, Batch, double> pass = {};

  template <class Targets>
  double step(const Matrix<Batch, Net::inputs, double>& inputs, const Targets& targets, double learning_rate) {
    gradient = {};
    const double loss = pass.forward(p, p, Loss{}, inputs, targets, Batch);
    pass.backward(p, p, inputs, Batch, GradientSink<Net, Batch, double>{gradient});
    reference::axpy(-learning_rate, reinterpret_cast<const double*>(&gradient), reinterpret_cast<double*>(&p), count);
    return loss;
  }
};

double norm_of(const double* x, int n) {
  double sum = 0.0;
  for (int k = 0; k < n; ++k) sum += x[k] * x[k];
  return std::sqrt(sum);
}

/// With tolerances for double, or those for float.
template <class HiddenAct>
Verdict descend_mlp(bool tight) {
  MlpProblem<> problem;
  Descent<typename MlpProblem<HiddenAct>::Net, CrossEntropy, 8> run;
  run.p = widen<decltype(run.p)>(problem.p);
  Verdict verdict;
  for (int t = 0; t < 20; ++t) {
    const auto inputs = widen<Matrix<8, 20, double>>(problem.inputs[t % 5]);
    verdict.relative("loss", t, run.step(inputs, problem.labels[t % 5], 0.1), mlp_sgd.loss[t], tight ? 1e-11 : mlp_sgd.tolerance_loss);
    const double* want = mlp_sgd.gradient_norms[t];
    for_tensors(run.gradient,
                [&](const char*, const double* x, int n) { verdict.relative("gradient", t, norm_of(x, n), *want++, tight ? 5e-9 : 5e-6); });
  }
  const double* w = run.p.layer.weights.data;
  for (int k = 0; k < 508; ++k) verdict.absolute("parameters", 20, w[k], static_cast<double>(mlp_sgd.parameters[k]), tight ? 1e-7 : 2e-6);
  return verdict;
}

template <class OutputAct, class Loss>
Verdict descend_question(const QuestionRun<11>& g, bool tight) {
  auto& q = question<48, 8, Sigmoid, BinaryCrossEntropy>();
  q.generate(1, 0.25f, 0.5f, 0.0f);
  Descent<Network<Dense<48, 8, Relu>, Dense<8, 1, OutputAct>>, Loss, 10> run;
  run.p = widen<decltype(run.p)>(q.p);
  const auto inputs = widen<Matrix<10, 48, double>>(q.inputs);
  const auto targets = widen<Matrix<10, 1, double>>(q.targets);
  Verdict verdict;
  const QuestionCheckpoint* at = g.checkpoints;
  for (int step = 0; step <= 200; ++step) {
    const double cost = run.step(inputs, targets, g.learning_rate);
    if (step == at->step) verdict.relative("cost", step, cost, at->cost, tight ? 1e-10 : at->tolerance), ++at;
  }
  return verdict;
}

}  // namespace

TEST_CASE("golden: 20-16-8-4 in double to 1e-11; a derivative of tanh taken of z is found") {
  GOLDEN_CHECK(descend_mlp<Tanh>(true));
  GOLDEN_CHECK(descend_mlp<Tanh>(false));
  CHECK_FALSE(descend_mlp<TanhOfZ>(false).good());
}

TEST_CASE("golden: 48-8-1 in double to 1e-10, fused and not; a derivative of the output's sigmoid taken of z is found") {
  for (int k : {0, 2}) {
    CAPTURE(k);
    GOLDEN_CHECK((descend_question<Sigmoid, BinaryCrossEntropy>(question_small[k], true)));
    GOLDEN_CHECK((descend_question<Sigmoid, UnfusedCrossEntropy>(question_small[k], true)));
    CHECK_FALSE(descend_question<SigmoidOfZ, UnfusedCrossEntropy>(question_small[k], false).good());
  }
}
