// predict.
#include "bench/measure.h"
#include "bench/model/networks.h"

namespace insitu::bench {
namespace {

template <class Net, int Size>
void run(benchmark::State& state) {
  const auto parameters = std::make_unique<Placed<Parameters<Net>>>();
  initialize(static_cast<Parameters<Net>&>(*parameters), Glorot{}, Random{7});
  const auto x = filled<Matrix<Size, Net::inputs>>(1.0f, 1);
  const Parameters<Net>& weights = *parameters;
  for (auto _ : state) {
    const auto y = predict<Net, Size>(weights, *x);
    benchmark::DoNotOptimize(&y);
    benchmark::ClobberMemory();
  }
  count(state, static_cast<double>(Budget<Net>::flops) * Size, 4.0 * (1.0 * Net::parameter_count + 1.0 * Size * Net::inputs));
}

template <class Net, int... Sizes>
bool batches(const char* name) {
  return (add(std::string("inference/") + name + "/" + std::to_string(Sizes), run<Net, Sizes>) && ...);
}

const bool registered = batches<Images, 1, 10, 32>("12288-64-1") && batches<Digits28, 1, 32>("784-128-10") &&
                        batches<Digits8, 1, 8>("64-32-10") && batches<Control, 1, 8>("16-32-4") && batches<Tiny, 1>("4-8-1") &&
                        batches<Xor, 1, 4>("2-3-1");

}  // namespace
}  // namespace insitu::bench
