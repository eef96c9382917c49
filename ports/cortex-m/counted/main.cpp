// Runs the registered benchmarks whose names contain one of the arguments (without arguments: all) and prints `name flops` for each, flops being
// the floating-point operations of one iteration. Their instructions are counted from outside, in the same order.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <vector>

extern "C" {
// not inlined, not merged: the plugin finds them by name
[[gnu::noinline, gnu::used]] void insitu_count_begin() { asm volatile("" ::: "memory"); }
[[gnu::noinline, gnu::used]] void insitu_count_end() { asm volatile(" " ::: "memory"); }
}

namespace {

struct Benchmark {
  std::string name;
  benchmark::Function function;
};

/// Made on first use: benchmarks are registered before main, in any order of files.
std::vector<Benchmark>& benchmarks() {
  static std::vector<Benchmark> all;
  return all;
}

bool wanted(const std::string& name, int argc, char** argv) {
#if defined(INSITU_SMALL_MEMORY)
  if (name.find("12288") != std::string::npos) return false;  // 3 MB of weights
#endif
  for (int i = 1; i < argc; ++i)
    if (std::strstr(name.c_str(), argv[i]) != nullptr) return true;
  return argc < 2;
}

}  // namespace

void benchmark::RegisterBenchmark(const char* name, Function function) { benchmarks().push_back({name, function}); }

int main(int argc, char** argv) {
  for (const Benchmark& b : benchmarks()) {
    if (!wanted(b.name, argc, argv)) continue;
    benchmark::State state;
    b.function(state);
    std::printf("benchmark %s %lu\n", b.name.c_str(),
                static_cast<unsigned long>(state.counters.flops.value));  // newlib's small printf has no %f
    std::fflush(stdout);
  }
}
