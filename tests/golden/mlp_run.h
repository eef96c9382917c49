/// 20-16-8-4 with any optimizer, trained as the golden run was, and compared with it.
#pragma once

#include "tests/golden/golden.h"
#include "tests/golden/mlp.h"

namespace golden {

template <class HiddenAct = insitu::Tanh>
struct MlpProblem {
  using Net = insitu::Network<insitu::Dense<20, 16, HiddenAct>, insitu::Dense<16, 8, insitu::Relu>, insitu::Dense<8, 4, insitu::Softmax>>;
  static_assert(sizeof(insitu::Parameters<Net>) == 508 * sizeof(float));

  insitu::Matrix<8, 20> inputs[5];
  insitu::Vector<8, int> labels[5];
  insitu::Parameters<Net> p;
  double sum = 0.0;

  MlpProblem() {
    Lcg u{2024};
    for (auto& batch : inputs) {
      for (float& x : batch) x = u.both();
    }
    for (auto& batch : labels) {
      for (int& label : batch) label = static_cast<int>(4.0f * u());
    }
    draw(u, p.layer), draw(u, p.next.layer), draw(u, p.next.next.layer);
  }

 private:
  template <class Layer>
  void draw(Lcg& u, Layer& layer) {
    for (int j = 0; j < layer.weights.cols; ++j) {  // drawn [out][in]
      for (int i = 0; i < layer.weights.rows; ++i) {
        layer.weights(i, j) = u.both() * 0.5f;
        sum += static_cast<double>(layer.weights(i, j));
      }
    }
    for (float& b : layer.bias) b = u.both() * 0.125f, sum += static_cast<double>(b);
  }
};

/// The gradient is computed by one trainer for all optimizers, and applied by the optimizer's own; only Sgd is trained in place as well (compiling a step
/// takes seconds; that every optimizer's step equals its gradient applied is held by tests/model/trainer.cpp).
template <class HiddenAct = insitu::Tanh, bool Steps = false, class Optimizer>
Verdict compare_mlp(const Mlp& g, const Optimizer& optimizer, How how) {
  using Problem = MlpProblem<HiddenAct>;
  using Net = typename Problem::Net;
  Problem problem;
  auto& p = problem.p;
  insitu::Trainer<Net, insitu::CrossEntropy, Optimizer, insitu::Batch<8>> trainer{.optimizer = optimizer};
  static insitu::Trainer<Net, insitu::CrossEntropy, insitu::Sgd, insitu::Batch<8>> gradients;
  insitu::Parameters<Net> gradient;
  Verdict verdict;
  verdict.absolute("sum of the generated parameters", 0, problem.sum, mlp_parameter_sum, 1e-12);
  for (int s = 0; s < 40; ++s) verdict.exact("label", s, problem.labels[s / 8][s % 8], mlp_labels[s]);

  constexpr int NormSteps[] = {1, 2, 5, 10, 20};
  int norms = 0;
  for (int t = 0; t < 20; ++t) {
    const auto& inputs = problem.inputs[t % 5];
    const auto& labels = problem.labels[t % 5];
    const float loss = gradients.gradient(p, inputs, labels, gradient);
    spoil(how, gradient, 8, 8);
    const double* want = g.gradient_norms[t];
    for_tensors(gradient,
                [&](const char*, const float* x, int n) { verdict.relative("norm of the gradient", t, norm(x, n), *want++, 5e-6); });
    if (t == 0) compare_tensors(verdict, t, gradient, mlp_gradient, 1.0, 5e-6);
    if constexpr (Steps) {
      if (how == How::in_place) trainer.step(p, inputs, labels);
    }
    if (how != How::in_place) trainer.apply(p, gradient);
    verdict.relative("loss", t, static_cast<double>(loss), g.loss[t], g.tolerance_loss);
    if (t + 1 == NormSteps[norms]) {
      want = g.parameter_norms[norms++];
      for_tensors(p, [&](const char*, const float* x, int n) { verdict.relative("norm of parameters", t + 1, norm(x, n), *want++, 5e-6); });
    }
  }
  verdict.relative("loss", 20, static_cast<double>(gradients.gradient(p, problem.inputs[0], problem.labels[0], gradient)), g.loss[20],
                   g.tolerance_loss);
  const float* w = p.layer.weights.data;
  for (int k = 0; k < 508; ++k)
    verdict.absolute("parameters", 20, static_cast<double>(w[k]), static_cast<double>(g.parameters[k]), g.tolerance_parameters);
  return verdict;
}

inline constexpr insitu::Sgd MlpSgd{.learning_rate = 0.1f};
inline constexpr insitu::Momentum MlpMomentum{.learning_rate = 0.1f, .momentum = 0.9f, .weight_decay = 1e-4f};
inline constexpr insitu::Nesterov MlpNesterov{.learning_rate = 0.1f, .momentum = 0.9f};
inline constexpr insitu::RmsProp MlpRmsProp{.learning_rate = 0.01f, .alpha = 0.99f};
inline constexpr insitu::Adam MlpAdam{.learning_rate = 0.01f};
inline constexpr insitu::Adam MlpAdamL2{.learning_rate = 0.01f, .weight_decay = 1e-2f};
inline constexpr insitu::AdamW MlpAdamW{.learning_rate = 0.01f, .weight_decay = 1e-2f};

}  // namespace golden
