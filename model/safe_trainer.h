/// SafeTrainer<Training, Judge, Keep>: training that cannot ruin the parameters. A loss or gradient that is NaN, infinite or larger than it may be brings back the
/// last good parameters and halves the rate.
#pragma once

#include "dead_units.h"
#include "factory.h"
#include "held_out.h"
#include "judge.h"

namespace insitu {

/// Rolls back to a copy of the parameters last found good: one Trained<Network> of RAM.
struct KeepCopy {
  static constexpr bool copies = true;
};
/// Rolls back to the factory's parameters, which lie in flash: no RAM, and all tuning since is lost.
struct KeepFactory {
  static constexpr bool copies = false;
};

/// An aggregate: SafeTrainer<Tuning> safe{.trainer = {.optimizer = {.learning_rate = 0.05f}}}. Zero-initialise what is not named.
///
/// Between two steps nobody else writes the parameters: what does (a load, a commit) is followed by `restart`. A schedule may set the learning rate between steps;
/// what the rollbacks have left of it is `scale`, a power of two.
template <class Training, class Judge = EveryStep, class Keep = KeepCopy>
struct SafeTrainer {
  using Network = typename Training::Network;
  using Net = Network;
  using Inputs = typename Training::Inputs;
  using Inner = typename Training::Inner;
  static constexpr int batch = Training::batch;
  static constexpr bool copies = Keep::copies;
  static_assert(
      requires(Inner & o) { o.learning_rate = 0.5f; },
      "insitu: SafeTrainer halves the rate of its optimizer: give yours a member `float learning_rate`");
  struct NoOrigin {};
  struct NoCopy {};

  Training trainer;
  [[no_unique_address]] Judge judge = {};
  float largest_norm = 0x1p40f;  ///< of a gradient
  int retries = 24;              ///< rollbacks without progress between them, after which training stops
  int recover_after = 0;         ///< steps without an alarm after which the scale is doubled again, up to 1; 0: never
  bool watch_memory =
      false;  ///< whether the bits of the trained parameters are added up after each step and before the next, to find those that flip

  float scale = 1.0f;
  std::uint32_t steps = 0;    ///< all of them, those that an alarm ended included
  std::uint32_t kept_at = 0;  ///< the step before whose update the copy was taken
  std::uint32_t alarms = 0;
  Event last_alarm = {};  ///< with its cause, also where it was the last one
  std::uint32_t copy_sum = 0, sum = 0;
  int retries_used = 0, calm = 0, dead = 0;
  bool stopped = false, started = false, unchanged = false, sealed = false;
  [[no_unique_address]] std::conditional_t<(Inner::slots > 0), Inner, NoOrigin> origin = {};  ///< the optimizer's counts at the start
  [[no_unique_address]] std::conditional_t<Keep::copies, Trained<Net>, NoCopy> copy = {};

  /// One step, or none: the event says which. The loss is that of before the update; what a step's own update spoils is found at once where the gradient shows
  /// it, otherwise by the next step. inputs, targets and samples as for Trainer::step.
  template <class P, class X, class Targets>
  Event step(P& trained, const Parameters<Net>& factory, const X& inputs, const Targets& targets, int samples = batch) {
    Event event = begin();
    if (stopped || !admit(trained, factory, inputs, targets, samples, event)) return event;
    event.loss = trainer.evaluate(trained, factory, inputs, targets, samples);
    if (!approve(trained, factory, samples, event)) return event;
    with_scale([&] { event.norm_squared = trainer.template learn<true>(trained, factory, inputs, samples); });
    return finish(trained, factory, event);
  }
  template <class P, class X, class Targets>
  Event step(P& parameters, const X& inputs, const Targets& targets, int samples = batch) {
    static_assert(whole());
    if constexpr (whole()) return step(parameters, parameters, inputs, targets, samples);
  }

  /// One step with a gradient of the caller's, taken at these parameters, and their loss. The gradient is the caller's memory, Trained<Network>
  /// (Budget::own_gradient), and is only read.
  template <class P>
  Event apply(P& trained, const Parameters<Net>& factory, const Trained<Net>& gradient, float loss) {
    static_assert(!Judge::probes,
                  "insitu: a gradient of your own comes with its loss: write SafeTrainer<Training, EveryStep> or Smoothed<...>");
    Event event = begin();
    if (stopped || !intact(trained, factory, event)) return event;
    event.loss = loss;
    if (is_finite(loss) && dies(is_dead_gradient<Net>(gradient))) return roll_back(trained, factory, event, Reason::UnitsDead);
    if (!accept(trained, factory, event)) return event;
    const float* g = reinterpret_cast<const float*>(&gradient);
    event.norm_squared = dot(g, g, float_count<Trained<Net>>);
    if (norm_reason(event.norm_squared) == Reason::Ok) with_scale([&] { trainer.apply(trained, gradient); });
    return finish(trained, factory, event);
  }
  Event apply(Trained<Net>& parameters, const Trained<Net>& gradient, float loss) {
    static_assert(whole());
    if constexpr (whole()) return apply(parameters, parameters, gradient, loss);
  }

  /// What is left of the learning rate.
  float rate() { return (Scalar(unclipped(trainer.optimizer).learning_rate) * Scalar(scale)).value; }

  /// Begins anew with parameters from elsewhere: nothing is remembered but the settings and the count of steps.
  void restart() {
    judge = fresh(judge);
    forget_optimizer();
    scale = 1.0f;
    retries_used = calm = dead = 0;
    stopped = started = unchanged = sealed = false;
  }

  /// The parameters last found good.
  const Trained<Net>& last_good() const {
    static_assert(Keep::copies, "insitu: there is no copy: the last good parameters are the factory's");
    return copy;
  }
  /// With `watch_memory`: whether the parameters are still what the last step left. Ask before a commit.
  bool intact(const Trained<Net>& trained) const { return !sealed || scan(trained).sum == sum; }

  // The parts of a step, for one that is done in slices (sliced_trainer.h): begin; admit; the forward pass; approve; the update, with_scale; finish. What
  // returns false has ended the step: `event` says why, and the parameters are good again.

  /// Counts a step, whose event begins so.
  Event begin() {
    ++steps;
    return {.reason = stopped ? Reason::Stopped : Reason::Ok, .step = steps, .rate = rate()};
  }
  /// Whether the weights are what the last step left, the samples are finite, and the judge's own samples, where they are due, find the parameters good.
  template <class P, class X, class Targets>
  bool admit(P& trained, const Parameters<Net>& factory, const X& inputs, const Targets& targets, int samples, Event& event) {
    if (!intact(trained, factory, event)) return false;
    constexpr bool Floats = std::is_convertible_v<const Targets&, const Matrix<batch, Net::outputs>&>;
    bool finite = scan(inputs.data, samples * Net::inputs).finite;
    if constexpr (Floats) finite = finite && scan(targets.data, samples * Net::outputs).finite;
    if (!finite) return alarm(event, Reason::InputNotFinite), false;
    if constexpr (Judge::probes) {
      if (judge.due()) {
        event.loss = mean_loss(trainer, trained, factory, *judge.inputs, *judge.targets);
        event.probed = true;
        if (!accept(trained, factory, event)) return false;
        event.probed = false;
      }
    }
    return true;
  }
  /// Judges `event.loss`, that of the parameters as they are, and keeps them if it is time.
  template <class P>
  bool approve(P& trained, const Parameters<Net>& factory, int samples, Event& event) {
    if (is_finite(event.loss) && dies(has_dead_layer<Net>(trainer.pass, samples)))
      return roll_back(trained, factory, event, Reason::UnitsDead), false;
    if constexpr (Judge::probes) {
      if (!is_finite(event.loss)) return roll_back(trained, factory, event, Reason::LossNotFinite), false;
      return true;
    } else {
      return accept(trained, factory, event);
    }
  }
  /// f() at the rate that the rollbacks have left.
  template <class F>
  void with_scale(F&& f) {
    float& learning_rate = unclipped(trainer.optimizer).learning_rate;
    const float full = learning_rate;
    learning_rate = rate();
    f();
    learning_rate = full;
  }
  /// After the update: judges its gradient's norm.
  template <class P>
  Event finish(P& trained, const Parameters<Net>& factory, Event event) {
    unchanged = false;
    const Reason reason = norm_reason(event.norm_squared);
    if (reason != Reason::Ok) return roll_back(trained, factory, event, reason);
    if (recover_after > 0 && ++calm >= recover_after) {
      calm = 0;
      if (scale < 1.0f) scale = scale * 2.0f;
    }
    seal(trained);
    return event;
  }

 private:
  static constexpr bool whole() {
    static_assert(Net::all_trained,
                  "insitu: parts of this network are frozen: write step(trained, factory, inputs, targets), and so for apply");
    static_assert(Keep::copies, "insitu: to roll back to the factory needs the factory: write step(trained, factory, inputs, targets)");
    return Net::all_trained && Keep::copies;
  }
  Reason norm_reason(float squared) const {
    if (!is_finite(squared)) return Reason::GradientNotFinite;
    return squared > (Scalar(largest_norm) * Scalar(largest_norm)).value ? Reason::GradientTooLarge : Reason::Ok;
  }
  /// Dead for as many steps running as the judge bears.
  bool dies(bool dead_now) {
    dead = dead_now ? dead + 1 : 0;
    return dead_now && dead >= judge.patience();
  }
  static Judge fresh(Judge judge) {
    if constexpr (requires { judge.trend; }) judge.trend.started = false;
    if constexpr (requires { judge.lowest; }) judge.started = false;
    if constexpr (requires { judge.sum; }) judge.sum = 0.0f;
    if constexpr (requires { judge.count; }) judge.count = 0;
    return judge;
  }
  /// The loss of these parameters, by the judge.
  template <class P>
  bool accept(P& trained, const Parameters<Net>& factory, Event& event) {
    if (!is_finite(event.loss)) return roll_back(trained, factory, event, Reason::LossNotFinite), false;
    const Judgement judgement = judge.see(event.loss);
    if (judgement == Judgement::Rose) return roll_back(trained, factory, event, Reason::LossRose), false;
    if (judgement == Judgement::Best) retries_used = 0;
    if (judgement != Judgement::Wait || !started) return keep(trained, factory, event);
    return true;
  }
  void seal(const Trained<Net>& trained) {
    if (watch_memory) sum = scan(trained).sum, sealed = true;
  }
  template <class P>
  bool intact(P& trained, const Parameters<Net>& factory, Event& event) {
    if (watch_memory && !intact(trained)) return roll_back(trained, factory, event, Reason::WeightsChanged), false;
    return true;
  }

  /// Takes the copy, where it is not one already.
  template <class P>
  bool keep(P& trained, const Parameters<Net>& factory, Event& event) {
    if (!started) {
      if constexpr (Inner::slots > 0) origin = unclipped(trainer.optimizer);
    }
    if (started && (unchanged || dead > 0)) return true;
    const Trained<Net>& now = trained;
    const Scan found = scan(now);
    if (!found.finite) return roll_back(trained, factory, event, Reason::WeightsNotFinite), false;
    if constexpr (Keep::copies) copy = now;
    copy_sum = found.sum;
    kept_at = event.step;
    started = unchanged = true;
    return true;
  }
  template <class P>
  Event roll_back(P& trained, const Parameters<Net>& factory, Event& event, Reason reason) {
    alarm(event, reason);
    Trained<Net>& now = trained;
    if constexpr (Keep::copies) {
      if (!started) {  // there is nothing to go back to
        stopped = true;
        event.reason = Reason::NothingGood;
        return event;
      }
      if (scan(copy).sum != copy_sum) {
        stopped = true;
        event.reason = Reason::CopyDamaged;
        return event;
      }
      now = copy;
      judge.rolled_back();
    } else {
      copy_factory<Net>(factory, now);
      judge = fresh(judge);
    }
    unchanged = true;
    dead = 0;
    seal(now);
    forget_optimizer();
    scale = scale * 0.5f;
    if (++retries_used > retries || scale < 0x1p-60f) {
      stopped = true;
      event.reason = Reason::Stopped;
    }
    return event;
  }
  Event alarm(Event& event, Reason reason) {
    event.reason = reason;
    last_alarm = event;
    ++alarms;
    calm = 0;
    return event;
  }
  /// Momentum and moments led to where it went wrong: they start from zero.
  void forget_optimizer() {
    if constexpr (Inner::slots > 0) {
      float* slots = reinterpret_cast<float*>(&trainer.state);
      for (int k = 0; k < Inner::slots * float_count<Trained<Net>>; ++k) slots[k] = 0.0f;
      if (!started) return;
      const float learning_rate = unclipped(trainer.optimizer).learning_rate;
      unclipped(trainer.optimizer) = origin;
      unclipped(trainer.optimizer).learning_rate = learning_rate;
    }
  }
};

}  // namespace insitu
