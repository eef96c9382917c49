/// mean_loss: the loss of any number of samples by a trainer of any batch. CommitGate: tuned parameters replace the old ones only if they are not worse on samples
/// that were held out.
#pragma once

#include "reason.h"
#include "trainer.h"

namespace insitu {

/// The mean loss of all N samples, as many at a time as the trainer's batch holds; nothing is updated. inputs [N x inputs]; targets Matrix<N, outputs> or
/// Vector<N, int>. A batch counts by its samples, also where a loss weighs classes. The trainer lends its activations: never between two slices of a step.
template <class Training, class P, int N, class Targets>
float mean_loss(Training& trainer, const P& trained, const Parameters<typename Training::Network>& factory,
                const Matrix<N, Training::Network::inputs>& inputs, const Targets& targets) {
  constexpr bool Labels = std::is_same_v<Targets, Vector<N, int>>;
  static_assert(Labels || std::is_same_v<Targets, Matrix<N, Training::Network::outputs>>,
                "insitu: one target for each sample: write Matrix<samples, outputs of the network> or Vector<samples, int>");
  using Some = std::conditional_t<Labels, Vector<Training::batch, int>, Matrix<Training::batch, Training::Network::outputs>>;
  constexpr int Width = Labels ? 1 : Training::Network::outputs;
  float sum = 0.0f;
  for (int s = 0; s < N; s += Training::batch) {
    const int count = N - s < Training::batch ? N - s : Training::batch;  // what lies behind them in a batch is not looked at
    const auto& x = reinterpret_cast<const typename Training::Inputs&>(inputs.data[s * Training::Network::inputs]);
    const auto& t = reinterpret_cast<const Some&>(targets.data[s * Width]);
    sum = fma(trainer.evaluate(trained, factory, x, t, count), static_cast<float>(count), sum);
  }
  return sum / static_cast<float>(N);
}

/// What the gate found.
struct Comparison {
  Reason reason;     ///< Ok, LossNotFinite, WeightsNotFinite or Worse
  float old, tuned;  ///< mean losses on the held-out samples; 0 where not all weights are finite
};

/// Tuned parameters pass if all of them are finite and their mean loss on the held-out samples is at most that of the old ones plus the margin. The samples may
/// lie in flash, and are never trained on. Where the old parameters' own loss is not finite, anything finite is better.
struct CommitGate {
  float margin = 0.01f;  ///< in units of the loss

  /// Changes nothing. `old` may be the factory's own tensors.
  template <class Training, int N, class Targets>
  Comparison judge(Training& trainer, const Trained<typename Training::Network>& tuned, const Trained<typename Training::Network>& old,
                   const Parameters<typename Training::Network>& factory, const Matrix<N, Training::Network::inputs>& inputs,
                   const Targets& targets) const {
    Comparison verdict = {Reason::WeightsNotFinite, 0.0f, 0.0f};
    if (!scan(tuned).finite) return verdict;
    verdict.old = mean_loss(trainer, old, factory, inputs, targets);
    verdict.tuned = mean_loss(trainer, tuned, factory, inputs, targets);
    verdict.reason = !is_finite(verdict.tuned)                                        ? Reason::LossNotFinite
                     : is_finite(verdict.old) && verdict.tuned > verdict.old + margin ? Reason::Worse
                                                                                      : Reason::Ok;
    return verdict;
  }

  /// Copies `tuned` over `old` where they pass; otherwise `tuned` becomes `old` again. Either way both are then the same, and good.
  template <class Training, int N, class Targets>
  Comparison commit(Training& trainer, Trained<typename Training::Network>& tuned, Trained<typename Training::Network>& old,
                    const Parameters<typename Training::Network>& factory, const Matrix<N, Training::Network::inputs>& inputs,
                    const Targets& targets) const {
    const Comparison verdict = judge(trainer, tuned, old, factory, inputs, targets);
    if (verdict.reason == Reason::Ok) {
      old = tuned;
    } else {
      tuned = old;
    }
    return verdict;
  }
};

}  // namespace insitu
