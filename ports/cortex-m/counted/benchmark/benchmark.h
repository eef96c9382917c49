/// As much of Google Benchmark as bench/ uses, for programs under QEMU: time means nothing there, so one iteration of each benchmark is counted in
/// instructions (count_instructions.c), after one that is not. main.cpp beside this folder runs them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

extern "C" {
void insitu_count_begin();
void insitu_count_end();
}

namespace benchmark {

struct Counter {
  enum Flags { kDefaults, kIsRate, kIsIterationInvariantRate };
  double value = 0;
  Counter() = default;
  Counter(double v, Flags = kDefaults) : value(v) {}
  operator double() const { return value; }
};

/// counters["flops"] is kept; all others share a place that nobody reads.
struct Counters {
  Counter flops, others;
  Counter& operator[](std::string_view name) { return name == "flops" ? flops : others; }
};

class State {
 public:
  Counters counters;

  /// Two iterations; the second one is counted.
  struct Iterator {
    int iteration;
    struct [[maybe_unused]] Value {};
    bool operator!=(const Iterator& end) const {
      if (iteration == 1) insitu_count_begin();
      if (iteration == 2) insitu_count_end();
      return iteration != end.iteration;
    }
    Iterator& operator++() {
      ++iteration;
      return *this;
    }
    Value operator*() const { return {}; }
  };
  Iterator begin() const { return {0}; }
  Iterator end() const { return {2}; }
  static long long iterations() { return 2; }
  void SetItemsProcessed(long long n) { counters["items"] = static_cast<double>(n); }
  void SetBytesProcessed(long long n) { counters["bytes"] = static_cast<double>(n); }
};

using Function = void (*)(State&);
void RegisterBenchmark(const char* name, Function function);

inline void ClobberMemory() { asm volatile("" ::: "memory"); }
template <class T>
inline void DoNotOptimize(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

}  // namespace benchmark
