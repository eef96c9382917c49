// A layer of your own: what Dense has, as templates on the scalar, so that the gradient check can run it in double.
#include <doctest/doctest.h>

#include "model/gradient_check.h"
#include "model/insitu.h"

namespace {

using namespace insitu;

/// z[s][j] = shift[j] + gain[j] x[s][j]: a gain and an offset for each sensor, learned with the rest.
template <int N>
struct Calibration {
  static constexpr int inputs = N, outputs = N;
  static constexpr char name[] = "calibration";
  using Activation = Identity;

  template <class T = float>
  struct Tensors {
    Vector<N, T> gain, shift;

    /// Starts as the identity.
    template <class Distribution, class Random>
    constexpr void initialize(const Distribution&, Random&) {
      for (T& g : gain) g = T(1);
      for (T& s : shift) s = T(0);
    }
  };

  template <class T, int Batch>
  static void forward(const Tensors<T>& p, const Matrix<Batch, N, T>& x, Matrix<Batch, N, T>& z, int rows) {
    using L = typename Kernels<T>::Lane;
    for (int s = 0; s < rows; ++s)
      for (int j = 0; j < N; ++j) z(s, j) = fma(L(p.gain[j]), L(x(s, j)), L(p.shift[j])).value;
  }

  /// Adds to the gradient: dgain += sum dz x, dshift += sum dz; and, where dx is given, dx = dz gain.
  template <class T, int Batch>
  static void backward(const Tensors<T>& p, const Matrix<Batch, N, T>& x, const Matrix<Batch, N, T>& dz, Tensors<T>& gradient,
                       Matrix<Batch, N, T>* dx, int rows) {
    using L = typename Kernels<T>::Lane;
    for (int s = 0; s < rows; ++s) {
      for (int j = 0; j < N; ++j) {
        gradient.gain[j] = fma(L(dz(s, j)), L(x(s, j)), L(gradient.gain[j])).value;
        gradient.shift[j] = gradient.shift[j] + dz(s, j);
        if (dx != nullptr) (*dx)(s, j) = (L(dz(s, j)) * L(p.gain[j])).value;
      }
    }
  }
};

using First = Network<Calibration<3>, Dense<3, 9, Tanh>, Dense<9, 2>>;
using Between = Network<Dense<3, 5, Tanh>, Calibration<5>, Dense<5, 2>>;

template <class Net>
GradientCheck checked() {
  Parameters<Net> parameters;
  initialize(parameters, Glorot{}, Random{11});
  const Matrix<3, 3, double> inputs{{0.4, -1.1, 0.6, 1.5, 0.2, -0.3, -0.8, 0.9, 0.1}};
  const Matrix<3, 2, double> targets{{0.4, -0.9, 0.1, 0.2, -0.3, 0.8}};
  return gradient_check<Net, MeanSquaredError>(widen<Parameters<Net, double>>(parameters), inputs, targets);
}

TEST_CASE("a layer of your own: its backward is the derivative of its forward, wherever it stands") {
  const GradientCheck first = checked<First>(), between = checked<Between>();
  CHECK(first.checked == First::parameter_count);
  CHECK(first.worst < 1e-6);
  CHECK(between.checked == Between::parameter_count);
  CHECK(between.worst < 1e-6);
}

template <class Net, class Optimizer>
void learns(Optimizer optimizer) {
  Parameters<Net> parameters;
  initialize(parameters, Glorot{}, Random{11});
  Trainer<Net, MeanSquaredError, Optimizer, Batch<3>> trainer{.optimizer = optimizer};
  const Matrix<3, 3> inputs{{0.4f, -1.1f, 0.6f, 1.5f, 0.2f, -0.3f, -0.8f, 0.9f, 0.1f}};
  const Matrix<3, 2> targets{{0.4f, -0.9f, 0.1f, 0.2f, -0.3f, 0.8f}};
  const float before = trainer.evaluate(parameters, inputs, targets);
  for (int step = 0; step < 50; ++step) trainer.step(parameters, inputs, targets);
  CHECK(trainer.evaluate(parameters, inputs, targets) < 0.5f * before);
}

TEST_CASE("a layer of your own trains with every kind of optimizer, and can be frozen") {
  learns<First>(Sgd{.learning_rate = 0.1f});
  learns<Between>(Momentum{.learning_rate = 0.05f});
  learns<Between>(Adam{.learning_rate = 0.02f});
  learns<First>(ClipNorm<Sgd>{.optimizer = {.learning_rate = 0.1f}, .max_norm = 5.0f});

  using Kept = Network<Frozen<Calibration<3>>, Dense<3, 9, Tanh>, Dense<9, 2>>;
  static_assert(float_count<Trained<Kept>> == First::parameter_count - 6);
  CHECK(network_hash<Kept> == network_hash<First>);
}

}  // namespace
