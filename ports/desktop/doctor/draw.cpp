#include "draw.h"

#include <algorithm>
#include <cmath>

#include "../error.h"
#include "compare.h"

namespace insitu::desktop::doctor {
namespace {

constexpr int Tries = 2000;

Tensor drawn(std::size_t rows, std::size_t columns, double scale, Random& random) {
  return map(Tensor(rows, columns), [&](double) { return static_cast<double>(static_cast<float>(scale) * normal(random)); });
}

Tensor drawn_targets(const Architecture& network, std::size_t samples, Random& random) {
  const std::size_t n = network.outputs();
  Tensor y(samples, n);
  for (std::size_t s = 0; s < samples; ++s) {
    const auto share = [&] { return std::min(0.999, std::fabs(static_cast<double>(normal(random))) / 3); };
    if (network.loss == LossKind::CrossEntropy) {
      y(s, std::min(n - 1, static_cast<std::size_t>(share() * static_cast<double>(n)))) = 1;
    } else {
      for (std::size_t j = 0; j < n; ++j)
        y(s, j) =
            network.loss == LossKind::BinaryCrossEntropy ? (normal(random) > 0 ? 1 : 0) : static_cast<double>(static_cast<float>(share()));
    }
  }
  return y;
}

/// A layer of relu where a tenth of the units, or more, is on for all samples or for none, or which is on nearly everywhere; one of another activation that is
/// nearly linear, or saturated.
bool trivial(Activation activation, const Tensor& z) {
  if (activation == Activation::Identity || activation == Activation::Softmax) return false;
  const bool gate = activation == Activation::Relu || activation == Activation::LeakyRelu;
  std::size_t constant = 0, on = 0;
  double largest = 0;
  for (std::size_t j = 0; j < z.columns; ++j) {
    std::size_t here = 0;
    for (std::size_t s = 0; s < z.rows; ++s) {
      here += z(s, j) > 0;
      largest = std::max(largest, std::fabs(z(s, j)));
    }
    constant += here == 0 || here == z.rows;
    on += here;
  }
  if (gate) return 10 * constant > z.columns || 10 * on > 8 * z.values.size();
  return largest < 0.5 || largest > 6;
}

bool seen(const Probe& probe) {
  for (const Batch& batch : probe.batches) {
    const Pass pass = forward(probe.network, probe.parameters, batch.inputs);
    for (std::size_t l = 1; l < probe.network.layers(); ++l) {
      if (trivial(probe.network.activations[l], pass.z[l])) return false;
    }
    const Layers gradient = backward(probe.network, probe.parameters, pass, batch.targets).gradient;
    double least = 1e300, most = 0;
    for (std::size_t t = 0; t < tensors(gradient); ++t) {
      double square = 0;
      for (const double g : tensor(gradient, t).values) square += g * g;
      const double size = std::sqrt(square / static_cast<double>(tensor(gradient, t).values.size()));
      least = std::min(least, size);
      most = std::max(most, size);
    }
    if (!(least >= 1e-3 * most)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::size_t> batch_sizes(const Architecture& network) {
  std::vector<std::size_t> sizes;
  for (std::size_t m = 7; sizes.size() < 2; m += 4) {
    if (std::find(network.dims.begin(), network.dims.end(), m) == network.dims.end()) sizes.push_back(m);
  }
  return sizes;
}

Probe draw(const Architecture& network, const std::vector<std::size_t>& samples, Random& random) {
  check(network);
  for (int k = 0; k < Tries; ++k) {
    Probe probe{network, Layers(1), {}};
    for (std::size_t l = 1; l <= network.layers(); ++l) {
      const std::size_t in = network.dims[l - 1], out = network.dims[l];
      probe.parameters.push_back({drawn(in, out, 1.2 / std::sqrt(static_cast<double>(in)), random), drawn(1, out, 0.3, random)});
    }
    for (const std::size_t m : samples) probe.batches.push_back({drawn(m, network.dims[0], 1, random), drawn_targets(network, m, random)});
    if (seen(probe)) return probe;
  }
  throw Error("no network of this shape was found in ", Tries,
              " draws whose every tensor has a gradient that can be seen: take fewer or wider layers");
}

}  // namespace insitu::desktop::doctor
