/// Times the tiles of one kernel against each other, checks that they give the same bits, and prints lines for kernels/tiles.h.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "bench/floats.h"
#include "bench/peers/report.h"
#include "bench/peers/timing.h"
#include "kernels/tiles.h"

namespace insitu::bench {

inline constexpr int Rounds = 21;
inline constexpr double Limit = 2.0;   // seconds a batch and shape
inline constexpr double Worth = 0.02;  // a gain below this is noise

/// Whether the registers hold a tile: its accumulators, the vectors that it reads, and a number broadcast.
constexpr bool fits(int tall, int vectors) { return tall * vectors + vectors + 1 <= Registers; }

/// The tiles that are tried: the one in use first, then those that fit, each once.
template <class Tile>
struct Tiles {
  Tile tile[16] = {};
  int count = 0;
  constexpr void add(Tile t) {
    for (int k = 0; k < count; ++k) {
      if (tile[k] == t) return;
    }
    tile[count++] = t;
  }
};

inline std::string microseconds(double seconds) {
  char text[32];
  const double us = seconds * 1e6;
  std::snprintf(text, sizeof text, us < 1 ? "%.3f" : us < 100 ? "%.2f" : "%.0f", us);
  return text;
}

/// The tiles of one kernel on one shape, timed against each other.
struct Shape {
  std::string name;
  std::vector<peers::Candidate> candidates;  ///< the first is in use
  const peers::Candidate& fastest() const {
    return *std::min_element(candidates.begin(), candidates.end(), [](const auto& a, const auto& b) { return a.minimum() < b.minimum(); });
  }
  const peers::Candidate* find(const std::string& tile) const {
    const auto found = std::find_if(candidates.begin(), candidates.end(), [&](const auto& c) { return c.name == tile; });
    return found == candidates.end() ? nullptr : &*found;
  }
};

template <class Kernel, int Batch, int In, int Out>
Shape measure(bool& same_bits) {
  Shape shape{std::to_string(In) + " x " + std::to_string(Out), {}};
  const auto work = std::make_shared<typename Kernel::template Work<Batch, In, Out>>();
  std::vector<float> expected;
  constexpr auto Tried = Kernel::tried(Batch, Out);
  unroll<Tried.count>([&](auto k) {
    constexpr auto T = Tried.tile[k];
    work->restart();
    work->template run<T>(1);
    const float* found = work->result().data();
    if (k == 0) expected.assign(found, found + work->result().size());
    if (std::memcmp(found, expected.data(), expected.size() * sizeof(float)) != 0) {
      std::printf("%s, batch %d, %s: other bits with %s\n", Kernel::name, Batch, shape.name.c_str(), Kernel::text(T).c_str());
      same_bits = false;
    }
    shape.candidates.push_back({Kernel::text(T), [work](long n) { work->template run<T>(n); }});
  });
  work->restart();
  peers::time_interleaved(shape.candidates, Rounds, Limit);
  return shape;
}

/// The tile with the best mean of logarithms over all shapes, empty where none is better than those in use. It is timed once more against them, alone: the
/// best of many is partly the luckiest. `gains`: time in use / its time, of that second run.
inline std::string best_of_all(const std::vector<Shape>& shapes, std::vector<double>& gains) {
  std::string best;
  double least = 0;
  for (const peers::Candidate& tile : shapes[0].candidates) {
    double sum = 0;
    for (const Shape& shape : shapes) {
      const peers::Candidate* found = shape.find(tile.name);
      sum += found == nullptr ? 1e9 : std::log(found->median() / shape.candidates[0].minimum());
    }
    if (sum < least) least = sum, best = tile.name;
  }
  if (best.empty()) return best;
  double log_gain = 0;
  for (const Shape& shape : shapes) {
    std::vector<peers::Candidate> pair = {shape.candidates[0], *shape.find(best)};
    peers::time_interleaved(pair, 2 * Rounds, Limit);
    gains.push_back(pair[0].minimum() / pair[1].minimum());
    log_gain += std::log(gains.back()) / static_cast<double>(shapes.size());
  }
  return log_gain < Worth ? "" : best;
}

/// Prints a row a shape; gives the line for tiles.h.
template <class Kernel, int Batch>
std::string tune(bool& same_bits) {
  const std::vector<Shape> shapes = {measure<Kernel, Batch, 12288, 64>(same_bits), measure<Kernel, Batch, 784, 128>(same_bits),
                                     measure<Kernel, Batch, 100, 50>(same_bits), measure<Kernel, Batch, 64, 32>(same_bits)};
  std::vector<double> gains;
  const std::string best = best_of_all(shapes, gains);
  std::string reason;
  for (std::size_t s = 0; s < shapes.size(); ++s) {
    const peers::Candidate &used = shapes[s].candidates[0], &fastest = shapes[s].fastest();
    std::printf("%5d  %-10s%12s %8s%12s %8s%7.1f%%", Batch, shapes[s].name.c_str(), used.name.c_str(), microseconds(used.minimum()).c_str(),
                fastest.name.c_str(), microseconds(fastest.minimum()).c_str(), 100 * (used.minimum() / fastest.minimum() - 1));
    if (best.empty()) {
      std::printf("%13s\n", "-");
    } else {
      std::printf("%13s%7.1f%%\n", best.c_str(), 100 * (gains[s] - 1));
      char text[80];
      std::snprintf(text, sizeof text, "%s%d x %s %+.0f%%", s == 0 ? "" : ", ", Batch, shapes[s].name.c_str(), 100 * (gains[s] - 1));
      reason += text;
    }
  }
  std::fflush(stdout);
  constexpr auto Tried = Kernel::tried(Batch, 64);
  std::string code = Kernel::code(Tried.tile[0]);
  for (const auto tile : Tried.tile) {
    if (Kernel::text(tile) == best) code = Kernel::code(tile);
  }
  return "return " + code + ";  // " + (best.empty() ? "in use; no other is faster on all shapes together" : reason);
}

template <class Kernel>
bool tune() {
  std::printf("\n%s: %s, tiles of %s\n%5s  %-10s%21s%21s%8s%13s%8s\n", Kernel::name, Kernel::equation, Kernel::form, "batch", "shape",
              "in use       us", "fastest       us", "gain", "best of all", "gain");
  bool same_bits = true;
  std::string lines = "  if (batch <= 2) " + tune<Kernel, 2>(same_bits);
  lines += "\n  if (batch <= 4) " + tune<Kernel, 4>(same_bits);
  lines += "\n  if (batch <= 8) " + tune<Kernel, 8>(same_bits);
  lines += "\n  if (batch <= 10) " + tune<Kernel, 10>(same_bits);
  lines += "\n  if (batch <= 16) " + tune<Kernel, 16>(same_bits);
  lines += "\n  " + tune<Kernel, 32>(same_bits);
  std::printf("for %s_tile in kernels/tiles.h (%s, %d lanes, %d registers):\n%s\n", Kernel::name, peers::processor().c_str(), Vec::lanes,
              Registers, lines.c_str());
  return same_bits;
}

/// False where tiles differ in bits.
bool tune_gemm();
bool tune_ger();

}  // namespace insitu::bench
