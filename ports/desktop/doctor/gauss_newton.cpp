#include "gauss_newton.h"

#include <cmath>

#include "model/initialize.h"

namespace insitu::desktop::doctor {
namespace {

/// H u for each sample, u [m x outputs]: the direction of the output in which the loss is curved.
Tensor curved(const Architecture& network, const Pass& pass, const Tensor& targets, Tensor u) {
  const Tensor &z = pass.z.back(), &a = pass.a.back();
  switch (network.loss) {
    case LossKind::SquaredError:
      return 2.0 * u;
    case LossKind::HalfSquaredError:
      return u;
    case LossKind::Huber:
      for (std::size_t k = 0; k < u.values.size(); ++k) u.values[k] *= std::fabs(a.values[k] - targets.values[k]) <= network.huber_delta;
      return u;
    case LossKind::BinaryCrossEntropy: {
      const Tensor p = activate(network, Activation::Sigmoid, z);
      return u * p * (Tensor(p.rows, p.columns, 1) - p);
    }
    case LossKind::CrossEntropy:
      break;
  }
  const Tensor p = activate(network, Activation::Softmax, z);
  for (std::size_t s = 0; s < u.rows; ++s) {
    double mean = 0, mass = 0;
    for (std::size_t j = 0; j < u.columns; ++j) mean += p(s, j) * u(s, j), mass += targets(s, j);
    for (std::size_t j = 0; j < u.columns; ++j) u(s, j) = mass * p(s, j) * (u(s, j) - mean);
  }
  return u;
}

double dot(const Layers& x, const Layers& y) {
  double sum = 0;
  for (std::size_t t = 0; t < tensors(x); ++t) {
    const Tensor &a = tensor(x, t), &b = tensor(y, t);
    for (std::size_t k = 0; k < a.values.size(); ++k) sum += a.values[k] * b.values[k];
  }
  return sum;
}

/// Each tensor times a factor of its own
Layers times(Layers x, const std::vector<double>& factors) {
  for (std::size_t t = 0; t < factors.size(); ++t) {
    Layer& layer = x[layer_of(x, t)];
    Tensor& own = is_bias(t) ? layer.b : layer.W;
    own = factors[t] * own;
  }
  return x;
}

}  // namespace

Layers gauss_newton_product(const Architecture& network, const Layers& parameters, const Pass& pass, const Tensor& targets,
                            const Layers& v) {
  const std::size_t last = network.layers();
  const bool fused = network.loss == LossKind::BinaryCrossEntropy || network.loss == LossKind::CrossEntropy;
  std::vector<Tensor> slope(last + 1);
  for (std::size_t l = 1; l <= last; ++l) slope[l] = derivative(network, network.activations[l], pass.z[l], pass.a[l]);
  // J v: how the output moves when the parameters move along v
  Tensor moved(pass.a[0].rows, pass.a[0].columns);
  for (std::size_t l = 1; l <= last; ++l) {
    Tensor z = product(moved, parameters[l].W) + product(pass.a[l - 1], v[l].W);
    for (std::size_t s = 0; s < z.rows; ++s) {
      for (std::size_t j = 0; j < z.columns; ++j) z(s, j) += v[l].b(0, j);
    }
    moved = l == last && fused ? std::move(z) : std::move(z) * slope[l];
  }
  // J' of it, as a delta goes down
  Tensor dz = (1 / terms(network, targets.rows)) * curved(network, pass, targets, std::move(moved));
  if (!fused) dz = std::move(dz) * slope[last];
  Layers result(last + 1);
  for (std::size_t l = last; l > 0; --l) {
    result[l] = {outer_product(pass.a[l - 1], dz), column_sums(dz)};
    if (l > 1) dz = product_transposed(dz, parameters[l].W) * slope[l - 1];
  }
  return result;
}

double largest_eigenvalue(const Architecture& network, const Layers& parameters, const Batch& batch, const FaultyGradient& gradient) {
  const Pass pass = forward(network, parameters, batch.inputs);
  // D G has the eigenvalues of the symmetric matrix D^1/2 G D^1/2
  std::vector<double> root;
  for (std::size_t t = 0; t < 2 * network.layers(); ++t) root.push_back(std::sqrt(std::max(0.0, gradient.scale(t, batch.samples()))));
  Random random(1);
  Layers v = parameters;
  for (Layer& layer : v) {
    const auto drawn = [&](double) { return static_cast<double>(normal(random)); };
    layer = {map(layer.W, drawn), map(layer.b, drawn)};
  }
  double eigenvalue = 0;
  for (int k = 0; k < 200; ++k) {
    const double size = std::sqrt(dot(v, v));
    if (!(size > 0) || !std::isfinite(size)) return k == 0 ? 0 : size;
    v = times(v, std::vector<double>(root.size(), 1 / size));
    Layers next = times(gauss_newton_product(network, parameters, pass, batch.targets, times(v, root)), root);
    const double before = eigenvalue;
    eigenvalue = dot(v, next);
    if (k > 5 && std::fabs(eigenvalue - before) <= 1e-4 * eigenvalue) break;
    v = std::move(next);
  }
  return eigenvalue;
}

}  // namespace insitu::desktop::doctor
