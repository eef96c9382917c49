/// What the golden tests share: the generator of the golden runs, and a comparison that answers with yes or no, so that tests/golden/bugs.cpp can ask for no.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "model/insitu.h"

namespace golden {

/// Where the long runs are cut short: on emulated targets, and where fma is software.
#if defined(INSITU_SLOW_TARGET) || defined(INSITU_SMALL_MEMORY)
inline constexpr bool Slow = true, NoHardwareFma = true;
#elif !defined(INSITU_HARDWARE_FMA)
inline constexpr bool Slow = false, NoHardwareFma = true;
#else
inline constexpr bool Slow = false, NoHardwareFma = false;
#endif

/// The generator: the state is advanced, then its top 16 bits are the number, in [0, 1). Exact in float, as are 2u - 1 and powers of two of it.
struct Lcg {
  std::uint32_t state;
  float operator()() {
    state = state * 1664525u + 1013904223u;
    return static_cast<float>(state >> 16) * 0x1p-16f;
  }
  float both() { return 2.0f * (*this)() - 1.0f; }  ///< [-1, 1)
};

/// Collects comparisons; remembers the one that was worst in proportion to its tolerance. NaN is never near.
struct Verdict {
  double worst = 0.0;
  const char* what = "nothing";
  int step = 0;

  bool good() const { return worst <= 1.0; }
  void absolute(const char* name, int at, double got, double want, double tolerance) {
    double ratio = std::fabs(got - want) / tolerance;
    if (!(ratio < 1e30)) ratio = 1e30;
    if (ratio > worst) {
      worst = ratio;
      what = name;
      step = at;
    }
  }
  void relative(const char* name, int at, double got, double want, double tolerance) {
    absolute(name, at, got, want, tolerance * std::fabs(want));
  }
  void exact(const char* name, int at, double got, double want) { absolute(name, at, got, want, 0x1p-40); }
};

inline double norm(const float* x, int n) {
  double sum = 0.0;
  for (int k = 0; k < n; ++k) sum += static_cast<double>(x[k]) * static_cast<double>(x[k]);
  return std::sqrt(sum);
}

/// How a run trains: in place, or by way of the gradient as a value, which is then right or spoilt by a known bug before the optimizer sees it.
enum class How { in_place, by_gradient, first_weights_lack_the_mean, sum_for_mean, bias_not_updated };

/// f(tensor name, floats, their number) for the weights and the bias of each layer in order.
template <class Parameters, class F>
void for_tensors(Parameters& p, F&& f) {
  f("weights", p.layer.weights.data, p.layer.weights.size);
  f("bias", p.layer.bias.data, p.layer.bias.size);
  if constexpr (requires { p.next; }) for_tensors(p.next, f);
}

/// Each entry within `tolerance` times the norm of its tensor (and a floor); want is in the order of Parameters.
template <class Parameters, class T>
void compare_tensors(Verdict& verdict, int step, Parameters& got, const T* want, double scale, double tolerance, double floor = 0.0) {
  for_tensors(got, [&](const char* name, const float* x, int n) {
    double size = 0.0;
    for (int k = 0; k < n; ++k) size += static_cast<double>(want[k]) * static_cast<double>(want[k]);
    for (int k = 0; k < n; ++k)
      verdict.absolute(name, step, scale * static_cast<double>(x[k]), static_cast<double>(want[k]), tolerance * (std::sqrt(size) + floor));
    want += n;
  });
}

/// Spoils the right gradient of a batch of m samples; as_many is the number of terms of the loss's mean.
template <class Parameters>
void spoil(How how, Parameters& gradient, int m, int as_many) {
  if (how == How::first_weights_lack_the_mean) {
    for (float& g : gradient.layer.weights) g *= static_cast<float>(m);
  }
  for_tensors(gradient, [&](const char* name, float* g, int n) {
    if (how == How::sum_for_mean) {
      for (int k = 0; k < n; ++k) g[k] *= static_cast<float>(as_many);
    }
    if (how == How::bias_not_updated && name[0] == 'b') {
      for (int k = 0; k < n; ++k) g[k] = 0.0f;
    }
  });
}

#define GOLDEN_CHECK(verdict)                                                                                          \
  do {                                                                                                                 \
    const golden::Verdict v = (verdict);                                                                               \
    CHECK_MESSAGE(v.good(), std::string(v.what), " at step ", v.step, " is off by ", v.worst, " times the tolerance"); \
  } while (false)

}  // namespace golden
