#include "model/online_trainer.h"

#include <doctest/doctest.h>

#include "tests/model/problem.h"

using namespace insitu;

namespace {

/// Steps on samples that change; parameters, predictions and losses are held against Trainer's, to the bit, at every `look`-th step.
template <class Net, class Loss, class Targets = Matrix<1, Net::outputs>>
void same_as_trainer(int steps, int look) {
  Parameters<Net> p;
  initialize(p, Glorot{}, Random{3});
  Trainer<Net, Loss, Sgd, Batch<1>> trainer{.optimizer = {.learning_rate = 0.1f}};
  OnlineTrainer<Net, Loss> online;
  online.optimizer.learning_rate = 0.1f;
  online.set(p);
  const Parameters<Net> start = p;
  int losses = 0;
  for (int k = 1; k <= steps; ++k) {
    const problem::Data<Net, 1> data{static_cast<std::uint64_t>(k), std::is_same_v<Loss, CrossEntropy>};
    Targets t;
    if constexpr (std::is_same_v<Targets, Vector<1, int>>) {
      t = data.labels;
    } else {
      t = data.targets;
    }
    trainer.optimizer.learning_rate = online.optimizer.learning_rate = 0.1f / static_cast<float>(k);
    losses += trainer.step(p, data.inputs, t) == online.step(data.inputs, t);
    if (k % look == 0) {
      CHECK(problem::same_bytes(online.predict(data.inputs), predict<Net, 1>(p, data.inputs)));
      CHECK(problem::same_bytes(online.parameters(), p));
    }
  }
  CHECK(losses == steps);
  CHECK(problem::same_bytes(online.parameters(), p));
  CHECK_FALSE(problem::same_bytes(start, p));
}

}  // namespace

TEST_CASE("OnlineTrainer: the bits of Trainer with a batch of one, whenever one looks") {
  same_as_trainer<Network<Dense<2, 3, Sigmoid>, Dense<3, 1, Sigmoid>>, MeanSquaredError>(40, 7);
  same_as_trainer<Network<Dense<7, 5, LeakyRelu>, Dense<5, 3>>, Huber>(40, 1);
  same_as_trainer<Network<Dense<33, 17, Tanh>, Dense<17, 5, Softmax>>, CrossEntropy, Vector<1, int>>(40, 9);
  same_as_trainer<Network<Dense<20, 16, Relu>, Dense<16, 8, Tanh>, Dense<8, 4, Softmax>>, CrossEntropy>(40, 41);
  same_as_trainer<Network<Dense<9, 1, Sigmoid>>, BinaryCrossEntropy>(40, 8);
#if !defined(INSITU_SMALL_MEMORY)
  same_as_trainer<Network<Dense<100, 50, Relu>, Dense<50, 3, Softmax>>, CrossEntropy>(40, 6);
  same_as_trainer<Network<Dense<65, 130, Relu>, Dense<130, 1, Sigmoid>>, BinaryCrossEntropy>(40, 41);
#endif
}

TEST_CASE("OnlineTrainer: with a frozen beginning it owns the rest, and reads the factory's") {
  using Net = Network<Frozen<Dense<6, 9, Tanh>>, Dense<9, 4>>;
  Parameters<Net> factory;
  initialize(factory, Glorot{}, Random{4});
  const Parameters<Net> before = factory;
  Trained<Net> p;
  get<1>(p) = get<1>(factory);
  Trainer<Net, MeanSquaredError, Sgd, Batch<1>> trainer{.optimizer = {.learning_rate = 0.1f}};
  OnlineTrainer<Net, MeanSquaredError> online;
  online.optimizer.learning_rate = 0.1f;
  online.set(p);
  for (int k = 1; k <= 20; ++k) {
    const problem::Data<Net, 1> data{static_cast<std::uint64_t>(k)};
    CHECK(trainer.step(p, factory, data.inputs, data.targets) == online.step(factory, data.inputs, data.targets));
    if (k % 6 == 0) CHECK(problem::same_bytes(online.predict(factory, data.inputs), predict<Net, 1>(p, factory, data.inputs)));
  }
  CHECK(problem::same_bytes(online.parameters(), p));
  CHECK(problem::same_bytes(factory, before));
}

TEST_CASE("OnlineTrainer: new parameters drop what was pending; a copy goes its own way") {
  using Net = Network<Dense<5, 4, Tanh>, Dense<4, 2>>;
  const problem::Data<Net, 1> data{1}, other{2};
  Parameters<Net> p;
  initialize(p, He{}, Random{9});
  OnlineTrainer<Net, MeanSquaredError> online;
  online.initialize(He{}, Random{9});
  CHECK(problem::same_bytes(online.parameters(), p));
  online.step(data.inputs, data.targets);
  online.set(p);
  CHECK(problem::same_bytes(online.parameters(), p));
  online.step(data.inputs, data.targets);
  OnlineTrainer<Net, MeanSquaredError> copy = online;
  const Parameters<Net> once = online.parameters();
  copy.step(other.inputs, other.targets);
  CHECK(problem::same_bytes(online.parameters(), once));
  online.step(other.inputs, other.targets);
  CHECK(problem::same_bytes(online.parameters(), copy.parameters()));
}
