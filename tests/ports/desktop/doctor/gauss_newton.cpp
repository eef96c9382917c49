// The Gauss-Newton matrix against one made entry by entry of finite differences, and the statistics of layers.
#include "ports/desktop/doctor/gauss_newton.h"

#include <doctest/doctest.h>

#include <cmath>

#include "golden.h"
#include "ports/desktop/doctor/layer_state.h"

namespace insitu::desktop::doctor {
namespace {

std::vector<double*> entries(Layers& layers) {
  std::vector<double*> all;
  for (Layer& layer : layers) {
    for (Tensor* tensor : {&layer.W, &layer.b}) {
      for (double& v : tensor->values) all.push_back(&v);
    }
  }
  return all;
}

/// What the loss is a function of: z for the cross-entropies, otherwise a.
Tensor output(const Architecture& network, const Layers& parameters, const Tensor& inputs) {
  const Pass pass = forward(network, parameters, inputs);
  const bool fused = network.loss == LossKind::CrossEntropy || network.loss == LossKind::BinaryCrossEntropy;
  return fused ? pass.z.back() : pass.a.back();
}

/// Dense, [parameters x parameters]: J by central differences, H of each sample by differences of the loss's own derivative.
std::vector<std::vector<double>> dense(const Architecture& network, Layers parameters, const Batch& batch) {
  constexpr double Step = 1e-5;
  const std::vector<double*> p = entries(parameters);
  const std::size_t n = network.outputs();
  std::vector<Tensor> jacobian;
  for (double* const one : p) {
    const double old = *one;
    *one = old + Step;
    const Tensor up = output(network, parameters, batch.inputs);
    *one = old - Step;
    jacobian.push_back((1 / (2 * Step)) * (up - output(network, parameters, batch.inputs)));
    *one = old;
  }
  const Pass pass = forward(network, parameters, batch.inputs);
  std::vector<Tensor> hessian;  // [k](s, j) = d2 loss of sample s / d out_j d out_k
  for (std::size_t k = 0; k < n; ++k) {
    const auto slope_at = [&](double step) {
      Tensor moved = output(network, parameters, batch.inputs);
      for (std::size_t s = 0; s < moved.rows; ++s) moved(s, k) += step;
      Pass at = pass;
      at.z.back() = moved, at.a.back() = moved;
      const bool fused = network.loss == LossKind::CrossEntropy || network.loss == LossKind::BinaryCrossEntropy;
      return fused ? output_delta(network, at, batch.targets) : loss_derivative(network, moved, batch.targets);
    };
    hessian.push_back((1 / (2 * Step)) * (slope_at(Step) - slope_at(-Step)));
  }
  std::vector<std::vector<double>> g(p.size(), std::vector<double>(p.size()));
  for (std::size_t a = 0; a < p.size(); ++a) {
    for (std::size_t b = 0; b < p.size(); ++b) {
      for (std::size_t s = 0; s < batch.samples(); ++s) {
        for (std::size_t j = 0; j < n; ++j) {
          for (std::size_t k = 0; k < n; ++k)
            g[a][b] += jacobian[a](s, j) * hessian[k](s, j) * jacobian[b](s, k) / terms(network, batch.samples());
        }
      }
    }
  }
  return g;
}

/// The largest eigenvalue of a symmetric matrix by Jacobi's rotations: another method than power iteration.
double largest_by_rotations(std::vector<std::vector<double>> g) {
  const std::size_t n = g.size();
  for (int sweep = 0; sweep < 30; ++sweep) {
    for (std::size_t p = 0; p < n; ++p) {
      for (std::size_t q = p + 1; q < n; ++q) {
        if (std::fabs(g[p][q]) < 1e-14) continue;
        const double theta = (g[q][q] - g[p][p]) / (2 * g[p][q]);
        const double t = (theta >= 0 ? 1 : -1) / (std::fabs(theta) + std::sqrt(theta * theta + 1)), c = 1 / std::sqrt(t * t + 1), s = t * c;
        for (std::size_t k = 0; k < n; ++k) {
          const double kp = g[k][p], kq = g[k][q];
          g[k][p] = c * kp - s * kq, g[k][q] = s * kp + c * kq;
        }
        for (std::size_t k = 0; k < n; ++k) {
          const double pk = g[p][k], qk = g[q][k];
          g[p][k] = c * pk - s * qk, g[q][k] = s * pk + c * qk;
        }
      }
    }
  }
  double largest = 0;
  for (std::size_t k = 0; k < n; ++k) largest = std::max(largest, g[k][k]);
  return largest;
}

}  // namespace

TEST_CASE("gauss_newton: the product and the largest eigenvalue, of every loss") {
  using enum Activation;
  struct Case {
    Activation hidden, out;
    LossKind loss;
  };
  for (const Case& one : {Case{Relu, Sigmoid, LossKind::BinaryCrossEntropy}, Case{Tanh, Identity, LossKind::BinaryCrossEntropy},
                          Case{Relu, Softmax, LossKind::CrossEntropy}, Case{Sigmoid, Sigmoid, LossKind::SquaredError},
                          Case{Tanh, Identity, LossKind::HalfSquaredError}, Case{LeakyRelu, Identity, LossKind::Huber}}) {
    Architecture network{{4, 5, 3}, {Identity, one.hidden, one.out}, one.loss, usual_mean(one.loss)};
    Random random(3);
    const Probe probe = draw(network, {7}, random);
    const std::vector<std::vector<double>> g = dense(network, probe.parameters, probe.batches[0]);
    Layers v = probe.parameters;
    const Pass pass = forward(network, probe.parameters, probe.batches[0].inputs);
    Layers product = gauss_newton_product(network, probe.parameters, pass, probe.batches[0].targets, v);
    const std::vector<double*> from = entries(v), to = entries(product);
    CAPTURE(name(one.loss));
    for (std::size_t a = 0; a < g.size(); ++a) {
      double sum = 0;
      for (std::size_t b = 0; b < g.size(); ++b) sum += g[a][b] * *from[b];
      CHECK(*to[a] == doctest::Approx(sum).epsilon(1e-6).scale(1e-3));
    }
    CHECK(largest_eigenvalue(network, probe.parameters, probe.batches[0]) == doctest::Approx(largest_by_rotations(g)).epsilon(2e-3));
  }
}

TEST_CASE("gauss_newton: a gradient scaled by m has the curvature of its own steps") {
  const Probe probe = golden_network('B');
  Cause cause{Cause::Type::Scaled, {}, {4}, {7, 11}, {{"missing_mean", 1, 1}}};  // W1, from the output down
  const FaultyGradient posted({{cause}, 0}, probe.network);
  const double right = largest_eigenvalue(probe.network, probe.parameters, probe.batches[0]);
  std::vector<std::vector<double>> g = dense(probe.network, probe.parameters, probe.batches[0]);
  for (std::size_t a = 0; a < g.size(); ++a) {
    for (std::size_t b = 0; b < g.size(); ++b) g[a][b] *= (a < 20 ? std::sqrt(7.0) : 1) * (b < 20 ? std::sqrt(7.0) : 1);
  }
  const double wrong = largest_eigenvalue(probe.network, probe.parameters, probe.batches[0], posted);
  CHECK(wrong > 1.2 * right);
  CHECK(wrong == doctest::Approx(largest_by_rotations(g)).epsilon(2e-3));
}

TEST_CASE("layer_states: dead, saturated, norms") {
  using enum Activation;
  const Architecture network{{1, 2, 1}, {Identity, Relu, Sigmoid}, LossKind::BinaryCrossEntropy, Mean::Batch};
  // the first unit is on for x = 1, the second for neither sample; z of the output is 20 and 0
  const Layers parameters = {Layer(), {Tensor(1, 2), Tensor(1, 2)}, {Tensor(2, 1), Tensor(1, 1)}};
  Layers p = parameters;
  p[1].W.values = {20, -1}, p[1].b.values = {0, -2}, p[2].W.values = {1, 1};
  Batch batch{Tensor(2, 1), Tensor(2, 1)};
  batch.inputs.values = {1, 0}, batch.targets.values = {0, 1};
  const std::vector<LayerState> states = layer_states(network, p, batch, {}, 0.1, 0);
  CHECK(states[1].dead == 0.5);
  CHECK(states[1].saturated == 0);
  CHECK(states[2].saturated == 0.5);
  CHECK(states[1].weights == doctest::Approx(std::sqrt(401.0)));
  CHECK(states[1].gradient == doctest::Approx(0.5));  // x (p - y) w2 / m of the first unit
  CHECK(states[1].update == doctest::Approx(0.05 / std::sqrt(401.0)));
  CHECK(layer_states(network, p, batch, {}, 0.1, 99)[1].weights == doctest::Approx(std::sqrt(500.0)));
}

}  // namespace insitu::desktop::doctor
