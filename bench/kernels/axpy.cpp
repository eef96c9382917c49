// y += a x, y = a x, b += a (the sum of the rows of D).
#include "kernels/axpy.h"

#include "bench/measure.h"

namespace insitu::bench {
namespace {

template <int N>
void run_axpy(benchmark::State& state) {
  const auto x = filled<Vector<N>>(1.0f, 1), y = filled<Vector<N>>(1.0f, 2);
  for (auto _ : state) {
    axpy(1e-9f, x->data, y->data, N);
    benchmark::ClobberMemory();
  }
  count(state, 2.0 * N, 4.0 * 2 * N);
}

template <int N>
void run_scale(benchmark::State& state) {
  const auto x = filled<Vector<N>>(1.0f, 1), y = filled<Vector<N>>(1.0f, 2);
  for (auto _ : state) {
    scale(0.5f, x->data, y->data, N);
    benchmark::ClobberMemory();
  }
  count(state, 1.0 * N, 4.0 * 2 * N);
}

template <int Batch, int Out>
void run_add_rows(benchmark::State& state) {
  const auto d = filled<Matrix<Batch, Out>>(1.0f, 1);
  const auto b = filled<Vector<Out>>(1.0f, 2);
  for (auto _ : state) {
    add_rows<Batch, Out>(1e-9f, *d, *b);
    benchmark::ClobberMemory();
  }
  count(state, 2.0 * Batch * Out, 4.0 * (Batch * Out + Out));
}

template <int... N>
bool lengths() {
  return ((add(shape("axpy", {N}), run_axpy<N>) && add(shape("scale", {N}), run_scale<N>)) && ...);
}

template <int Batch, int Out>
bool rows() {
  return add(shape("add_rows", {Batch, Out}), run_add_rows<Batch, Out>);
}

const bool registered =
    lengths<3, 33, 1024, 100352, 786432>() && rows<1, 64>() && rows<4, 3>() && rows<10, 64>() && rows<32, 128>() && rows<8, 17>();

}  // namespace
}  // namespace insitu::bench
