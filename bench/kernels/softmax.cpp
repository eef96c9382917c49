// The softmax of each row, in place, after a copy of the rows (its own output would soon be uniform).
#include "kernels/softmax.h"

#include <cstring>

#include "bench/measure.h"

namespace insitu::bench {
namespace {

template <int Batch, int Out>
void run(benchmark::State& state) {
  const auto x = filled<Matrix<Batch, Out>>(5.0f, 1), z = filled<Matrix<Batch, Out>>(5.0f, 2);
  for (auto _ : state) {
    std::memcpy(z->data, x->data, sizeof z->data);
    softmax<Batch, Out>(*z);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * Batch * Out);
  state.SetBytesProcessed(state.iterations() * Batch * Out * 8);
}

template <int Batch, int Out>
bool shapes() {
  return add(shape("softmax", {Batch, Out}), run<Batch, Out>);
}

const bool registered = shapes<1, 3>() && shapes<1, 10>() && shapes<32, 10>() && shapes<8, 17>() && shapes<1, 1024>();

}  // namespace
}  // namespace insitu::bench
