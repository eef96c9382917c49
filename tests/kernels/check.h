/// What the tests of the kernels share: numbers that are the same everywhere, comparisons by bits, arrays between canaries.
#pragma once

#include <doctest/doctest.h>
#include <bit>
#include <cmath>
#include <cstdint>
#include <vector>

namespace check {

/// Where vector instructions flush subnormal numbers (32-bit NEON, Helium), lanes that meet one are not compared.
#if defined(__arm__) && (defined(__ARM_NEON) || defined(__ARM_FEATURE_MVE))
inline constexpr bool FlushesSubnormals = true;
#else
inline constexpr bool FlushesSubnormals = false;
#endif

/// How many of the cases of a long sweep a slow target runs: one in Slowness.
#if defined(INSITU_SMALL_MEMORY)
inline constexpr int Slowness = 256;  // an emulated microcontroller
#elif defined(INSITU_SLOW_TARGET)
inline constexpr int Slowness = 64;
#else
inline constexpr int Slowness = 1;
#endif

struct Random {
  std::uint32_t state = 1;
  std::uint32_t next() {
    state = state * 1664525u + 1013904223u;
    return state ^ state >> 15;
  }
  float uniform() { return static_cast<float>(next() >> 8) * 0x1p-23f - 1.0f; }  ///< [-1, 1)
  float any() { return std::bit_cast<float>(next() << 16 | next() >> 16); }      ///< any pattern, NaN and subnormals included
};

inline std::uint32_t pattern(float x) { return std::bit_cast<std::uint32_t>(x); }
inline bool nan(float x) { return (pattern(x) << 1) > 0xff000000u; }
inline bool subnormal(float x) { return (pattern(x) & 0x7f800000u) == 0 && (pattern(x) << 1) != 0; }

/// The same bits; of NaN only the kind counts.
inline bool same(float a, float b) { return pattern(a) == pattern(b) || (nan(a) && nan(b)); }

/// The index of the first difference, or n.
inline int first_difference(const float* a, const float* b, int n) {
  int k = 0;
  while (k < n && same(a[k], b[k])) ++k;
  return k;
}

/// n floats at a distance of `offset` floats from a 64-byte boundary, between canaries which are NaN: who reads them spoils the result, who
/// writes them is found by intact().
class Guarded {
 public:
  explicit Guarded(int n, int offset = 0)
      : n_(n), memory_(static_cast<std::size_t>(n) + 2 * Guard + 2 * Line, std::bit_cast<float>(Canary)) {
    const auto misplaced = reinterpret_cast<std::uintptr_t>(memory_.data()) / sizeof(float) % Line;
    begin_ = Guard + (Line - static_cast<int>(misplaced)) % Line + offset;
  }
  float* data() { return memory_.data() + begin_; }
  const float* data() const { return memory_.data() + begin_; }
  float& operator[](int k) { return data()[k]; }
  int size() const { return n_; }
  bool intact() const {
    const int all = static_cast<int>(memory_.size());
    for (int k = 0; k < all; ++k) {
      if ((k < begin_ || k >= begin_ + n_) && pattern(memory_[static_cast<std::size_t>(k)]) != Canary) return false;
    }
    return true;
  }
  Guarded& fill(Random& random) {
    for (int k = 0; k < n_; ++k) data()[k] = random.uniform();
    return *this;
  }
  /// The same numbers in double.
  std::vector<double> wide() const { return std::vector<double>(data(), data() + n_); }

 private:
  static constexpr int Guard = 32, Line = 16;
  static constexpr std::uint32_t Canary = 0x7fc0beefu;
  int n_, begin_ = 0;
  std::vector<float> memory_;
};

inline std::vector<double> magnitudes(std::vector<double> v) {
  for (double& x : v) x = std::fabs(x);
  return v;
}

}  // namespace check
