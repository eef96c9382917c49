// Square products of every size about 4, 8, 16 and 32 lanes, and then of sizes about the blocks of the kernels: is any size much slower, for a multiply-add, than
// the next multiple of 16? `make bench FILTER=sweep`; not part of `make bench`, since it compiles every kernel many times.
#include "bench/measure.h"
#include "kernels/gemm_transposed.h"
#include "kernels/gemv.h"
#include "kernels/ger.h"

namespace insitu::bench {
namespace {

template <int N>
void forward(benchmark::State& state) {
  const auto x = filled<Vector<N>>(1.0f, 1);
  const auto W = filled<Matrix<N, N>>(0.1f, 3);
  const auto b = filled<Vector<N>>(1.0f, 4);
  const auto y = filled<Vector<N>>(1.0f, 5);
  for (auto _ : state) {
    gemv<N, N>(*x, *W, *b, *y);
    benchmark::ClobberMemory();
  }
  count(state, 2.0 * N * N, 4.0 * (N * N + 3 * N));
}

template <int N>
void update(benchmark::State& state) {
  const auto x = filled<Matrix<1, N>>(1.0f, 1);
  const auto d = filled<Matrix<1, N>>(1e-6f, 2);  // so small that W stays finite over all iterations, and normal
  const auto W = filled<Matrix<N, N>>(1.0f, 3);
  for (auto _ : state) {
    ger<1, N, N>(*x, *d, *W);
    benchmark::ClobberMemory();
  }
  count(state, 2.0 * N * N, 4.0 * (N * N + 2 * N));
}

template <int N>
void backward(benchmark::State& state) {
  const auto dz = filled<Matrix<1, N>>(1.0f, 1);
  const auto W = filled<Matrix<N, N>>(0.1f, 2);
  const auto dx = filled<Matrix<1, N>>(1.0f, 3);
  for (auto _ : state) {
    gemm_transposed<1, N, N>(*dz, *W, *dx);
    benchmark::ClobberMemory();
  }
  count(state, 2.0 * N * N, 4.0 * (N * N + 2 * N));
}

template <int... N>
bool sizes() {
  return (add(shape("sweep gemv", {N, N}), forward<N>) && ...) && (add(shape("sweep ger", {N, N}), update<N>) && ...) &&
         (add(shape("sweep gemm_transposed", {N, N}), backward<N>) && ...);
}

const bool registered =
    sizes<4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 36, 39, 43, 47,
          48, 49, 53, 57, 61, 64, 65, 71, 77, 79, 80, 81, 85, 91, 96, 97, 99, 107, 112, 113, 120, 127, 128>();

}  // namespace
}  // namespace insitu::bench
