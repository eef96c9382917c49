/// Random numbers and initial weights: the same bits from the same seed on every target.
#pragma once

#include <cstdint>

#include "network.h"

namespace insitu {

/// PCG32 (O'Neill, "PCG: a family of simple fast space-efficient statistically good algorithms", 2014): 64 bits of state, 32 bits out.
struct Random {
  std::uint64_t state;

  constexpr explicit Random(std::uint64_t seed) : state(0) {
    next();
    state += seed;
    next();
  }
  constexpr std::uint32_t next() {
    const std::uint64_t old = state;
    state = old * 6364136223846793005ull + 1442695040888963407ull;
    const auto shifted = static_cast<std::uint32_t>(((old >> 18) ^ old) >> 27);
    const auto rotation = static_cast<std::uint32_t>(old >> 59);
    return (shifted >> rotation) | (shifted << ((0u - rotation) & 31u));
  }
  /// A number in [0, 1): 24 bits, exact in float.
  constexpr float uniform() { return static_cast<float>(next() >> 8) * 0x1p-24f; }
  /// A whole number in [0, n), n > 0: the high half of a product, no division. Its bias is below n / 2^32.
  constexpr std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>((static_cast<std::uint64_t>(next()) * n) >> 32); }
};

/// A normal number of mean 0 and deviation 1 by Box and Muller's transform, from two uniform ones.
inline float normal(Random& random) {
  const Scalar radius = sqrt(Scalar(-2.0f) * log(Scalar(1.0f - random.uniform())));
  return (radius * cos(Scalar(6.28318531f) * Scalar(random.uniform()))).value;
}

/// A number in [-limit, limit).
inline float uniform(Random& random, float limit) { return (Scalar(limit) * Scalar(random.uniform() * 2.0f - 1.0f)).value; }

/// A distribution is called with the generator and a layer's inputs and outputs.
/// Uniform of variance 2 / inputs, for ReLU. He et al., "Delving deep into rectifiers", 2015.
struct He {
  float operator()(Random& random, int in, int) const { return uniform(random, sqrt(6.0f / static_cast<float>(in))); }
};
/// Normal of variance 2 / inputs.
struct HeNormal {
  float operator()(Random& random, int in, int) const {
    return (Scalar(sqrt(2.0f / static_cast<float>(in))) * Scalar(normal(random))).value;
  }
};
/// Uniform of variance 2 / (inputs + outputs), for sigmoid and tanh. Glorot and Bengio, "Understanding the difficulty of training deep feedforward networks", 2010.
struct Glorot {
  float operator()(Random& random, int in, int out) const { return uniform(random, sqrt(6.0f / static_cast<float>(in + out))); }
};
/// Normal of variance 2 / (inputs + outputs).
struct GlorotNormal {
  float operator()(Random& random, int in, int out) const {
    return (Scalar(sqrt(2.0f / static_cast<float>(in + out))) * Scalar(normal(random))).value;
  }
};
struct Uniform {
  float limit;
  float operator()(Random& random, int, int) const { return uniform(random, limit); }
};
struct Normal {
  float deviation;
  float operator()(Random& random, int, int) const { return (Scalar(deviation) * Scalar(normal(random))).value; }
};
struct Constant {
  float value;
  float operator()(Random&, int, int) const { return value; }
};

/// Fills the tensors of each layer in turn (for Dense: weights row by row from the distribution, biases zero). The generator is left where the next may go on.
template <class C, class Distribution>
void initialize(C& parameters, const Distribution& distribution, Random& random) {
  if constexpr (requires { parameters.layer.initialize(distribution, random); }) parameters.layer.initialize(distribution, random);
  if constexpr (requires { parameters.next; }) initialize(parameters.next, distribution, random);
}
template <class C, class Distribution>
void initialize(C& parameters, const Distribution& distribution, Random&& random) {
  initialize(parameters, distribution, random);
}

}  // namespace insitu
