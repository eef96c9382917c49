/// Judges: when SafeTrainer takes a loss for a rise, and when for good enough to keep the parameters.
///
/// EveryStep for steps on the same batch, or on batches so large that their losses can be compared; Smoothed<Window> for online training, where one loss is noise;
/// Probe<...> where a few fixed samples can be spared, which judge the parameters as they are. A judge holds a few numbers and no parameters.
/// `patience` is the number of steps running in which no unit of a hidden layer may pass a gradient on: with one sample a step that happens to healthy networks.
#pragma once

#include "reason.h"

namespace insitu {

enum class Judgement {
  Wait,  ///< nothing to say yet
  Good,  ///< keep these parameters
  Best,  ///< the same, and there is progress: retries are counted anew
  Rose,
};

/// A step's loss is bad above lowest + rise |lowest| + slack, the lowest since the last rollback.
struct EveryStep {
  float rise = 0.05f, slack = 1e-4f;
  int keep_every = 1;  ///< steps from one copy to the next: more cost less, and are lost in a rollback

  float lowest = 0.0f, kept = 0.0f;
  int since = 0;
  bool started = false;

  static constexpr bool probes = false;
  int patience() const { return 1; }

  Judgement see(float loss) {
    if (started && loss > fma(abs(Scalar(lowest)).value, rise, lowest) + slack) return Judgement::Rose;
    const bool best = !started || loss < lowest;
    if (best) lowest = loss;
    if (started && ++since < keep_every) return Judgement::Wait;
    started = true;
    since = 0;
    kept = loss;
    return best ? Judgement::Best : Judgement::Good;
  }
  void rolled_back() {
    lowest = kept;
    since = 0;
  }
};

/// The running mean of a series, with a weight of 1/8 for the newest, and its distance from it, with 1/4 where it grows and 1/64 where it shrinks: losses have rare
/// large values, which must be remembered. A value is bad above mean + rise |mean| + spread distance + slack.
struct Trend {
  float rise = 1.0f, spread = 8.0f, slack = 0.1f;

  float mean = 0.0f, distance = 0.0f;
  bool started = false;

  Judgement see(float value) {
    if (!started) {
      started = true;
      mean = value;
      distance = abs(Scalar(value)).value * 0.5f;
      return Judgement::Best;
    }
    if (value > fma(spread, distance, fma(abs(Scalar(mean)).value, rise, mean)) + slack) return Judgement::Rose;
    const Judgement judgement = value < mean ? Judgement::Best : Judgement::Good;
    const float off = value - mean, further = abs(Scalar(off)).value - distance;
    mean = fma(0.125f, off, mean);
    distance = fma(further > 0.0f ? 0.25f : 0.015625f, further, distance);
    return judgement;
  }
};

/// The mean of the losses of every Window steps, held to the trend of such means. What goes wrong in the last steps of a window is seen in the next, when it may
/// have been kept: the retries then run out, and the commit gate has the last word.
template <int Window = 64>
struct Smoothed {
  static_assert(Window > 0, "insitu: Smoothed takes the mean of at least one loss: write Smoothed<1> or more");
  Trend trend = {};
  float sum = 0.0f;
  int count = 0;

  static constexpr bool probes = false;
  int patience() const { return Window; }

  Judgement see(float loss) {
    sum = sum + loss;
    if (++count < Window) return Judgement::Wait;
    const float mean = sum / static_cast<float>(Window);
    sum = 0.0f;
    count = 0;
    return trend.see(mean);
  }
  void rolled_back() {
    sum = 0.0f;
    count = 0;
  }
};

/// The mean loss of N fixed samples of the caller's, taken before the first step and every `every` steps. inputs [N x inputs]; targets as the trainer takes them,
/// Matrix<N, outputs> or Vector<N, int>. They must outlive the trainer. Costs N forward products each time.
template <class Inputs, class Targets>
struct Probe {
  const Inputs* inputs;
  const Targets* targets;
  int every = 64;
  Trend trend = {};
  int count = 0;

  static constexpr bool probes = true;
  int patience() const { return every; }

  bool due() {
    if (count > 0 && count < every) return ++count, false;
    count = 1;
    return true;
  }
  Judgement see(float loss) { return trend.see(loss); }
  void rolled_back() { count = 0; }
};

}  // namespace insitu
