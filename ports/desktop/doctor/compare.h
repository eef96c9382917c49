/// compare: a user's gradient against a prediction, a letter for each tensor.
#pragma once

#include <span>

#include "backpropagation.h"

namespace insitu::desktop::doctor {

/// The tensors of a gradient from the output down: W3 b3 W2 b2 W1 b1.
inline std::size_t tensors(const Layers& gradient) { return 2 * (gradient.size() - 1); }
inline std::size_t layer_of(const Layers& gradient, std::size_t t) { return gradient.size() - 1 - t / 2; }
inline bool is_bias(std::size_t t) { return t % 2 == 1; }
inline const Tensor& tensor(const Layers& gradient, std::size_t t) {
  const Layer& layer = gradient[layer_of(gradient, t)];
  return is_bias(t) ? layer.b : layer.W;
}

/// How far gradients may be apart and still be called equal; what rounding alone does to a single number; a tensor below `floor` times the root mean square of the
/// whole gradient is rounding.
struct Precision {
  double tolerance, noise, floor;
};
inline constexpr Precision InDouble{1e-10, 1e-10, 1e-12}, InSingle{3e-5, 1e-6, 1e-6};

struct Comparison {
  char letter = 'x';          ///< '=' equal, 'c' a multiple, '0' zero, 'T' transposed, 'x' other
  std::vector<double> scale;  ///< of 'c', for each batch
  double distance = 0;        ///< |u - p| / (|u| + |p|), of what the letter says, the largest of all batches
  bool telling = false;       ///< large enough for `distance` to be a measure of noise
};

/// |u - p| / (|u| + |p|), and 0 where both are noise: below `noise` an element.
double distance(const Tensor& u, const Tensor& p, double noise);
double root_mean_square(const Layers& gradient);

/// Tensor t of a user's gradients against those predicted, over all batches. `size`: the root mean squares of the right gradients.
Comparison compare(std::span<const Layers> user, std::span<const Layers> predicted, std::size_t t, std::span<const double> size,
                   Precision precision);

}  // namespace insitu::desktop::doctor
