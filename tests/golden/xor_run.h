/// XOR with 2-3-1 units, trained as the golden run was, and compared with it.
///
/// The golden run in single precision rounds each weight once an epoch, and so does the way by the gradient; the step in place rounds it once for each sample.
/// After 50,000 epochs that moves it by up to 70 tolerances of the single-precision figures, within those of the double-precision ones.
#pragma once

#include "tests/golden/golden.h"
#include "tests/golden/xor.h"

namespace golden {

inline constexpr int XorEpochs = Slow ? 1000 : 50000;

template <class Act = insitu::Sigmoid, class Loss = insitu::MeanSquaredError>
Verdict compare_xor(const Xor& g, How how = How::in_place, int epochs = XorEpochs, int gradients_from = 0) {
  using namespace insitu;
  using Net = Network<Dense<2, 3, Act>, Dense<3, 1, Act>>;
  static_assert(sizeof(Parameters<Net>) == 13 * sizeof(float));
  // The golden loss is half the sum over four samples, MeanSquaredError the mean: half of it, at twice the rate.
  Trainer<Net, Loss, Sgd, Batch<4>> trainer{.optimizer = {.learning_rate = 0.2f}};
  Parameters<Net> p, gradient;
  Lcg u{g.seed};
  for (float& w : p.layer.weights) w = u();
  const float bias = 1.0f + 2.0f * u();
  for (float& b : p.layer.bias) b = bias;
  for (float& w : p.next.layer.weights) w = u();
  p.next.layer.bias[0] = 1.0f;

  const Matrix<4, 2> inputs = {{0, 0, 0, 1, 1, 0, 1, 1}};
  const Matrix<4, 1> targets = {{0, 1, 1, 0}};
  Verdict verdict;
  const XorCheckpoint* at = g.checkpoints;
  for (int epoch = 0; epoch <= epochs; ++epoch) {
    if (epoch == at->epoch) {
      const Matrix<4, 1> outputs = predict<Net>(p, inputs);
      double mae = 0.0, sse = 0.0;
      for (int s = 0; s < 4; ++s) {
        const double e = static_cast<double>(outputs.data[s]) - static_cast<double>(targets.data[s]);
        mae += std::fabs(e) / 4.0;
        sse += e * e / 2.0;
      }
      verdict.relative("mae", epoch, mae, at->mae, at->tolerance_mae);
      if (how != How::in_place || epoch < 50000)
        verdict.relative("mae against single precision", epoch, mae, at->mae_single, at->tolerance_single);
      verdict.relative("half the sum of squares", epoch, sse, at->half_sse, at->tolerance_half_sse);
      verdict.relative("loss", epoch, 2.0 * static_cast<double>(trainer.gradient(p, inputs, targets, gradient)), at->half_sse,
                       at->tolerance_half_sse);
      ++at;
    }
    const float* w = p.layer.weights.data;
    const auto parameters = [&](const char* name, const auto& want, double tolerance) {
      for (int k = 0; k < 13; ++k) verdict.absolute(name, epoch, static_cast<double>(w[k]), static_cast<double>(want[k]), tolerance);
    };
    if (epoch == 1) parameters("parameters", g.after_1, 5e-7);
    if (epoch == 10) parameters("parameters", g.after_10, 1e-6);
    if (epoch == 1000) parameters("parameters", g.after_1000, how == How::in_place ? 5e-5 : 1e-5);
    if (epoch == 50000) {
      parameters("parameters", g.last, g.tolerance_last);
      if (how != How::in_place) parameters("parameters against single precision", g.last_single, g.tolerance_last_single);
    }
    if (epoch == epochs) break;
    if (how == How::in_place && epoch > 0) {
      trainer.step(p, inputs, targets);
      continue;
    }
    trainer.gradient(p, inputs, targets, gradient);
    spoil(how, gradient, 4, 4);
    if (epoch == gradients_from && epoch == 0) compare_tensors(verdict, 0, gradient, g.gradient, 2.0, 5e-6);
    if (how == How::in_place) {
      trainer.step(p, inputs, targets);
    } else {
      trainer.apply(p, gradient);
    }
  }
  return verdict;
}

}  // namespace golden
