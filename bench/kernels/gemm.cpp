// Y = b + X W.
#include "kernels/gemm.h"

#include "bench/measure.h"

namespace insitu::bench {
namespace {

template <int Batch, int In, int Out>
void run(benchmark::State& state) {
  const auto x = filled<Matrix<Batch, In>>(1.0f, 1);
  const auto W = filled<Matrix<In, Out>>(0.1f, 2);
  const auto b = filled<Vector<Out>>(1.0f, 3);
  const auto y = filled<Matrix<Batch, Out>>(1.0f, 4);
  for (auto _ : state) {
    gemm<Batch, In, Out>(*x, *W, *b, *y);
    benchmark::ClobberMemory();
  }
  count(state, 2.0 * Batch * In * Out, 4.0 * (In * Out + Out + Batch * (In + Out)));
}

template <int Batch, int In, int Out>
bool shapes() {
  return add(shape("gemm", {Batch, In, Out}), run<Batch, In, Out>);
}

const bool registered = shapes<4, 2, 3>() && shapes<4, 3, 1>() && shapes<8, 16, 32>() && shapes<8, 32, 4>() && shapes<8, 33, 17>() &&
                        shapes<8, 13, 7>() && shapes<8, 100, 50>() && shapes<8, 64, 32>() && shapes<8, 32, 10>() && shapes<32, 128, 10>() &&
                        shapes<16, 128, 128>() && shapes<4, 784, 128>() && shapes<32, 784, 128>() && shapes<10, 12288, 64>() &&
                        shapes<32, 12288, 64>() && shapes<8, 8, 8>() && shapes<16, 16, 16>() && shapes<32, 32, 32>() &&
                        shapes<64, 64, 64>();

}  // namespace
}  // namespace insitu::bench
