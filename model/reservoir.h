/// Reservoir<Sample, N>: N samples that stand for all that were ever offered, to be mixed into online steps so that tuning does not forget.
#pragma once

#include "initialize.h"

namespace insitu {

/// Reservoir sampling (Vitter, "Random sampling with a reservoir", 1985, algorithm R): whenever n samples have been offered, each of them is held with the same
/// probability, N / n. With Classes > 1 each class has N / Classes places of its own, sampled alike, and `draw` takes each class that has any equally often.
///
/// Memory: N samples and a few numbers. Seeded: the same offers give the same samples on every port. Sample is any type that is copied; `kind` is the class,
/// outside [0, Classes) nothing is held.
template <class Sample, int N, int Classes = 1>
class Reservoir {
  static_assert(N > 0 && Classes > 0, "insitu: a Reservoir holds at least one sample: write Reservoir<Sample, 1> or more");
  static_assert(N % (Classes > 0 ? Classes : 1) == 0,
                "insitu: each class has the same number of places: make N a multiple of the number of classes");

 public:
  static constexpr int capacity = N, places = N / Classes;

  constexpr explicit Reservoir(std::uint64_t seed) : random(seed) {}

  /// Whether the sample is now held.
  bool offer(const Sample& sample, int kind = 0) {
    if (kind < 0 || kind >= Classes) return false;
    std::uint32_t& n = offered_[kind];
    if (n < 0xffffffffu) ++n;
    std::uint32_t place = n - 1;
    if (n > static_cast<std::uint32_t>(places)) place = random.below(n);
    if (place >= static_cast<std::uint32_t>(places)) return false;
    samples[kind * places + static_cast<int>(place)] = sample;
    return true;
  }
  /// How many are held: of one class, or of all.
  int size(int kind) const {
    const std::uint32_t n = offered_[kind];
    return n < static_cast<std::uint32_t>(places) ? static_cast<int>(n) : places;
  }
  int size() const {
    int sum = 0;
    for (int c = 0; c < Classes; ++c) sum += size(c);
    return sum;
  }
  std::uint32_t offered(int kind = 0) const { return offered_[kind]; }
  /// Held sample k of a class, k < size(kind).
  const Sample& at(int k, int kind = 0) const { return samples[kind * places + k]; }

  /// One of the held samples, with replacement. Call it only while size() > 0.
  const Sample& draw() {
    int filled = 0, kind = 0;
    for (int c = 0; c < Classes; ++c) filled += size(c) > 0;
    int skip = Classes > 1 ? static_cast<int>(random.below(static_cast<std::uint32_t>(filled))) : 0;
    while (size(kind) == 0 || skip-- > 0) ++kind;
    return at(static_cast<int>(random.below(static_cast<std::uint32_t>(size(kind)))), kind);
  }

 private:
  Random random;
  std::uint32_t offered_[static_cast<unsigned>(Classes)] = {};
  Sample samples[static_cast<unsigned>(N)] = {};
};

}  // namespace insitu
