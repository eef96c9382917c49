/// The question's network, trained as the golden run was, and compared with it.
#pragma once

#include "tests/golden/golden.h"
#include "tests/golden/question.h"

namespace golden {

template <int Inputs, int Hidden, class OutputAct, class Loss>
struct Question {
  static constexpr int m = 10;
  using Net = insitu::Network<insitu::Dense<Inputs, Hidden, insitu::Relu>, insitu::Dense<Hidden, 1, OutputAct>>;
  using Trainer = insitu::Trainer<Net, Loss, insitu::Sgd, insitu::Batch<m>>;

  insitu::Matrix<m, Inputs> inputs;
  insitu::Matrix<m, 1> targets;
  insitu::Matrix<m, Hidden> hidden;
  insitu::Parameters<Net> p, gradient;
  Trainer trainer;
  double sums[3];

  void generate(std::uint32_t seed, float first, float second, float learning_rate) {
    Lcg u{seed};
    sums[0] = sums[1] = sums[2] = 0.0;
    for (float& x : inputs) x = u(), sums[0] += static_cast<double>(x);
    for (int j = 0; j < Hidden; ++j) {  // drawn [out][in]
      for (int i = 0; i < Inputs; ++i) {
        p.layer.weights(i, j) = u.both() * first;
        sums[1] += static_cast<double>(p.layer.weights(i, j));
      }
    }
    for (float& w : p.next.layer.weights) w = u.both() * second, sums[2] += static_cast<double>(w);
    for (float& b : p.layer.bias) b = 0.0f;
    p.next.layer.bias[0] = 0.0f;
    for (int s = 0; s < m; ++s) targets.data[s] = static_cast<float>(s % 2);
    trainer.optimizer = {.learning_rate = learning_rate};
  }

  /// Hidden units active for at least one sample.
  int alive() {
    insitu::gemm(inputs, p.layer.weights, p.layer.bias, hidden);
    int units = 0;
    for (int j = 0; j < Hidden; ++j) {
      bool active = false;
      for (int s = 0; s < m; ++s) active = active || hidden(s, j) > 0.0f;
      units += active;
    }
    return units;
  }
};

/// One instance for each shape, in static memory: the full one holds 7 MB.
template <int Inputs, int Hidden, class OutputAct, class Loss>
Question<Inputs, Hidden, OutputAct, Loss>& question() {
  static Question<Inputs, Hidden, OutputAct, Loss> q;
  return q;
}

template <int Inputs, int Hidden, class OutputAct = insitu::Sigmoid, class Loss = insitu::BinaryCrossEntropy,
          bool Steps = std::is_same_v<Loss, insitu::BinaryCrossEntropy>, int Checkpoints>
Verdict compare_question(const QuestionRun<Checkpoints>& g, const double (&sums)[3], int steps, How how) {
  auto& q = question<Inputs, Hidden, OutputAct, Loss>();
  const bool small = Inputs == 48;
  q.generate(1, small ? 0.25f : 0.015625f, small ? 0.5f : 0.015625f, static_cast<float>(g.learning_rate));
  Verdict verdict;
  for (int k = 0; k < 3; ++k) verdict.relative("sum of the generated numbers", k, q.sums[k], sums[k], 1e-12);

  const QuestionCheckpoint* at = g.checkpoints;
  for (int step = 0; step <= steps; ++step) {
    const bool compared = at != g.checkpoints + Checkpoints && step == at->step;
    if (how != How::in_place || compared) {
      const float cost = q.trainer.gradient(q.p, q.inputs, q.targets, q.gradient);
      spoil(how, q.gradient, q.m, q.m);
      if (compared) {
        verdict.relative("cost", step, static_cast<double>(cost), at->cost, at->tolerance);
        verdict.exact("living units", step, q.alive(), at->alive);
        ++at;
      }
    }
    if (step == steps) break;
    if (step == 0) {
      const double* want = g.gradient_norms;
      for_tensors(q.gradient, [&](const char*, const float* x, int n) {
        if (*want > 0.0) verdict.relative("norm of the gradient", step, norm(x, n), *want, g.gradient_tolerance);
        ++want;
      });
    }
    if constexpr (Steps) {
      if (how == How::in_place) q.trainer.step(q.p, q.inputs, q.targets);
    }
    if (how != How::in_place) q.trainer.apply(q.p, q.gradient);
  }
  return verdict;
}

}  // namespace golden
