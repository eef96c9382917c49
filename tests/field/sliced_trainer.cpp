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
    CHECK(sliced.loss == loss);
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
  same_as_trainer<Network<Dense<20, 50, Relu>, Dense<50, 26, Tanh>, Dense<26, 1, Sigmoid>>, BinaryCrossEntropy, Sgd, 6>(4, any);
  same_as_trainer<Network<Dense<40, 64, LeakyRelu>, Dense<64, 10>>, Huber, Adam, 1>(4, one);
  same_as_trainer<Network<Frozen<Dense<6, 9, Tanh>>, Frozen<Dense<9, 8, Relu>>, Frozen<Dense<8, 9>>, Dense<9, 4>>, MeanSquaredError, Sgd,
                  2>(5, any);
  same_as_trainer<Network<BiasOnly<Dense<6, 9, Tanh>>, Frozen<Dense<9, 8, Relu>>, Dense<8, 4>>, MeanSquaredError, Sgd, 2>(5, one);
}

TEST_CASE("SlicedTrainer: cut at every possible place, one step has one CRC") {
  using Training = Trainer<Small, CrossEntropy, Sgd, Batch<3>>;
  const problem::Data<Small, 3> data{2};
  const auto crc = [&](long first_slice) {
    SlicedTrainer<Training> sliced{.trainer = {.optimizer = {.learning_rate = 0.3f}}};
    Parameters<Small> p;
    initialize(p, Glorot{}, Random{1});
    sliced.begin();
    Progress progress = sliced.run(p, data.inputs, data.labels, first_slice);
    while (progress != Progress::Done) progress = sliced.run(p, data.inputs, data.labels, first_slice == 0 ? 0 : 1l << 30);
    return crc32c(reinterpret_cast<const unsigned char*>(&p), static_cast<int>(sizeof p));
  };
  Training trainer{.optimizer = {.learning_rate = 0.3f}};
  Parameters<Small> p;
  initialize(p, Glorot{}, Random{1});
  trainer.step(p, data.inputs, data.labels);
  const std::uint32_t whole = crc32c(reinterpret_cast<const unsigned char*>(&p), static_cast<int>(sizeof p));
  int same = 0, cuts = 0;
  for (long slice = 0; slice < 1500; ++slice, ++cuts) same += crc(slice) == whole;  // the whole step is worth about 1,000
  CHECK(same == cuts);
  MESSAGE("cuts with the same CRC: ", same, " of ", cuts);
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

TEST_CASE("SlicedTrainer: cancelled where the loss is known, nothing has changed") {
  using Training = Trainer<Small, CrossEntropy, Sgd, Batch<3>>;
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
}
