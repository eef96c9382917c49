// One training step: forward, loss, backward, update.
#include "bench/measure.h"
#include "bench/model/networks.h"

namespace insitu::bench {
namespace {

template <class Net, class Loss, int Size, class Optimizer = Sgd>
void run(benchmark::State& state) {
  using Training = Trainer<Net, Loss, Optimizer, Batch<Size>>;
  const auto parameters = std::make_unique<Placed<Parameters<Net>>>();
  initialize(static_cast<Parameters<Net>&>(*parameters), Glorot{}, Random{7});
  struct alignas(Alignment) Aligned {
    Training trainer;
  };
  const auto aligned = std::make_unique<Aligned>(Aligned{Training{.optimizer = {.learning_rate = 1e-4f}}});
  const auto x = filled<Matrix<Size, Net::inputs>>(1.0f, 1);
  const auto t = filled<Matrix<Size, Net::outputs>>(0.5f, 2);
  for (float& target : t->data) target = target + 0.5f;
  float loss = 0.0f;
  for (auto _ : state) benchmark::DoNotOptimize(loss = aligned->trainer.step(*parameters, *x, *t));
  count(state, static_cast<double>(Budget<Net, Training>::flops) * Size, 4.0 * (2.0 * Net::parameter_count + 1.0 * Size * Net::inputs));
}

template <class Net, class Loss, int... Sizes>
bool batches(const char* name) {
  return (add(std::string("train/") + name + "/" + std::to_string(Sizes), run<Net, Loss, Sizes>) && ...);
}

const bool registered = batches<Images, BinaryCrossEntropy, 1, 10, 32>("12288-64-1") &&
                        batches<Digits28, CrossEntropy, 1, 32>("784-128-10") && batches<Digits8, CrossEntropy, 1, 8>("64-32-10") &&
                        batches<Control, MeanSquaredError, 1, 8>("16-32-4") && batches<Xor, BinaryCrossEntropy, 4>("2-3-1") &&
                        add("train momentum/64-32-10/8", run<Digits8, CrossEntropy, 8, Momentum>) &&
                        add("train adam/64-32-10/8", run<Digits8, CrossEntropy, 8, Adam>);

}  // namespace
}  // namespace insitu::bench
