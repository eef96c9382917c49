// Runs the registered benchmarks whose names contain one of the arguments (without arguments: all).
// On a board it prints cycles (meter.h). Under QEMU ports/cortex-m/counted/table.sh says what counts, and reads the lines `benchmark NAME FLOPS READING`, FLOPS being
// the floating-point operations of one iteration: --plugin, from outside, in the same order; --icount, ticks of a clock that instructions drive.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstring>
#include <vector>

#include "meter.h"

extern "C" {
// not inlined, not merged: the plugin finds them by name
[[gnu::noinline, gnu::used]] void insitu_count_begin() { asm volatile("" ::: "memory"); }
[[gnu::noinline, gnu::used]] void insitu_count_end() { asm volatile(" " ::: "memory"); }
void SysTick_Handler() { insitu::meter::wraps = insitu::meter::wraps + 1; }
}

namespace meter = insitu::meter;

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

bool has(int argc, char** argv, const char* option) {
  for (int i = 1; i < argc; ++i)
    if (std::strcmp(argv[i], option) == 0) return true;
  return false;
}

/// Whether its arrays, of 3 MB each, are more than the boards have.
bool too_large(const std::string& name) { return name.find("12288") != std::string::npos || name.find("786432") != std::string::npos; }

bool wanted(const std::string& name, int argc, char** argv) {
  bool all = true;
  for (int i = 1; i < argc; ++i) {
    if (std::strncmp(argv[i], "--", 2) == 0) continue;
    if (std::strstr(name.c_str(), argv[i]) != nullptr) return true;
    all = false;
  }
  return all;
}

/// What a reading shows of no work at all: the least of a few.
std::uint64_t nothing() {
  std::uint64_t least = ~std::uint64_t{};
  for (int i = 0; i < 10; ++i) {
    benchmark::State state;
    for (auto _ : state) benchmark::ClobberMemory();
    if (state.reading < least) least = state.reading;
  }
  return least;
}

}  // namespace

void benchmark::RegisterBenchmark(const char* name, Function function) { benchmarks().push_back({name, function}); }
std::uint64_t benchmark::read_meter() { return meter::read(); }
std::uint64_t benchmark::between(std::uint64_t begin, std::uint64_t end) { return meter::between(begin, end); }

// newlib's small printf knows neither %f nor 64 bits
int main(int argc, char** argv) {
  const bool plugin = has(argc, argv, "--plugin"), icount = has(argc, argv, "--icount");
  std::uint64_t none = 0;
  if (!plugin) {
    meter::start();
    none = nothing();
  }
  const char* const unit = meter::unit == meter::Unit::cycles ? "cycles" : "ticks of SysTick";
  if (icount) {
    const int rounds = 250000;
    const std::uint64_t begin = meter::read();
    meter::wait(rounds);
    std::printf("calibration %d %lu\n", 4 * rounds, static_cast<unsigned long>(meter::between(begin, meter::read())));
  } else if (!plugin) {
    std::printf("%-44s %14s  a multiply-add\n", "", unit);
  }
  for (const Benchmark& b : benchmarks()) {
    if (!wanted(b.name, argc, argv)) continue;
    if (too_large(b.name)) {
      std::printf("left out, too large for the board: %s\n", b.name.c_str());
      continue;
    }
    benchmark::State state;
    b.function(state);
    const auto flops = static_cast<unsigned long>(state.counters.flops.value);
    const auto reading = static_cast<unsigned long>(state.reading > none ? state.reading - none : 0);
    if (plugin || icount) {
      std::printf("benchmark %s %lu %lu\n", b.name.c_str(), flops, reading);
    } else {
      const auto thousandths = flops == 0 ? 0 : static_cast<unsigned long>(2000 * std::uint64_t{reading} / flops);
      std::printf("%-44s %14lu  %lu.%03lu\n", b.name.c_str(), reading, thousandths / 1000, thousandths % 1000);
    }
    std::fflush(stdout);
  }
}
