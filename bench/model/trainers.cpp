// Which trainer: a step of 64-32-10 by each, and the RAM that it takes with what it trains (its name says the bytes).
#include "bench/measure.h"
#include "bench/model/networks.h"
#include "model/sliced_trainer.h"

namespace insitu::bench {
namespace {

using LastLayer = Network<Frozen<Dense<64, 32, Relu>>, Dense<32, 10, Softmax>>;
using Biases = Network<BiasOnly<Dense<64, 32, Relu>>, BiasOnly<Dense<32, 10, Softmax>>>;
constexpr int Inputs = 64, Classes = 10;

/// A step of `trainer` on its batch: step(trained, factory, x, labels), whatever it returns.
template <class Net, int Size, class Training>
void run(benchmark::State& state) {
  const auto factory = std::make_unique<Placed<Parameters<Net>>>();
  initialize(static_cast<Parameters<Net>&>(*factory), Glorot{}, Random{7});
  const auto trained = std::make_unique<Placed<Trained<Net>>>();
  copy_factory<Net>(*factory, *trained);
  const auto trainer = std::make_unique<Training>();
  if constexpr (requires { trainer->trainer; }) {
    trainer->trainer.optimizer.learning_rate = 1e-4f;
  } else if constexpr (requires { trainer->optimizer.optimizer; }) {
    trainer->optimizer.optimizer.learning_rate = 1e-4f;
    trainer->optimizer.max_norm = 1.0f;
  } else {
    trainer->optimizer.learning_rate = 1e-4f;
  }
  if constexpr (requires { trainer->set(*factory); }) trainer->set(*factory);
  const auto x = filled<Matrix<Size, Inputs>>(1.0f, 1);
  Vector<Size, int> labels;
  for (int s = 0; s < Size; ++s) labels[s] = s % Classes;
  const auto step = [&] {
    if constexpr (requires { trainer->run(*trained, *factory, *x, labels, 4096); }) {
      trainer->begin();
      while (trainer->run(*trained, *factory, *x, labels, 4096) != Progress::Done) {}
    } else if constexpr (requires { trainer->set(*factory); }) {
      benchmark::DoNotOptimize(trainer->step(*x, labels));
    } else {
      benchmark::DoNotOptimize(trainer->step(*trained, *factory, *x, labels));
    }
  };
  step();
  for (auto _ : state) {
    step();
    benchmark::ClobberMemory();
  }
  count(state, static_cast<double>(Budget<Net, Trainer<Net, CrossEntropy, Sgd, Batch<Size>>>::flops) * Size, 0.0);
}

template <class Net, int Size, class Training>
bool row(const std::string& name) {
  return add("trainer/" + name + ", batch " + std::to_string(Size) + "/" + std::to_string(Budget<Net, Training>::ram) + " bytes",
             run<Net, Size, Training>);
}
template <class Net, int Size, class Optimizer = Sgd>
using Plain = Trainer<Net, CrossEntropy, Optimizer, Batch<Size>>;

const bool registered =
    row<Digits8, 1, Plain<Digits8, 1>>("Trainer, Sgd") && row<Digits8, 1, OnlineTrainer<Digits8, CrossEntropy>>("OnlineTrainer") &&
    row<Digits8, 8, Plain<Digits8, 8>>("Trainer, Sgd") && row<Digits8, 8, Plain<Digits8, 8, Momentum>>("Trainer, Momentum") &&
    row<Digits8, 8, Plain<Digits8, 8, Adam>>("Trainer, Adam") &&
    row<Digits8, 8, Plain<Digits8, 8, ClipNorm<Sgd>>>("Trainer, ClipNorm<Sgd>") &&
    row<LastLayer, 1, Plain<LastLayer, 1>>("last layer, Sgd") && row<Biases, 1, Plain<Biases, 1>>("biases, Sgd") &&
    row<Digits8, 1, SafeTrainer<Plain<Digits8, 1>, Smoothed<64>>>("SafeTrainer, Sgd") &&
    row<LastLayer, 1, SafeTrainer<Plain<LastLayer, 1>, Smoothed<64>, KeepFactory>>("SafeTrainer, last layer, KeepFactory") &&
    row<Digits8, 1, SlicedTrainer<Plain<Digits8, 1>>>("SlicedTrainer, Sgd");

}  // namespace
}  // namespace insitu::bench
