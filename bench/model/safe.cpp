// What watching a step costs: the step alone; with the guard, where it takes a copy and where it does not; with a recorder; in slices.
#include "bench/measure.h"
#include "bench/model/networks.h"
#include "model/flight_recorder.h"
#include "model/sliced_trainer.h"

namespace insitu::bench {
namespace {

using Tail8 = Network<Frozen<Dense<64, 32, Relu>>, Dense<32, 10, Softmax>>;

template <class Net, int Size, class Step>
void run(benchmark::State& state, Step&& step) {
  const auto factory = std::make_unique<Placed<Parameters<Net>>>();
  initialize(static_cast<Parameters<Net>&>(*factory), Glorot{}, Random{7});
  const auto trained = std::make_unique<Placed<Trained<Net>>>();
  copy_factory<Net>(*factory, *trained);
  const auto x = filled<Matrix<Size, Net::inputs>>(1.0f, 1);
  Vector<Size, int> labels;
  for (int s = 0; s < Size; ++s) labels[s] = s % Net::outputs;
  benchmark::DoNotOptimize(*trained);
  benchmark::DoNotOptimize(*factory);
  step(*trained, *factory, *x, labels);  // the first takes the copy in any case
  for (auto _ : state) benchmark::DoNotOptimize(step(*trained, *factory, *x, labels));
  count(state, static_cast<double>(Budget<Net, Trainer<Net, CrossEntropy, Sgd, Batch<Size>>>::flops) * Size, 0.0);
}

template <class Net, int Size>
using Training = Trainer<Net, CrossEntropy, Sgd, Batch<Size>>;
template <class Net, int Size>
using Every = SafeTrainer<Training<Net, Size>>;
template <class Net, int Size>
using Online = SafeTrainer<Training<Net, Size>, Smoothed<64>>;

template <class Net, int Size>
void plain(benchmark::State& state) {
  const auto trainer = std::make_unique<Training<Net, Size>>(Training<Net, Size>{.optimizer = {.learning_rate = 1e-4f}});
  benchmark::DoNotOptimize(*trainer);
  run<Net, Size>(state, [&](auto& p, const auto& factory, const auto& x, const auto& t) { return trainer->step(p, factory, x, t); });
}
template <class Net, int Size, class Safe>
void guarded(benchmark::State& state) {
  const auto safe = std::make_unique<Safe>(Safe{.trainer = {.optimizer = {.learning_rate = 1e-4f}}});
  benchmark::DoNotOptimize(*safe);
  run<Net, Size>(state, [&](auto& p, const auto& factory, const auto& x, const auto& t) { return safe->step(p, factory, x, t).loss; });
}
template <class Net, int Size>
void watched_memory(benchmark::State& state) {
  const auto safe =
      std::make_unique<Online<Net, Size>>(Online<Net, Size>{.trainer = {.optimizer = {.learning_rate = 1e-4f}}, .watch_memory = true});
  benchmark::DoNotOptimize(*safe);
  run<Net, Size>(state, [&](auto& p, const auto& factory, const auto& x, const auto& t) { return safe->step(p, factory, x, t).loss; });
}
template <class Net, int Size>
void recorded(benchmark::State& state) {
  using Safe = Online<Net, Size>;
  const auto safe = std::make_unique<Safe>(Safe{.trainer = {.optimizer = {.learning_rate = 1e-4f}}});
  benchmark::DoNotOptimize(*safe);
  const auto recorder = std::make_unique<FlightRecorder<Safe, 4, Vector<Size, int>>>();
  run<Net, Size>(state, [&](auto& p, const auto& factory, const auto& x, const auto& t) {
    const Event event = safe->step(p, factory, x, t);
    recorder->record(event, x, t);
    return event.loss;
  });
}
template <class Net, int Size>
void in_slices(benchmark::State& state) {
  using Sliced = SlicedTrainer<Training<Net, Size>>;
  const auto sliced = std::make_unique<Sliced>(Sliced{.trainer = {.optimizer = {.learning_rate = 1e-4f}}});
  benchmark::DoNotOptimize(*sliced);
  run<Net, Size>(state, [&](auto& p, const auto& factory, const auto& x, const auto& t) {
    sliced->begin();
    while (sliced->run(p, factory, x, t, 4096) != Progress::Done) {}
    return sliced->loss();
  });
}

template <class Net, int Size>
bool watched(const std::string& shape) {
  return add("step/" + shape, plain<Net, Size>) &&
         add("step/" + shape + "/guard, a copy each step", guarded<Net, Size, Every<Net, Size>>) &&
         add("step/" + shape + "/guard, no copy this step", guarded<Net, Size, Online<Net, Size>>) &&
         add("step/" + shape + "/guard, memory watched", watched_memory<Net, Size>) &&
         add("step/" + shape + "/guard and recorder", recorded<Net, Size>) &&
         add("step/" + shape + "/in slices of 4096", in_slices<Net, Size>);
}

const bool registered =
    watched<Digits8, 1>("64-32-10/1") && watched<Digits8, 8>("64-32-10/8") && watched<Tail8, 1>("64-32-10 last layer/1");

}  // namespace
}  // namespace insitu::bench
