#include "backpropagation.h"

#include <algorithm>
#include <cmath>

namespace insitu::desktop::doctor {
namespace {

double sigmoid(double z) { return z >= 0 ? 1 / (1 + std::exp(-z)) : std::exp(z) / (1 + std::exp(z)); }

/// ln sum e^z of a row, without overflow
double log_sum_exp(const Tensor& z, std::size_t row) {
  const double* const begin = z.row(row);
  const double largest = *std::max_element(begin, begin + z.columns);
  double sum = 0;
  for (std::size_t j = 0; j < z.columns; ++j) sum += std::exp(begin[j] - largest);
  return largest + std::log(sum);
}

}  // namespace

double element_loss(const Architecture& network, double z, double a, double y) {
  const double e = a - y, d = network.huber_delta;
  switch (network.loss) {
    case LossKind::SquaredError:
      return e * e;
    case LossKind::HalfSquaredError:
      return e * e / 2;
    case LossKind::Huber:
      return std::fabs(e) <= d ? e * e / 2 : d * (std::fabs(e) - d / 2);
    case LossKind::BinaryCrossEntropy:
      return std::max(z, 0.0) - y * z + std::log1p(std::exp(-std::fabs(z)));
    case LossKind::CrossEntropy:
      return -y * z;
  }
  return 0;
}

Tensor activate(const Architecture& network, Activation activation, const Tensor& z) {
  switch (activation) {
    case Activation::Identity:
      return z;
    case Activation::Relu:
      return map(z, [](double v) { return v > 0 ? v : 0; });
    case Activation::LeakyRelu:
      return map(z, [slope = network.leaky_slope](double v) { return v > 0 ? v : slope * v; });
    case Activation::Tanh:
      return map(z, [](double v) { return std::tanh(v); });
    case Activation::Sigmoid:
      return map(z, sigmoid);
    case Activation::Softmax:
      break;
  }
  Tensor p = z;
  for (std::size_t s = 0; s < z.rows; ++s) {
    const double log_sum = log_sum_exp(z, s);
    for (std::size_t j = 0; j < z.columns; ++j) p(s, j) = std::exp(z(s, j) - log_sum);
  }
  return p;
}

Tensor derivative(const Architecture& network, Activation activation, const Tensor& z, const Tensor& a) {
  switch (activation) {
    case Activation::Relu:
      return map(z, [](double v) { return v > 0 ? 1 : 0; });
    case Activation::LeakyRelu:
      return map(z, [slope = network.leaky_slope](double v) { return v > 0 ? 1 : slope; });
    case Activation::Tanh:
      return map(a, [](double v) { return 1 - v * v; });
    case Activation::Sigmoid:
      return map(a, [](double v) { return v * (1 - v); });
    case Activation::Identity:
    case Activation::Softmax:
      break;
  }
  return Tensor(z.rows, z.columns, 1);
}

Pass forward(const Architecture& network, const Layers& parameters, const Tensor& inputs) {
  Pass pass{{Tensor()}, {inputs}};
  for (std::size_t l = 1; l <= network.layers(); ++l) {
    Tensor z = product(pass.a[l - 1], parameters[l].W);
    for (std::size_t s = 0; s < z.rows; ++s) {
      for (std::size_t j = 0; j < z.columns; ++j) z(s, j) += parameters[l].b(0, j);
    }
    pass.a.push_back(activate(network, network.activations[l], z));
    pass.z.push_back(std::move(z));
  }
  return pass;
}

double terms(const Architecture& network, std::size_t samples) {
  if (network.mean == Mean::None) return 1;
  return static_cast<double>(network.mean == Mean::Batch ? samples : samples * network.outputs());
}

double loss(const Architecture& network, const Pass& pass, const Tensor& targets) {
  const Tensor &z = pass.z.back(), &a = pass.a.back();
  double sum = 0;
  for (std::size_t s = 0; s < z.rows; ++s) {
    double mass = 0;
    for (std::size_t j = 0; j < z.columns; ++j) {
      sum += element_loss(network, z(s, j), a(s, j), targets(s, j));
      mass += targets(s, j);
    }
    if (network.loss == LossKind::CrossEntropy) sum += mass * log_sum_exp(z, s);
  }
  return sum / terms(network, z.rows);
}

Tensor loss_derivative(const Architecture& network, const Tensor& a, const Tensor& targets) {
  Tensor e = a - targets;
  if (network.loss == LossKind::SquaredError) return 2.0 * e;
  if (network.loss == LossKind::Huber) return map(e, [d = network.huber_delta](double v) { return std::clamp(v, -d, d); });
  return e;
}

Tensor output_delta(const Architecture& network, const Pass& pass, const Tensor& targets) {
  const Tensor &z = pass.z.back(), &a = pass.a.back();
  if (network.loss == LossKind::BinaryCrossEntropy) return activate(network, Activation::Sigmoid, z) - targets;
  if (network.loss == LossKind::CrossEntropy) {
    Tensor delta = activate(network, Activation::Softmax, z);
    for (std::size_t s = 0; s < z.rows; ++s) {
      double mass = 0;
      for (std::size_t j = 0; j < z.columns; ++j) mass += targets(s, j);
      for (std::size_t j = 0; j < z.columns; ++j) delta(s, j) = mass * delta(s, j) - targets(s, j);
    }
    return delta;
  }
  return loss_derivative(network, a, targets) * derivative(network, network.activations.back(), z, a);
}

Backward backward(const Architecture& network, const Layers& parameters, const Pass& pass, const Tensor& targets) {
  const std::size_t layers = network.layers();
  Backward result{std::vector<Tensor>(layers + 1), Layers(layers + 1)};
  Tensor dz = (1 / terms(network, targets.rows)) * output_delta(network, pass, targets);
  for (std::size_t l = layers; l > 0; --l) {
    result.gradient[l] = {outer_product(pass.a[l - 1], dz), column_sums(dz)};
    Tensor below;
    if (l > 1)
      below = product_transposed(dz, parameters[l].W) * derivative(network, network.activations[l - 1], pass.z[l - 1], pass.a[l - 1]);
    result.dz[l] = std::move(dz);
    dz = std::move(below);
  }
  return result;
}

}  // namespace insitu::desktop::doctor
