/// What the tests of the model share: small problems with random numbers, comparisons of whole aggregates.
#pragma once

#include <doctest/doctest.h>
#include <cmath>
#include <cstring>

#include "model/insitu.h"

namespace problem {

using namespace insitu;

/// The floats of an aggregate.
template <class A>
const float* floats(const A& a) {
  return reinterpret_cast<const float*>(&a);
}
template <class A>
float* floats(A& a) {
  return reinterpret_cast<float*>(&a);
}

template <class A>
bool same_bytes(const A& a, const A& b) {
  return std::memcmp(&a, &b, sizeof(A)) == 0;
}

/// Uniform in [-scale, scale), biases too.
template <class A>
void fill(A& a, Random& random, float scale = 1.0f) {
  for (int k = 0; k < float_count<A>; ++k) floats(a)[k] = uniform(random, scale);
}

/// max |a - b| / max(|b|, norm of b / sqrt n): small entries are held to the size of their fellows.
inline double distance(const float* a, const float* b, int n) {
  double squares = 0.0, worst = 0.0;
  for (int k = 0; k < n; ++k) squares += static_cast<double>(b[k]) * static_cast<double>(b[k]);
  const double size = std::sqrt(squares / n) + 1e-30;
  for (int k = 0; k < n; ++k) {
    const double error = std::fabs(static_cast<double>(a[k]) - static_cast<double>(b[k])) / (std::fabs(static_cast<double>(b[k])) + size);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}
template <class A>
double distance(const A& a, const A& b) {
  return distance(floats(a), floats(b), float_count<A>);
}

/// Inputs, one-hot targets or free ones, and labels for a batch.
template <class Net, int N>
struct Data {
  Matrix<N, Net::inputs> inputs;
  Matrix<N, Net::outputs> targets;
  Vector<N, int> labels;

  explicit Data(std::uint64_t seed, bool one_hot = false) {
    Random random{seed};
    fill(inputs, random);
    for (float& t : targets) t = one_hot ? 0.0f : random.uniform();
    for (int s = 0; s < N; ++s) {
      labels[s] = static_cast<int>(random.below(static_cast<std::uint32_t>(Net::outputs)));
      if (one_hot) targets(s, labels[s]) = 1.0f;
    }
  }
};

}  // namespace problem
