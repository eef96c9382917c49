#include "model/sliced_trainer.h"

#include <doctest/doctest.h>

#include "model/checkpoint.h"
#include "tests/model/problem.h"

using namespace insitu;

namespace {

/// Steps on changing batches, by `budget()` multiply-adds a slice; the parameters and losses are those of Trainer, to the bit. Returns the number of slices.
template <class Net, class Loss, class Optimizer, int N, class Targets = Matrix<N, Net::outputs>, class Budget>
long same_as_trainer(int steps, Budget&& budget, int samples = N) {
  using Training = Trainer<Net, Loss, Optimizer, Batch<N>>;
  static Training trainer;
  static SlicedTrainer<Training> sliced;
  trainer = Training{.optimizer = {.learning_rate = 0.1f}};
  sliced = SlicedTrainer<Training>{.trainer = {.optimizer = {.learning_rate = 0.1f}}};
  Parameters<Net> factory;
  initialize(factory, Glorot{}, Random{3});
  Trained<Net> a, b;
  copy_factory<Net>(factory, a);
  b = a;
  long slices = 0;
  for (int k = 1; k <= steps; ++k) {
    const problem::Data<Net, N> data{static_cast<std::uint64_t>(k), std::is_same_v<Loss, CrossEntropy>};
    Targets t;
    if constexpr (std::is_same_v<Targets, Vector<N, int>>) {
      t = data.labels;
    } else {
      t = data.targets;
    }
    const float loss = trainer.step(a, factory, data.inputs, t, samples);
    sliced.begin(samples);
    Progress progress = Progress::Working;
    int losses = 0;
    while (progress != Progress::Done) {
      progress = sliced.run(b, factory, data.inputs, t, budget());
      losses += progress == Progress::LossKnown;
      ++slices;
    }
    CHECK(losses == 1);
    CHECK(sliced.loss() == loss);
    CHECK(problem::same_bytes(a, b));
  }
  return slices;
}

using Small = Network<Dense<5, 7, Tanh>, Dense<7, 3, Softmax>>;

}  // namespace

TEST_CASE("SlicedTrainer: unit by unit, and in slices of any size, the bits of Trainer") {
  const auto one = [] { return 0l; };
  Random random{8};
  const auto any = [&] { return static_cast<long>(random.below(3000)); };
  same_as_trainer<Network<Dense<2, 3, Sigmoid>, Dense<3, 1, Sigmoid>>, MeanSquaredError, Sgd, 4>(5, one);
  same_as_trainer<Network<Dense<33, 17, Relu>, Dense<17, 5, Softmax>>, CrossEntropy, Momentum, 3, Vector<3, int>>(5, any, 2);
#if !defined(INSITU_SLOW_TARGET)  // a sanitizer takes its time to compile each
  same_as_trainer<Network<Dense<20, 50, Relu>, Dense<50, 26, Tanh>, Dense<26, 1, Sigmoid>>, BinaryCrossEntropy, Sgd, 6>(4, any);
  same_as_trainer<Network<Dense<40, 64, LeakyRelu>, Dense<64, 10>>, Huber, Adam, 1>(4, one);
  same_as_trainer<Network<Frozen<Dense<6, 9, Tanh>>, Frozen<Dense<9, 8, Relu>>, Frozen<Dense<8, 9>>, Dense<9, 4>>, MeanSquaredError, Sgd,
                  2>(5, any);
  same_as_trainer<Network<BiasOnly<Dense<6, 9, Tanh>>, Frozen<Dense<9, 8, Relu>>, Dense<8, 4>>, MeanSquaredError, Sgd, 2>(5, one);
#endif
}

TEST_CASE("SlicedTrainer: cut at every boundary, and at every two, a step has one CRC") {
  using Wide = Network<Dense<40, 30, Tanh>, Dense<30, 3, Softmax>>;
  using Training = Trainer<Wide, CrossEntropy, Adam, Batch<3>>;
  const problem::Data<Wide, 3> data{2};
  const auto start = [] {
    Parameters<Wide> p;
    initialize(p, Glorot{}, Random{1});
    return p;
  };
  const auto crc = [](const Parameters<Wide>& p) { return crc32c(reinterpret_cast<const unsigned char*>(&p), static_cast<int>(sizeof p)); };
  constexpr long Rest = 1l << 30;
  // two steps, so that what the optimizer remembers counts too: the first a unit at a time up to unit `one`, in one slice up to `two`, then the rest
  const auto cut = [&](int one, int two) {
    SlicedTrainer<Training> sliced{.trainer = {.optimizer = {.learning_rate = 0.3f}}};
    Parameters<Wide> p = start();
    for (int step = 0; step < 2; ++step) {
      sliced.begin();
      int units = 0;
      while (!sliced.idle()) sliced.run(p, data.inputs, data.labels, ++units <= one ? 0 : units <= two ? 700 : Rest);
    }
    return crc(p);
  };
  SlicedTrainer<Training> sliced{.trainer = {.optimizer = {.learning_rate = 0.3f}}};
  Parameters<Wide> p = start();
  int units = 0;
  for (sliced.begin(); !sliced.idle(); ++units) sliced.run(p, data.inputs, data.labels, 0);
  CHECK(units >= 30);

  Training trainer{.optimizer = {.learning_rate = 0.3f}};
  p = start();
  for (int step = 0; step < 2; ++step) trainer.step(p, data.inputs, data.labels);
  int same = 0, cuts = 0;
  for (int one = 0; one <= units; ++one) {
    for (int two = one; two <= units; ++two, ++cuts) same += cut(one, two) == crc(p);
  }
  CHECK(same == cuts);
  MESSAGE("slicings: ", cuts, " tried, ", same, " same");
}

TEST_CASE("SlicedTrainer: a slice stays within its budget, or is one unit") {
  using Training = Trainer<Network<Dense<64, 32, Relu>, Dense<32, 10, Softmax>>, CrossEntropy, Sgd, Batch<4>>;
  CHECK(SlicedTrainer<Training>::largest_unit <= 4096);
  const problem::Data<Training::Network, 4> data{1};
  static SlicedTrainer<Training> sliced{.trainer = {.optimizer = {.learning_rate = 0.1f}}};
  static Parameters<Training::Network> p;
  initialize(p, He{}, Random{1});
  const auto slices = [&](long budget) {
    int n = 1;
    sliced.begin();
    while (sliced.run(p, data.inputs, data.labels, budget) != Progress::Done) ++n;
    return n;
  };
  const int units = slices(0), some = slices(4096);
  CHECK(slices(1l << 30) == 2);
  CHECK(some >= 4 * 2368 * 2 / 4096);
  CHECK(some < units / 2);
}

TEST_CASE("SlicedTrainer: cancelled where the loss is known, nothing has changed, nor in the optimizer") {
  using Training = Trainer<Small, CrossEntropy, Adam, Batch<3>>;
  const problem::Data<Small, 3> data{2};
  SlicedTrainer<Training> sliced{.trainer = {.optimizer = {.learning_rate = 0.3f}}};
  Parameters<Small> p;
  initialize(p, Glorot{}, Random{1});
  const Parameters<Small> before = p;
  sliced.begin();
  while (sliced.run(p, data.inputs, data.labels, 0) != Progress::LossKnown) {}
  sliced.cancel();
  CHECK(sliced.idle());
  CHECK(sliced.run(p, data.inputs, data.labels, 1000) == Progress::Done);
  CHECK(problem::same_bytes(p, before));
  CHECK(sliced.trainer.optimizer.beta1_power == 1.0f);
  CHECK(sliced.trainer.optimizer.beta2_power == 1.0f);
}

namespace {

/// 40 steps on one batch; at step 20 a weight becomes NaN, at step 30 an input. `step` does one.
template <class P, class Step>
void troubled(P& p, Step&& step) {
  problem::Data<Small, 3> data{2};
  for (int k = 1; k <= 40; ++k) {
    if (k == 20) p.layer.weights(1, 2) = __builtin_nanf("");
    auto inputs = data.inputs;
    if (k == 30) inputs(0, 3) = __builtin_inff();
    step(k, inputs, data.labels);
  }
}

/// Under a guard, in slices of any size and in whole steps: the same parameters and events but for the norm.
template <class Optimizer>
void same_under_a_guard() {
  using Training = Trainer<Small, CrossEntropy, Optimizer, Batch<3>>;
  SafeTrainer<Training> safe{.trainer = {.optimizer = {.learning_rate = 0.02f}}};
  SafeSlicedTrainer<Training> sliced{.safe = {.trainer = {.optimizer = {.learning_rate = 0.02f}}}};
  Parameters<Small> p, q;
  initialize(p, Glorot{}, Random{1});
  q = p;
  Random random{4};
  Event events[41];
  troubled(p, [&](int k, const auto& x, const auto& t) { events[k] = safe.step(p, x, t); });
  troubled(q, [&](int k, const auto& x, const auto& t) {
    sliced.begin();
    while (sliced.run(q, x, t, static_cast<long>(random.below(300))) != Progress::Done) {}
    CHECK(sliced.event.reason == events[k].reason);
    CHECK(sliced.event.step == events[k].step);
    CHECK(sliced.event.rate == events[k].rate);
    if (events[k].reason != Reason::LossNotFinite) CHECK(sliced.event.loss == events[k].loss);
  });
  CHECK(events[20].reason == Reason::LossNotFinite);
  CHECK(events[30].reason == Reason::InputNotFinite);
  CHECK(safe.alarms == 2);
  CHECK(sliced.safe.alarms == 2);
  CHECK(sliced.safe.scale == 0.5f);
  CHECK(problem::same_bytes(p, q));
  CHECK(problem::same_bytes(safe.trainer.optimizer, sliced.safe.trainer.optimizer));
  if constexpr (Optimizer::slots > 0) CHECK(problem::same_bytes(safe.trainer.state, sliced.safe.trainer.state));
}

}  // namespace

TEST_CASE("SafeSlicedTrainer: what goes wrong is brought back as in whole steps, the optimizer's state with it") {
  same_under_a_guard<Sgd>();
  same_under_a_guard<Momentum>();
  same_under_a_guard<Adam>();
}

TEST_CASE("SafeSlicedTrainer: a rollback leaves no momentum, and a stopped guard does nothing") {
  using Training = Trainer<Small, CrossEntropy, Momentum, Batch<3>>;
  const problem::Data<Small, 3> data{2};
  SafeSlicedTrainer<Training> sliced{.safe = {.trainer = {.optimizer = {.learning_rate = 0.1f}}, .retries = 1}};
  Parameters<Small> p;
  initialize(p, Glorot{}, Random{1});
  const auto step = [&] {
    sliced.begin();
    while (sliced.run(p, data.inputs, data.labels, 50) != Progress::Done) {}
    return sliced.event.reason;
  };
  for (int k = 0; k < 10; ++k) CHECK(step() == Reason::Ok);
  CHECK(scan(sliced.safe.trainer.state).sum != 0u);
  const Parameters<Small> good = sliced.safe.last_good();
  p.next.layer.bias[0] = __builtin_nanf("");
  CHECK(step() == Reason::LossNotFinite);
  CHECK(scan(sliced.safe.trainer.state).sum == 0u);
  CHECK(problem::same_bytes(p, good));
  p.next.layer.bias[0] = __builtin_nanf("");
  CHECK(step() == Reason::Stopped);
  CHECK(problem::same_bytes(p, good));
  CHECK(step() == Reason::Stopped);
  CHECK(sliced.idle());
  CHECK(problem::same_bytes(p, good));
}
