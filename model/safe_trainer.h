/// SafeTrainer<Training, Judge, Keep>: training that cannot ruin the parameters. A loss or gradient that is NaN, infinite or larger than it may be brings back the
/// last good parameters and halves the rate.
#pragma once

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
  struct Nothing {};

  Training trainer;
  [[no_unique_address]] Judge judge = {};
  float largest_norm = 0x1p40f;  ///< of a gradient
  int retries = 24;              ///< rollbacks without progress between them, after which training stops
  int recover_after = 0;         ///< steps without an alarm after which the scale is doubled again, up to 1; 0: never

  float scale = 1.0f;
  std::uint32_t steps = 0;    ///< all of them, those that an alarm ended included
  std::uint32_t kept_at = 0;  ///< the step before whose update the copy was taken
  std::uint32_t alarms = 0;
  Event last_alarm = {};  ///< with its cause, also where it was the last one
  std::uint32_t copy_sum = 0;
  int retries_used = 0, calm = 0, dead = 0;
  bool stopped = false, started = false, unchanged = false;
  [[no_unique_address]] std::conditional_t<(Inner::slots > 0), Inner, Nothing> origin = {};  ///< the optimizer's counts at the start
  [[no_unique_address]] std::conditional_t<Keep::copies, Trained<Net>, Nothing> copy = {};

  /// One step, or none: the event says which. The loss is that of before the update; what a step's own update spoils is found at once where the gradient shows
  /// it, otherwise by the next step. inputs, targets and samples as for Trainer::step.
  template <class P, class X, class Targets>
  Event step(P& trained, const Parameters<Net>& factory, const X& inputs, const Targets& targets, int samples = batch) {
    Event event = begin();
    if (stopped) return event;
    constexpr bool Floats = std::is_convertible_v<const Targets&, const Matrix<batch, Net::outputs>&>;
    bool finite = scan(inputs.data, samples * Net::inputs).finite;
    if constexpr (Floats) finite = finite && scan(targets.data, samples * Net::outputs).finite;
    if (!finite) return alarm(event, Reason::InputNotFinite);
    if constexpr (Judge::probes) {
      if (judge.due()) {
        event.loss = mean_loss(trainer, trained, factory, *judge.inputs, *judge.targets);
        if (!accept(trained, factory, event)) return event;
      }
    }
    event.loss = trainer.evaluate(trained, factory, inputs, targets, samples);
    if (is_finite(event.loss) && is_dead(trainer.pass, samples)) return roll_back(trained, factory, event, Reason::UnitsDead);
    if constexpr (Judge::probes) {
      if (!is_finite(event.loss)) return roll_back(trained, factory, event, Reason::LossNotFinite);
    } else {
      if (!accept(trained, factory, event)) return event;
    }
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
    if (stopped) return event;
    event.loss = loss;
    if (is_finite(loss) && is_dead(gradient)) return roll_back(trained, factory, event, Reason::UnitsDead);
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

  /// For a step of the caller's own (SlicedTrainer): judges the loss of the parameters as they are, before they are updated. True: they are good, and kept if it is
  /// time; go on at rate(). False: they have been brought back, or training has stopped, and the event says why.
  template <class P>
  bool accept(P& trained, const Parameters<Net>& factory, Event& event) {
    if (!is_finite(event.loss)) return roll_back(trained, factory, event, Reason::LossNotFinite), false;
    const Judgement judgement = judge.see(event.loss);
    if (judgement == Judgement::Rose) return roll_back(trained, factory, event, Reason::LossRose), false;
    if (judgement == Judgement::Best) retries_used = 0;
    if (judgement != Judgement::Wait || !started) return keep(trained, factory, event);
    return true;
  }
  /// Counts a step, whose event begins so.
  Event begin() {
    ++steps;
    Event event{.reason = stopped ? Reason::Stopped : Reason::Ok, .step = steps, .rate = rate()};
    return event;
  }
  /// After the update of such a step: judges its gradient's norm.
  template <class P>
  Event finish(P& trained, const Parameters<Net>& factory, Event event) {
    unchanged = false;
    const Reason reason = norm_reason(event.norm_squared);
    if (reason != Reason::Ok) return roll_back(trained, factory, event, reason);
    if (recover_after > 0 && ++calm >= recover_after) {
      calm = 0;
      if (scale < 1.0f) scale = scale * 2.0f;
    }
    return event;
  }
  /// What is left of the learning rate.
  float rate() { return (Scalar(unclipped(trainer.optimizer).learning_rate) * Scalar(scale)).value; }

  /// Begins anew with parameters from elsewhere: nothing is remembered but the settings and the count of steps.
  void restart() {
    judge = fresh(judge);
    forget_optimizer();
    scale = 1.0f;
    retries_used = calm = dead = 0;
    stopped = started = unchanged = false;
  }

  /// The parameters last found good.
  const Trained<Net>& last_good() const {
    static_assert(Keep::copies, "insitu: there is no copy: the last good parameters are the factory's");
    return copy;
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
  /// Whether some hidden layer has passed no gradient on for as many steps as the judge bears: f'(z) is zero for each of its units and each sample, or
  /// everything below the last layer is zero in a gradient of the caller's.
  template <class Pass>
  bool is_dead(Pass& pass, int samples) {
    bool any = false;
    unroll<Net::depth - 1 - Net::first_trained>([&](auto k) {
      constexpr int I = Net::first_trained + k;
      using Act = typename Net::template Layer<I>::Activation;
      const auto& a = pass.template activation<I>();
      int at = 0;
      while (at < samples * Net::template Layer<I>::outputs && Act::backward(Scalar(a.data[at]), Scalar(1.0f)).value == 0.0f) ++at;
      any = any || at == samples * Net::template Layer<I>::outputs;
    });
    dead = any ? dead + 1 : 0;
    return any && dead >= judge.patience();
  }
  bool is_dead(const Trained<Net>& gradient) {
    if constexpr (Net::first_trained + 1 < Net::depth) {
      constexpr int Last = float_count<std::remove_cvref_t<decltype(get<Net::depth - 1>(gradient))>>,
                    Below = float_count<Trained<Net>> - Last;
      const float* g = reinterpret_cast<const float*>(&gradient);
      int at = 0;
      while (at < Below && g[at] == 0.0f) ++at;
      if (at == Below && at > 0 && dot(g + Below, g + Below, Last) > 0.0f) return ++dead >= judge.patience();
      dead = 0;
    }
    return false;
  }
  static Judge fresh(Judge judge) {
    if constexpr (requires { judge.trend; }) judge.trend.started = false;
    if constexpr (requires { judge.lowest; }) judge.started = false;
    if constexpr (requires { judge.sum; }) judge.sum = 0.0f;
    if constexpr (requires { judge.count; }) judge.count = 0;
    return judge;
  }
  template <class F>
  void with_scale(F&& f) {
    float& learning_rate = unclipped(trainer.optimizer).learning_rate;
    const float full = learning_rate;
    learning_rate = rate();
    f();
    learning_rate = full;
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
      if (!started) {  // nothing was good yet: there is nothing to go back to
        stopped = true;
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
