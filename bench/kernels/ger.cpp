// W += X^T D: the update in place.
#include "kernels/ger.h"

#include "bench/measure.h"

namespace insitu::bench {
namespace {

template <int Batch, int In, int Out>
void run(benchmark::State& state) {
  const auto x = filled<Matrix<Batch, In>>(1.0f, 1);
  const auto d = filled<Matrix<Batch, Out>>(1e-6f, 2);  // so small that W stays finite over all iterations, and normal
  const auto W = filled<Matrix<In, Out>>(1.0f, 3);
  for (auto _ : state) {
    ger<Batch, In, Out>(*x, *d, *W);
    benchmark::ClobberMemory();
  }
  count(state, 2.0 * Batch * In * Out, 4.0 * (In * Out + Batch * (In + Out)));
}

template <int Batch, int In, int Out>
bool shapes() {
  return add(shape("ger", {Batch, In, Out}), run<Batch, In, Out>);
}

const bool registered = shapes<1, 4, 8>() && shapes<1, 8, 1>() && shapes<4, 2, 3>() && shapes<4, 3, 1>() && shapes<1, 32, 4>() &&
                        shapes<8, 32, 4>() && shapes<1, 33, 17>() && shapes<8, 33, 17>() && shapes<8, 13, 7>() && shapes<8, 100, 50>() &&
                        shapes<1, 128, 10>() && shapes<32, 128, 10>() && shapes<1, 128, 128>() && shapes<16, 128, 128>() &&
                        shapes<1, 784, 64>() && shapes<1, 784, 128>() && shapes<4, 784, 128>() && shapes<32, 784, 128>() &&
                        shapes<1, 12288, 64>() && shapes<10, 12288, 64>() && shapes<32, 12288, 64>();

}  // namespace
}  // namespace insitu::bench
