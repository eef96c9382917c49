// W += p^T d, y = b + x W in one pass: what online training does to its first layer.
#include "kernels/ger_gemv.h"

#include "bench/measure.h"

namespace insitu::bench {
namespace {

template <int In, int Out>
void run(benchmark::State& state) {
  const auto p = filled<Vector<In>>(1.0f, 1);
  const auto d = filled<Vector<Out>>(1e-6f, 2);  // so small that W stays finite over all iterations, and normal
  const auto x = filled<Vector<In>>(1.0f, 3);
  const auto W = filled<Matrix<In, Out>>(1.0f, 4);
  const auto b = filled<Vector<Out>>(1.0f, 5);
  const auto y = filled<Vector<Out>>(1.0f, 6);
  for (auto _ : state) {
    ger_gemv<In, Out>(p->data, d->data, x->data, W->data, b->data, y->data);
    benchmark::ClobberMemory();
  }
  count(state, 4.0 * In * Out, 4.0 * (In * Out + 2 * In + 3 * Out));
}

template <int In, int Out>
bool shapes() {
  return add(shape("ger_gemv", {In, Out}), run<In, Out>);
}

const bool registered = shapes<4, 8>() && shapes<13, 7>() && shapes<33, 17>() && shapes<64, 32>() && shapes<100, 50>() &&
                        shapes<784, 128>() && shapes<512, 512>() && shapes<784, 1024>() && shapes<12288, 64>();

}  // namespace
}  // namespace insitu::bench
