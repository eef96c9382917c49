/// Mlp: a network of dense layers that is known when the program runs, not when it is compiled: what files of others hold.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../normalisation.h"

namespace insitu::desktop {

struct DenseLayer {
  int inputs = 0, outputs = 0;
  std::string activation = "identity";  ///< its name in a network's text: relu, leaky_relu_0.1 (a slope other than 0.01), ...
  std::vector<float> weights;           ///< W [inputs x outputs], row-major
  std::vector<float> bias;
};

struct Mlp {
  std::vector<DenseLayer> layers;
  Normalisation normalisation;

  int inputs() const { return layers.front().inputs; }
  int outputs() const { return layers.back().outputs; }
  /// Weights and biases.
  std::size_t parameter_count() const;
  /// The canonical text (model/describe.h): "dense 64 32 relu; dense 32 10".
  std::string text() const;
};

/// The most numbers, those of the normalisation included: a record of at most 2 GiB, counted by int.
inline constexpr std::size_t LargestNetwork = (std::size_t{1} << 29) - 1024;

/// model/describe.h's network_hash of a text.
std::uint64_t hash_of(const std::string& network);

/// The shapes of a text; weights and biases are empty. Throws Error for layers other than dense.
Mlp parse_network(const std::string& text);

/// Throws Error, which begins with `name`, unless the layers fit together, softmax is only in the last, and every number is finite.
void check(const Mlp& mlp, const std::string& name);

/// "64-32-10"
std::string shape_of(const Mlp& mlp);

/// Throws Error where insitu has no activation of this name.
void check_activation(const std::string& activation);
/// The slope of "leaky_relu" and "leaky_relu_0.1"; 0 of all others.
float leaky_slope(const std::string& activation);
/// The name of leaky ReLU with this slope. Throws Error unless it is finite and above 0: with another sign, training cannot tell z from its activation.
std::string leaky_relu(float slope);

/// [columns x rows] of values [rows x columns].
std::vector<float> transposed(const std::vector<float>& values, std::size_t rows, std::size_t columns);

}  // namespace insitu::desktop
