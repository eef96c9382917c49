#include "limits.h"

#include <algorithm>
#include <map>

#include "bench/floats.h"
#include "kernels/math.h"
#include "timing.h"

namespace insitu::peers {
namespace {

/// The shortest of many tries, spread over time: a limit is what the core can do when nothing disturbs it.
template <class F>
double shortest(F&& f, int tries = 40) {
  f();
  double best = 1e9;
  for (int k = 0; k < tries; ++k) {
    const double begin = now();
    f();
    best = std::min(best, now() - begin);
  }
  return best;
}

/// Seconds of one x = f(x), each waiting for the one before.
template <class F>
double latency(F&& f) {
  constexpr int Steps = 20000;
  float start[Vec::lanes];
  for (float& x : start) x = 0.3f;
  return shortest([&] {
           Vec x = Vec::load(start);
           for (int k = 0; k < Steps; ++k) x = f(x.held());
           x.store(start);
           asm volatile("" : : "r"(start) : "memory");
           for (float& number : start) number = 0.3f;
         }) /
         Steps;
}

template <class Pass>
double bandwidth(std::map<long, double>& known, double bytes, Pass&& pass) {
  constexpr int Block = 8 * Vec::lanes;
  const long floats = std::max(static_cast<long>(bytes / 4) / Block * Block, static_cast<long>(Block));
  auto [entry, fresh] = known.try_emplace(floats);
  if (fresh) {
    bench::Floats array(floats, 1e-3f, 1);
    const long repeats = std::max(1L, 250000 / floats);
    entry->second = static_cast<double>(floats) * 4 * static_cast<double>(repeats) /
                    shortest(
                        [&] {
                          for (long r = 0; r < repeats; ++r) pass(array.data(), floats);
                        },
                        100);
  }
  return entry->second;
}

}  // namespace

double peak() {
  static const double known = [] {
    constexpr int Chains = Registers >= 16 ? 12 : 4, Steps = 20000;
    float number[Vec::lanes] = {};
    const double seconds = shortest([&] {
      Array<Vec, Chains> x;
      const Vec a = Vec::broadcast(0.999f).held(), b = Vec::broadcast(1e-3f).held();
      unroll<Chains>([&](auto c) INSITU_INLINE_LAMBDA { x[c] = Vec::broadcast(static_cast<float>(c)); });
      for (int k = 0; k < Steps; ++k) unroll<Chains>([&](auto c) INSITU_INLINE_LAMBDA { x[c] = fma(x[c], a, b); });
      unroll<Chains - 1>([&](auto c) INSITU_INLINE_LAMBDA { x[0] = x[0] + x[c + 1]; });
      x[0].store(number);
      asm volatile("" : : "r"(number) : "memory");
    });
    return 2.0 * Chains * Steps * Vec::lanes / seconds;
  }();
  return known;
}

double read_bandwidth(double bytes) {
  static std::map<long, double> known;
  return bandwidth(known, bytes, [](const float* array, long n) {
    Array<Vec, 8> sum;
    unroll<8>([&](auto c) INSITU_INLINE_LAMBDA { sum[c] = Vec::broadcast(0.0f); });
    for (long k = 0; k < n; k += 8 * Vec::lanes) {
      unroll<8>([&](auto c) INSITU_INLINE_LAMBDA { sum[c] = sum[c] + Vec::load(array + k + c * Vec::lanes); });
    }
    float kept[Vec::lanes];
    unroll<7>([&](auto c) INSITU_INLINE_LAMBDA { sum[0] = sum[0] + sum[c + 1]; });
    sum[0].store(kept);
    asm volatile("" : : "r"(kept) : "memory");
  });
}

double update_bandwidth(double bytes) {
  static std::map<long, double> known;
  return bandwidth(known, bytes, [](float* array, long n) {
    const Vec a = Vec::broadcast(1e-9f).held();
    for (long k = 0; k < n; k += 8 * Vec::lanes) {
      unroll<8>([&](auto c) INSITU_INLINE_LAMBDA { (Vec::load(array + k + c * Vec::lanes) + a).store(array + k + c * Vec::lanes); });
    }
    asm volatile("" : : "r"(array) : "memory");
  });
}

double fma_latency() {
  static const double known = latency([](Vec x) INSITU_INLINE_LAMBDA { return fma(x, x, x); });
  return known;
}
double add_latency() {
  static const double known = latency([](Vec x) INSITU_INLINE_LAMBDA { return x + x; });
  return known;
}
double sigmoid_latency() {
  static const double known = latency([](Vec x) INSITU_INLINE_LAMBDA { return sigmoid(x); });
  return known;
}
double tanh_latency() {
  static const double known = latency([](Vec x) INSITU_INLINE_LAMBDA { return tanh(x); });
  return known;
}
double exp_latency() {
  static const double known = latency([](Vec x) INSITU_INLINE_LAMBDA { return exp(-x); });
  return known;
}

}  // namespace insitu::peers
