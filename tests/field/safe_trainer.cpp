#include "model/safe_trainer.h"

#include <doctest/doctest.h>

#include "model/checkpoint.h"
#include "tests/model/problem.h"

using namespace insitu;

namespace {

constexpr float NaN = __builtin_nanf(""), Infinity = __builtin_inff();

using Net = Network<Dense<6, 8, Relu>, Dense<8, 3, Softmax>>;
constexpr int N = 8;
template <class Optimizer = Sgd>
using Training = Trainer<Net, CrossEntropy, Optimizer, Batch<N>>;
template <class Optimizer = Sgd>
using Safe = SafeTrainer<Training<Optimizer>>;

struct Fixture {
  problem::Data<Net, N> data{3};
  Parameters<Net> p;
  Fixture() { initialize(p, He{}, Random{5}); }
  template <class S>
  Event step(S& safe) {
    return safe.step(p, data.inputs, data.labels);
  }
};

}  // namespace

TEST_CASE("is_finite and scan go by the exponent") {
  CHECK((is_finite(0.0f) && is_finite(-1.0f) && is_finite(0x1.fffffep127f) && is_finite(0x1p-149f)));
  CHECK_FALSE((is_finite(NaN) || is_finite(-NaN) || is_finite(Infinity) || is_finite(-Infinity)));
  for (int at = 0; at < 11; ++at) {
    for (float bad : {NaN, -NaN, Infinity, -Infinity}) {
      Vector<11> v;
      for (int k = 0; k < 11; ++k) v[k] = k % 2 ? 0x1.fffffep127f : -0x1p-149f;
      const Scan before = scan(v);
      CHECK(before.finite);
      v[at] = bad;
      CHECK_FALSE(scan(v).finite);
      v[at] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(at % 2 ? 0x1.fffffep127f : -0x1p-149f) ^ 1u << (3 * at % 32));
      CHECK(scan(v).sum != before.sum);
    }
  }
}

TEST_CASE("SafeTrainer: where nothing goes wrong it has the bits of Trainer, and tells the norm") {
  const auto same = [](auto optimizer, float rate) {
    using O = decltype(optimizer);
    Fixture a, b;
    Training<O> trainer{.optimizer = optimizer};
    Safe<O> safe{.trainer = {.optimizer = optimizer}};
    unclipped(trainer.optimizer).learning_rate = unclipped(safe.trainer.optimizer).learning_rate = rate;
    for (int k = 1; k <= 60; ++k) {
      Parameters<Net> g;
      trainer.gradient(a.p, a.data.inputs, a.data.labels, g);
      const float squared = dot(problem::floats(g), problem::floats(g), float_count<Parameters<Net>>);
      const float loss = trainer.step(a.p, a.data.inputs, a.data.labels);
      const Event event = b.step(safe);
      CHECK(event.reason == Reason::Ok);
      CHECK(event.loss == loss);
      CHECK(event.step == static_cast<std::uint32_t>(k));
      CHECK(event.rate == rate);
      CHECK(event.norm_squared == doctest::Approx(static_cast<double>(squared)).epsilon(1e-4));
    }
    CHECK(problem::same_bytes(a.p, b.p));
    CHECK(safe.alarms == 0);
  };
  same(Sgd{}, 0.1f);
  same(Adam{}, 0.01f);
  same(ClipNorm<Momentum>{.optimizer = {}, .max_norm = 0.2f}, 0.05f);
}

TEST_CASE("SafeTrainer: a sample that is not finite is left out") {
  Fixture f;
  Safe<> safe{.trainer = {.optimizer = {.learning_rate = 0.1f}}};
  f.step(safe);
  const Parameters<Net> before = f.p;
  for (float bad : {NaN, Infinity, -Infinity}) {
    auto inputs = f.data.inputs;
    inputs(7, 5) = bad;
    const Event event = safe.step(f.p, inputs, f.data.labels);
    CHECK(event.reason == Reason::InputNotFinite);
    CHECK(safe.step(f.p, inputs, f.data.labels, 7).reason == Reason::Ok);  // beyond the samples it does not count
    f.p = before;
    safe.restart();
    auto targets = f.data.targets;
    targets(0, 0) = bad;
    CHECK(safe.step(f.p, f.data.inputs, targets).reason == Reason::InputNotFinite);
    CHECK(problem::same_bytes(f.p, before));
  }
  CHECK(safe.scale == 1.0f);
  CHECK(safe.alarms == 6);
}

TEST_CASE("SafeTrainer: what is broken between two steps is brought back, and the rate halved") {
  for (float bad : {NaN, Infinity, -Infinity, 1e30f, -1e8f}) {
    for (int at : {0, 50, 60, 80}) {
      Fixture f;
      Safe<> safe{.trainer = {.optimizer = {.learning_rate = 0.1f}}};
      for (int k = 0; k < 20; ++k) f.step(safe);
      const Parameters<Net> good = safe.last_good();
      problem::floats(f.p)[at] = bad;
      const Event event = f.step(safe);
      CAPTURE(static_cast<double>(bad));
      CAPTURE(at);
      if (event.reason == Reason::Ok) {  // the weight of a unit that answers to nothing: only -infinity and -1e8 can hide
        CHECK(bad == -1e8f);
        continue;
      }
      CHECK(event.step == 21);
      CHECK(safe.scale == 0.5f);
      CHECK(problem::same_bytes(f.p, good));
      CHECK(safe.last_alarm.step == 21);
      const Event next = f.step(safe);
      CHECK(next.reason == Reason::Ok);
      CHECK(next.rate == 0.05f);
    }
  }
}

TEST_CASE("SafeTrainer: -infinity behind a ReLU shows in no loss, but is not kept") {
  Fixture f;
  Safe<> safe{.trainer = {.optimizer = {.learning_rate = 0.1f}}};
  safe.judge.rise = 1e30f;
  f.step(safe);
  f.p.layer.bias[3] = -Infinity;
  const Event event = f.step(safe);
  CHECK(event.reason == Reason::WeightsNotFinite);
  CHECK(is_finite(f.p.layer.bias[3]));
}

TEST_CASE("SafeTrainer: optimizers forget where they were led") {
  Fixture f;
  Safe<Adam> safe{.trainer = {.optimizer = {.learning_rate = 0.01f}}};
  for (int k = 0; k < 20; ++k) f.step(safe);
  f.p.next.layer.bias[0] = NaN;
  CHECK(f.step(safe).reason == Reason::LossNotFinite);
  CHECK(scan(safe.trainer.state).sum == 0);
  CHECK(safe.trainer.optimizer.beta1_power == 1.0f);
  CHECK(safe.trainer.optimizer.learning_rate == 0.01f);
  for (int k = 0; k < 20; ++k) CHECK(f.step(safe).reason == Reason::Ok);
}

TEST_CASE("SafeTrainer: bounded retries, then it stands still; restart goes on") {
  Fixture f;
  SafeTrainer<Training<>> safe{.trainer = {.optimizer = {.learning_rate = 0.1f}}, .largest_norm = 0.0f, .retries = 3};
  const Parameters<Net> start = f.p;
  for (int k = 0; k < 3; ++k) CHECK(f.step(safe).reason == Reason::GradientTooLarge);
  for (int k = 0; k < 3; ++k) {
    CHECK(f.step(safe).reason == Reason::Stopped);
    CHECK(problem::same_bytes(f.p, start));
  }
  CHECK(safe.last_alarm.reason == Reason::GradientTooLarge);
  CHECK(safe.last_alarm.step == 4);
  safe.largest_norm = 1.0e9f;
  safe.restart();
  CHECK(f.step(safe).reason == Reason::Ok);
  CHECK(safe.scale == 1.0f);
}

TEST_CASE("SafeTrainer: the copy is checked before it is trusted") {
  Fixture f;
  Safe<> safe{.trainer = {.optimizer = {.learning_rate = 0.1f}}};
  for (int k = 0; k < 5; ++k) f.step(safe);
  safe.copy.layer.weights(2, 2) = -safe.copy.layer.weights(2, 2);
  f.p.layer.weights(0, 0) = NaN;
  const Event event = f.step(safe);
  CHECK(event.reason == Reason::CopyDamaged);
  CHECK(safe.last_alarm.reason == Reason::LossNotFinite);
  CHECK(f.step(safe).reason == Reason::Stopped);
}

TEST_CASE("SafeTrainer: a gradient of the caller's is judged like one of its own; the rate recovers where that is asked for") {
  Fixture f;
  Safe<> safe{.trainer = {.optimizer = {.learning_rate = 0.1f}}, .recover_after = 10};
  Training<> other{.optimizer = {.learning_rate = 0.1f}};
  Parameters<Net> p = f.p, g;
  for (int k = 0; k < 10; ++k) {
    const float loss = safe.trainer.gradient(f.p, f.data.inputs, f.data.labels, g);
    const Event event = safe.apply(f.p, g, loss);
    other.apply(p, g);
    CHECK(event.reason == Reason::Ok);
    CHECK(problem::same_bytes(p, f.p));
  }
  const Parameters<Net> good = f.p;
  g.layer.bias[0] = NaN;
  CHECK(safe.apply(f.p, g, safe.trainer.gradient(f.p, f.data.inputs, f.data.labels, p)).reason == Reason::GradientNotFinite);
  CHECK(problem::same_bytes(f.p, good));
  g = {};
  CHECK(safe.apply(f.p, g, NaN).reason == Reason::LossNotFinite);
  CHECK(safe.apply(f.p, g, 100.0f).reason == Reason::LossRose);
  CHECK(safe.scale == 0.125f);
  for (int k = 0; k < 31; ++k) CHECK(f.step(safe).reason == Reason::Ok);
  CHECK(safe.scale == 1.0f);
}

TEST_CASE("SafeTrainer: back to the factory, without a copy") {
  using Tail = Network<Frozen<Dense<6, 8, Relu>>, Dense<8, 3, Softmax>>;
  using Tuning = Trainer<Tail, CrossEntropy, Sgd, Batch<N>>;
  static_assert(sizeof(SafeTrainer<Tuning>) - sizeof(SafeTrainer<Tuning, EveryStep, KeepFactory>) == sizeof(Trained<Tail>));
  SafeTrainer<Tuning, EveryStep, KeepFactory> safe{.trainer = {.optimizer = {.learning_rate = 0.1f}}};
  Fixture f;
  const Parameters<Tail>& factory = f.p;
  Trained<Tail> tuned, start;
  copy_factory<Tail>(factory, tuned);
  start = tuned;
  for (int round = 0; round < 3; ++round) {
    for (int k = 0; k < 30; ++k) CHECK(safe.step(tuned, factory, f.data.inputs, f.data.labels).reason == Reason::Ok);
    CHECK_FALSE(problem::same_bytes(tuned, start));
    get<1>(tuned).weights(3, 1) = NaN;
    CHECK(safe.step(tuned, factory, f.data.inputs, f.data.labels).reason == Reason::LossNotFinite);
    CHECK(problem::same_bytes(tuned, start));
    CHECK(safe.scale == 0.5f / static_cast<float>(1 << round));
  }
}

TEST_CASE("Probe: due before the first step and every so many steps") {
  Probe<Matrix<3, 6>, Vector<3, int>> probe{};
  CHECK(probe.due());
  for (int k = 0; k < 63; ++k) CHECK_FALSE(probe.due());
  CHECK(probe.due());
}

TEST_CASE("SafeTrainer: where nothing was good yet it says so, and leaves the parameters alone") {
  for (int later = 0; later < 2; ++later) {
    Fixture f;
    Safe<> safe{.trainer = {.optimizer = {.learning_rate = 0.1f}}};
    if (later == 1) f.step(safe);
    f.p.next.layer.bias[1] = Infinity;
    const Parameters<Net> before = f.p;
    const Event event = f.step(safe);
    CHECK(event.reason == (later == 1 ? Reason::LossNotFinite : Reason::NothingGood));
    CHECK(safe.last_alarm.reason == Reason::LossNotFinite);
    CHECK(problem::same_bytes(f.p, before) == (later == 0));
    CHECK(f.step(safe).reason == (later == 1 ? Reason::Ok : Reason::Stopped));
    if (later == 0) {
      initialize(f.p, He{}, Random{5});
      safe.restart();
      CHECK(f.step(safe).reason == Reason::Ok);
    }
  }
}

TEST_CASE("SafeTrainer: with its memory watched it finds each bit that flips between two steps; without, only what shows") {
  int found = 0, alone = 0;
  for (std::uint32_t bit = 0; bit < 32; ++bit) {
    for (bool watch : {true, false}) {
      Fixture f;
      Safe<> safe{.trainer = {.optimizer = {.learning_rate = 0.1f}}, .watch_memory = watch};
      for (int k = 0; k < 3; ++k) CHECK(f.step(safe).reason == Reason::Ok);
      const Parameters<Net> good = safe.last_good();
      float& w = f.p.layer.weights(2, 3);
      w = std::bit_cast<float>(std::bit_cast<std::uint32_t>(w) ^ 1u << bit);
      CHECK(safe.intact(f.p) != watch);
      const Event event = f.step(safe);
      (watch ? found : alone) += event.reason == Reason::WeightsChanged;
      if (watch) CHECK(problem::same_bytes(f.p, good));
      CHECK(f.step(safe).reason == Reason::Ok);
      CHECK(safe.intact(f.p));
    }
  }
  CHECK(found == 32);
  CHECK(alone == 0);
}

TEST_CASE("SafeTrainer: an event says when its loss is that of the judge's own samples") {
  Fixture f;
  const problem::Data<Net, 3> own{7};
  SafeTrainer<Training<>, Probe<Matrix<3, 6>, Vector<3, int>>> safe{.trainer = {.optimizer = {.learning_rate = 0.1f}},
                                                                    .judge = {&own.inputs, &own.labels, 2}};
  for (int k = 0; k < 5; ++k) CHECK_FALSE(f.step(safe).probed);  // due in the odd steps
  f.p.next.layer.bias[0] = NaN;
  CHECK_FALSE(f.step(safe).probed);
  f.p.next.layer.bias[0] = NaN;
  const Event event = f.step(safe);
  CHECK(event.reason == Reason::LossNotFinite);
  CHECK(event.probed);
}

TEST_CASE("Reason: a sentence for each, and no two alike") {
  for (std::uint32_t a = 0; a <= static_cast<std::uint32_t>(Reason::WeightsChanged); ++a) {
    CHECK(std::strcmp(text(static_cast<Reason>(a)), "unknown reason") != 0);
    for (std::uint32_t b = 0; b < a; ++b) CHECK(std::strcmp(text(static_cast<Reason>(a)), text(static_cast<Reason>(b))) != 0);
  }
}
