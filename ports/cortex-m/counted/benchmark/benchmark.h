/// As much of Google Benchmark as bench/ uses, for firmware: one iteration of each benchmark is measured, after one that is not, in instructions under QEMU
/// (count_instructions.c), in cycles on a board (meter.h). main.cpp beside this folder runs them.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

extern "C" {
void insitu_count_begin();
void insitu_count_end();
}

namespace benchmark {

std::uint64_t read_meter();
std::uint64_t between(std::uint64_t begin, std::uint64_t end);

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

  mutable std::uint64_t reading = 0;  ///< of the meter, for the last iteration

  /// Two iterations, each measured from the beginning of its body to the end, the second of them reported.
  struct Iterator {
    int iteration;
    std::uint64_t* reading;
    struct Value {
      std::uint64_t* reading;
      std::uint64_t begin;
      explicit Value(std::uint64_t* to) : reading(to), begin(read_meter()) { insitu_count_begin(); }
      ~Value() {
        insitu_count_end();
        *reading = between(begin, read_meter());
      }
    };
    bool operator!=(const Iterator& end) const { return iteration != end.iteration; }
    Iterator& operator++() {
      ++iteration;
      return *this;
    }
    Value operator*() const { return Value(reading); }
  };
  Iterator begin() const { return {0, &reading}; }
  Iterator end() const { return {2, &reading}; }
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
