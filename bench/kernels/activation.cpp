// a = f(z) and dz = da f'(z), over an array.
#include "kernels/activation.h"

#include "bench/measure.h"

namespace insitu::bench {
namespace {

template <class Act, int N>
void run_forward(benchmark::State& state) {
  const auto z = filled<Vector<N>>(4.0f, 1), a = filled<Vector<N>>(1.0f, 2);
  for (auto _ : state) {
    for_lanes(N, [&]<class V>(int k) INSITU_INLINE_LAMBDA { Act::forward(V::load(z->data + k)).store(a->data + k); });
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * N);
  state.SetBytesProcessed(state.iterations() * N * 8);
}

template <class Act, int N>
void run_backward(benchmark::State& state) {
  const auto a = filled<Vector<N>>(1.0f, 1), da = filled<Vector<N>>(1.0f, 2), dz = filled<Vector<N>>(1.0f, 3);
  for (auto _ : state) {
    for_lanes(N,
              [&]<class V>(int k) INSITU_INLINE_LAMBDA { Act::backward(V::load(a->data + k), V::load(da->data + k)).store(dz->data + k); });
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * N);
  state.SetBytesProcessed(state.iterations() * N * 12);
}

template <class... Act>
bool activations() {
  const auto both = [](std::string name, auto forward, auto backward, int n) {
    return add(shape("activation forward/" + name, {n}), forward) && add(shape("activation backward/" + name, {n}), backward);
  };
  return (both(Act::name, run_forward<Act, 1024>, run_backward<Act, 1024>, 1024) && ...);
}

const bool registered = activations<Relu, LeakyRelu, Sigmoid, Tanh>();

}  // namespace
}  // namespace insitu::bench
