// y = f(x) over an array, for the functions of math.h. No count of flops: `items_per_second` are elements.
#include "kernels/math.h"

#include "bench/measure.h"

namespace insitu::bench {
namespace {

struct Exp {
  static constexpr char name[] = "exp";
  template <class V>
  INSITU_INLINE static V of(V x) {
    return exp(x);
  }
};
struct Log {
  static constexpr char name[] = "log";
  template <class V>
  INSITU_INLINE static V of(V x) {
    return log(abs(x));
  }
};
struct Log1p {
  static constexpr char name[] = "log1p";
  template <class V>
  INSITU_INLINE static V of(V x) {
    return log1p(abs(x));
  }
};
struct Sigmoid {
  static constexpr char name[] = "sigmoid";
  template <class V>
  INSITU_INLINE static V of(V x) {
    return sigmoid(x);
  }
};
struct Tanh {
  static constexpr char name[] = "tanh";
  template <class V>
  INSITU_INLINE static V of(V x) {
    return tanh(x);
  }
};
struct Softplus {
  static constexpr char name[] = "softplus";
  template <class V>
  INSITU_INLINE static V of(V x) {
    return softplus(x);
  }
};
struct Cos {
  static constexpr char name[] = "cos";
  template <class V>
  INSITU_INLINE static V of(V x) {
    return cos(x);
  }
};

template <class F, int N>
void run(benchmark::State& state) {
  const auto x = filled<Vector<N>>(6.0f, 1), y = filled<Vector<N>>(1.0f, 2);
  for (auto _ : state) {
    for_lanes(N, [&]<class V>(int k) INSITU_INLINE_LAMBDA { F::of(V::load(x->data + k)).store(y->data + k); });
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * N);
  state.SetBytesProcessed(state.iterations() * N * 8);
}

template <class... F>
bool functions() {
  return ((add(shape(F::name, {1024}), run<F, 1024>) && add(shape(F::name, {7}), run<F, 7>)) && ...);
}

const bool registered = functions<Exp, Log, Log1p, Sigmoid, Tanh, Softplus, Cos>();

}  // namespace
}  // namespace insitu::bench
