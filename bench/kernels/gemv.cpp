// y = b + x W. "gemv sums" takes other numbers of interleaved sums than order.h has fixed: the measurement behind partial_sums.
#include "kernels/gemv.h"

#include "bench/measure.h"

namespace insitu::bench {
namespace {

template <int In, int Out, int Sums = partial_sums(Out)>
void run(benchmark::State& state) {
  const auto x = filled<Vector<In>>(1.0f, 1);
  const auto W = filled<Matrix<In, Out>>(0.1f, 3);
  const auto b = filled<Vector<Out>>(1.0f, 4);
  const auto y = filled<Vector<Out>>(1.0f, 5);
  for (auto _ : state) {
    gemv<In, Out, Sums>(x->data, W->data, b->data, y->data);
    benchmark::ClobberMemory();
  }
  count(state, 2.0 * In * Out, 4.0 * (In * Out + In + 2 * Out));
}

template <int In, int Out>
bool shapes() {
  return add(shape("gemv", {In, Out}), run<In, Out>);
}

template <int In, int Out, int... Sums>
bool sums() {
  return (add(shape("gemv sums/" + std::to_string(Sums), {In, Out}), run<In, Out, Sums>) && ...);
}

const bool registered = shapes<4, 8>() && shapes<8, 1>() && shapes<2, 3>() && shapes<3, 1>() && shapes<16, 32>() && shapes<32, 4>() &&
                        shapes<33, 17>() && shapes<13, 7>() && shapes<100, 50>() && shapes<64, 1>() && shapes<128, 10>() &&
                        shapes<64, 10>() && shapes<784, 64>() && shapes<128, 128>() && shapes<784, 128>() && shapes<12288, 64>() &&
                        sums<64, 1, 1, 2, 4, 8, 16, 32>() && sums<32, 2, 1, 2, 4, 8>() && sums<32, 4, 1, 2, 4, 8>() &&
                        sums<32, 8, 1, 2, 4, 8>() && sums<128, 10, 1, 2, 4, 8>() && sums<64, 16, 1, 2, 4, 8>() && sums<64, 24, 1, 2, 4>() &&
                        sums<64, 32, 1, 2, 4>() && sums<64, 48, 1, 2>() && sums<64, 64, 1, 2>();

}  // namespace
}  // namespace insitu::bench
