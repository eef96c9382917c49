// What goes wrong on a device, one fault at a time: the guard or the gate has it, or it does no harm; and where nothing goes wrong, neither says anything.
#include <doctest/doctest.h>

#include <string>

#include "model/initialize.h"
#include "model/safe_trainer.h"
#include "tests/model/problem.h"

using namespace insitu;

namespace {

#if defined(INSITU_SMALL_MEMORY) || defined(INSITU_SLOW_TARGET) || !defined(INSITU_HARDWARE_FMA)
constexpr int Seeds = 2, CleanSteps = 2000;
#else
constexpr int Seeds = 100, CleanSteps = 100000;
#endif

using Net = Network<Dense<12, 16, Relu>, Dense<16, 4, Softmax>>;
constexpr int N = 4;
using Training = Trainer<Net, CrossEntropy, Sgd, Batch<N>>;
using Safe = SafeTrainer<Training, Smoothed<32>>;

/// Four classes, each brighter at every fourth input, with noise as large.
template <int Count>
void samples(Random& random, Matrix<Count, 12>& inputs, Vector<Count, int>& labels) {
  for (int s = 0; s < Count; ++s) {
    labels[s] = static_cast<int>(random.below(4));
    for (int i = 0; i < 12; ++i) inputs(s, i) = (Scalar(random.uniform()) + Scalar(i % 4 == labels[s] ? 0.7f : 0.0f)).value;
  }
}

enum class Fault { None, SampleNaN, SampleInfinity, Sign, Exponent, Mantissa, Rate, Dead, Labels };
constexpr const char* Names[] = {
    "none",        "NaN in a sample", "infinity in a sample", "sign of a weight", "exponent of a weight", "mantissa of a weight",
    "rate of 1e6", "all units dead",  "labels shuffled"};

struct Device {
  Matrix<64, 12> held;
  Vector<64, int> held_labels;
  Matrix<256, 12> test;
  Vector<256, int> test_labels;
  Parameters<Net> factory, tuned;
  Training trainer;
  Safe safe;

  explicit Device(std::uint64_t seed)
      : trainer{.optimizer = {.learning_rate = 0.2f}}, safe{.trainer = {.optimizer = {.learning_rate = 0.05f}}} {
    Random random{seed};
    initialize(factory, He{}, random);
    samples(random, held, held_labels);
    samples(random, test, test_labels);
    for (int k = 0; k < 400; ++k) {
      Matrix<N, 12> x;
      Vector<N, int> t;
      samples(random, x, t);
      trainer.step(factory, x, t);
    }
    tuned = factory;
  }
  /// 200 steps, the fault at step 100 (or from then on).
  void tune(Fault fault, std::uint64_t seed, bool watched) {
    safe.watch_memory = watched;
    Random random{seed + 500}, chance{seed + 900};
    for (int k = 0; k < 200; ++k) {
      Matrix<N, 12> x;
      Vector<N, int> t;
      samples(random, x, t);
      if (k == 100) {
        const auto where = chance.below(static_cast<std::uint32_t>(float_count<Parameters<Net>>));
        float& w = problem::floats(tuned)[where];
        const auto flip = [&](std::uint32_t bit) { w = std::bit_cast<float>(std::bit_cast<std::uint32_t>(w) ^ 1u << bit); };
        if (fault == Fault::SampleNaN) x(1, 4) = __builtin_nanf("");
        if (fault == Fault::SampleInfinity) x(2, 7) = -__builtin_inff();
        if (fault == Fault::Sign) flip(31);
        if (fault == Fault::Exponent) flip(23 + chance.below(8));
        if (fault == Fault::Mantissa) flip(chance.below(23));
        if (fault == Fault::Rate) safe.trainer.optimizer.learning_rate = 1e6f;
        if (fault == Fault::Dead) {
          for (float& b : tuned.layer.bias) b = -1e3f;
        }
      }
      if (k >= 100 && fault == Fault::Labels) {
        for (int& label : t) label = static_cast<int>(chance.below(4));
      }
      safe.step(tuned, x, t);
    }
  }
};

}  // namespace

TEST_CASE("faults: the guard or the gate has each, with the memory watched; without, what is committed is as good as before") {
  static Device device{0};
  constexpr CommitGate Gate{.margin = 0.02f};
  int injected = 0, all_caught = 0;
  for (Fault fault : {Fault::None, Fault::SampleNaN, Fault::SampleInfinity, Fault::Sign, Fault::Exponent, Fault::Mantissa, Fault::Rate,
                      Fault::Dead, Fault::Labels}) {
    for (bool watched : {true, false}) {
      int guard = 0, gate = 0, harm = 0;
      for (std::uint64_t seed = 1; seed <= Seeds; ++seed) {
        device = Device{seed};
        const float before = mean_loss(device.trainer, device.factory, device.factory, device.test, device.test_labels);
        device.tune(fault, seed, watched);
        const Parameters<Net> factory = device.factory;
        const Comparison found = Gate.commit(device.trainer, device.tuned, device.factory, factory, device.held, device.held_labels);
        const float after = mean_loss(device.trainer, device.factory, device.factory, device.test, device.test_labels);
        // the gate sees 64 samples, the test 256 others: the two differ by chance
        harm += !is_finite(after) || after > before + 5 * Gate.margin;
        if (found.reason != Reason::Ok) {
          CHECK(problem::same_bytes(device.factory, factory));
          CHECK(problem::same_bytes(device.tuned, factory));
        }
        if (device.safe.alarms > 0) {
          ++guard;
        } else if (found.reason != Reason::Ok) {
          ++gate;
        }
      }
      MESSAGE(std::string(Names[static_cast<int>(fault)]), std::string(watched ? ", memory watched" : ""), ": guard ", guard, ", gate ",
              gate, ", committed and as good ", Seeds - guard - gate - harm, ", harm ", harm);
      CHECK(harm == 0);
      if (fault == Fault::None) CHECK(guard == 0);
      const bool bit = fault == Fault::Sign || fault == Fault::Exponent || fault == Fault::Mantissa;
      if (fault == Fault::None || (bit && !watched)) continue;
      CHECK(guard + gate == Seeds);
      injected += Seeds, all_caught += guard + gate;
    }
  }
  MESSAGE("faults: ", injected, " tried, ", all_caught, " caught");
}

TEST_CASE("faults: damage just before the commit is refused, or costs less than the margin") {
  static Device device{0};
  constexpr CommitGate Gate{.margin = 0.02f};
  int refused = 0, passed = 0, watched = 0;
  for (std::uint64_t seed = 1; seed <= Seeds; ++seed) {
    device = Device{seed};
    device.tune(Fault::None, seed, true);
    const Parameters<Net> tuned = device.tuned, old = device.factory;
    Random chance{seed + 77};
    for (std::uint32_t bit = 0; bit < 32; ++bit) {
      device.tuned = tuned;
      float& w = problem::floats(device.tuned)[chance.below(static_cast<std::uint32_t>(float_count<Parameters<Net>>))];
      w = std::bit_cast<float>(std::bit_cast<std::uint32_t>(w) ^ 1u << bit);
      watched += !device.safe.intact(device.tuned);  // whoever asks before a commit knows it in any case
      const Comparison verdict = Gate.judge(device.trainer, device.tuned, old, old, device.held, device.held_labels);
      if (verdict.reason == Reason::Ok) {
        ++passed;
        CHECK(verdict.tuned <= verdict.old + Gate.margin);
        if (bit < 23)
          CHECK(mean_loss(device.trainer, device.tuned, old, device.test, device.test_labels) <
                mean_loss(device.trainer, tuned, old, device.test, device.test_labels) + Gate.margin);
      } else {
        ++refused;
      }
    }
  }
  MESSAGE("flipped bits: ", refused, " refused, ", passed, " within the margin");
  CHECK(refused > 0);
  CHECK(watched == 32 * Seeds);
}

TEST_CASE("faults: many clean steps raise no alarm, online, with a probe, and on one batch") {
  static Device device{3};
  std::uint32_t alarms = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    device = Device{seed};
    Random random{seed};
    for (int k = 0; k < CleanSteps; ++k) {
      Matrix<N, 12> x;
      Vector<N, int> t;
      samples(random, x, t);
      alarms += device.safe.step(device.tuned, x, t).reason != Reason::Ok;
    }
  }
  CHECK(alarms == 0);
  device = Device{4};
  SafeTrainer<Training, Probe<Matrix<64, 12>, Vector<64, int>>> probed{.trainer = {.optimizer = {.learning_rate = 0.05f}},
                                                                       .judge = {&device.held, &device.held_labels}};
  SafeTrainer<Training> batch{.trainer = {.optimizer = {.learning_rate = 0.05f}}};
  Random random{9};
  Matrix<N, 12> x, same;
  Vector<N, int> t, same_labels;
  samples(random, same, same_labels);
  Parameters<Net> p = device.factory, q = device.factory;
  for (int k = 0; k < CleanSteps; ++k) {
    samples(random, x, t);
    alarms += probed.step(p, x, t).reason != Reason::Ok;
    alarms += batch.step(q, same, same_labels).reason != Reason::Ok;
  }
  CHECK(alarms == 0);
  MESSAGE("alarms in ", 7 * CleanSteps, " clean steps: ", alarms);
}
