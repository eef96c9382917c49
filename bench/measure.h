/// What the benchmarks share: aligned arrays of numbers, and the counters flops and bytes per second.
#pragma once

#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "model/initialize.h"

namespace insitu::bench {

/// T at the alignment that the library asks of its users (tensor.h).
template <class T>
struct alignas(Alignment) Placed : T {};

/// A Vector, Matrix or Parameters of numbers in [-limit, limit).
template <class T>
std::unique_ptr<Placed<T>> filled(float limit = 1.0f, unsigned seed = 1) {
  auto placed = std::make_unique<Placed<T>>();
  Random random{seed};
  auto* numbers = reinterpret_cast<float*>(placed.get());
  for (int k = 0; k < float_count<T>; ++k) numbers[k] = uniform(random, limit);
  benchmark::DoNotOptimize(numbers);  // known elsewhere: otherwise work whose result nobody reads is left out
  return placed;
}

/// flops: floating-point operations of one iteration, a multiply-add being two. bytes: the arrays that it touches, each once.
inline void count(benchmark::State& state, double flops, double bytes) {
  using benchmark::Counter;
  state.counters["flops"] = Counter(flops, Counter::kIsIterationInvariantRate);
  state.counters["bytes"] = Counter(bytes, Counter::kIsIterationInvariantRate);
}

/// "gemm/10x12288x64" of "gemm", 10, 12288, 64.
inline std::string shape(std::string name, std::initializer_list<int> sizes) {
  char between = '/';
  for (int size : sizes) {
    name += between + std::to_string(size);
    between = 'x';
  }
  return name;
}

/// Registers a benchmark under a name made at run time; the name must stay.
template <class F>
bool add(const std::string& name, F&& function) {
  benchmark::RegisterBenchmark(name.c_str(), function);
  return true;
}

}  // namespace insitu::bench
