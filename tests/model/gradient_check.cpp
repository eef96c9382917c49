#include "model/gradient_check.h"

#include <doctest/doctest.h>

#include "tests/model/problem.h"

using namespace insitu;

namespace {

constexpr int N = 4;

/// A network's backward pass against central differences.
template <class Net, class Loss>
GradientCheck check_network(const Loss& loss = {}, float scale = 0.8f, std::uint64_t seed = 3) {
  Random random{seed};
  Parameters<Net> p;
  problem::fill(p, random, scale);
  const problem::Data<Net, N> data(seed, std::is_same_v<Loss, BinaryCrossEntropy>);
  const auto wide = widen<Parameters<Net, double>>(p);
  const auto inputs = widen<Matrix<N, Net::inputs, double>>(data.inputs);
  if constexpr (Loss::template fits<Softmax>) {
    return gradient_check<Net, Loss>(wide, inputs, data.labels, loss);
  } else {
    return gradient_check<Net, Loss>(wide, inputs, widen<Matrix<N, Net::outputs, double>>(data.targets), loss);
  }
}

template <class Hidden, class Output>
using NetOf = Network<Dense<3, 5, Hidden>, Dense<5, 3, Output>>;
template <class Hidden>
using Deep = Network<Dense<3, 5, Hidden>, Dense<5, 4, Hidden>, Dense<4, 3>>;
constexpr int Count = 20 + 18;

template <class Net, class Loss>
void check_pair(const Loss& loss = {}) {
  CAPTURE(Loss::name);
  const GradientCheck c = check_network<Net, Loss>(loss);
  CAPTURE(c.layer);
  CAPTURE(c.index);
  CHECK(c.worst < 1e-6);
  CHECK(c.checked + c.skipped == float_count<Parameters<Net>>);
  CHECK(c.checked > float_count<Parameters<Net>> / 2);
}

/// An activation of the user's: a = z / (1 + |z|), dz = da (1 - |a|)^2.
struct SoftSign {
  [[maybe_unused]] static constexpr char name[] = "soft_sign";
  template <class V>
  static V forward(V z) {
    return z / (V::broadcast(1.0f) + abs(z));
  }
  template <class V>
  static V backward(V a, V da) {
    const V rest = V::broadcast(1.0f) - abs(a);
    return da * (rest * rest);
  }
};
struct WrongSoftSign : SoftSign {
  template <class V>
  static V backward(V a, V da) {
    return da * (V::broadcast(1.0f) - abs(a));
  }
};

/// A layer of the user's: each output scales one input, z = w x, with a gain shared by all.
template <int Size, bool Wrong = false>
struct Gain {
  static constexpr int inputs = Size, outputs = Size;
  static constexpr char name[] = "gain";
  using Activation = Tanh;
  template <class T = float>
  struct Tensors {
    Vector<Size, T> each;
    T shared;
    template <class Distribution, class Random>
    void initialize(const Distribution&, Random&) {
      for (T& e : each) e = T(1);
      shared = T(1);
    }
  };
  template <class T, int Batch>
  static void forward(const Tensors<T>& p, const Matrix<Batch, Size, T>& x, Matrix<Batch, Size, T>& z, int rows) {
    for (int s = 0; s < rows; ++s) {
      for (int j = 0; j < Size; ++j) z(s, j) = p.shared * (p.each[j] * x(s, j));
    }
  }
  template <class T, int Batch>
  static void backward(const Tensors<T>& p, const Matrix<Batch, Size, T>& x, const Matrix<Batch, Size, T>& dz, Tensors<T>& gradient,
                       Matrix<Batch, Size, T>* dx, int rows) {
    for (int s = 0; s < rows; ++s) {
      for (int j = 0; j < Size; ++j) {
        gradient.each[j] = reference::fma(dz(s, j), p.shared * x(s, j), gradient.each[j]);
        gradient.shared = reference::fma(dz(s, j), (Wrong ? T(1) : p.each[j]) * x(s, j), gradient.shared);
        if (dx != nullptr) (*dx)(s, j) = dz(s, j) * (p.shared * p.each[j]);
      }
    }
  }
};

}  // namespace

TEST_CASE("gradient_check: every activation in hidden layers") {
  check_pair<Deep<Identity>, MeanSquaredError>();
  check_pair<Deep<Relu>, MeanSquaredError>();
  check_pair<Deep<LeakyRelu>, MeanSquaredError>();
  check_pair<Deep<Sigmoid>, MeanSquaredError>();
  check_pair<Deep<Tanh>, MeanSquaredError>();
}

TEST_CASE("gradient_check: every loss with every output it takes") {
  check_pair<NetOf<Tanh, LeakyRelu>, MeanSquaredError>();
  check_pair<NetOf<Tanh, Relu>, MeanSquaredError>();
  check_pair<NetOf<Tanh, Tanh>, MeanSquaredError>();
  check_pair<NetOf<Tanh, Sigmoid>, MeanSquaredError>();
  check_pair<NetOf<Tanh, Identity>, Huber>(Huber{.delta = 0.3f});
  check_pair<NetOf<Tanh, Sigmoid>, Huber>(Huber{.delta = 0.1f});
  check_pair<NetOf<Tanh, Tanh>, Huber>();
  check_pair<NetOf<Tanh, LeakyRelu>, Huber>();
  check_pair<NetOf<Tanh, Relu>, Huber>();
  check_pair<NetOf<Relu, Sigmoid>, BinaryCrossEntropy>();
  check_pair<NetOf<Tanh, Identity>, BinaryCrossEntropy>();
  check_pair<NetOf<Relu, Softmax>, CrossEntropy>();
  check_pair<NetOf<Tanh, Identity>, CrossEntropy>();
  check_pair<NetOf<Tanh, Softmax>, WeightedCrossEntropy<3>>({{{0.5f, 2.0f, 3.0f}}});
}

TEST_CASE("gradient_check: one layer, and many") {
  CHECK(check_network<Network<Dense<3, 2, Sigmoid>>, MeanSquaredError>().worst < 1e-6);
  CHECK(
      check_network<Network<Dense<3, 2, Tanh>, Dense<2, 5, Sigmoid>, Dense<5, 1, Tanh>, Dense<1, 9, Tanh>, Dense<9, 2>>, MeanSquaredError>(
          {}, 1.5f)
          .worst < 1e-6);
}

TEST_CASE("gradient_check: an activation of the user's passes when it is right and is named when it is not") {
  const GradientCheck right = check_network<NetOf<SoftSign, Identity>, MeanSquaredError>();
  CHECK(right.worst < 1e-6);
  CHECK(right.checked == Count);
  const GradientCheck wrong = check_network<NetOf<WrongSoftSign, Identity>, MeanSquaredError>();
  CHECK(wrong.worst > 1e-2);
  CHECK(wrong.layer == 0);  // the last layer's own gradient does not pass through it
  CHECK(std::fabs(wrong.backward - wrong.numeric) > 1e-4);
}

TEST_CASE("gradient_check: a layer of the user's passes when it is right and is named when it is not") {
  const GradientCheck right = check_network<Network<Dense<3, 4, Tanh>, Gain<4>, Dense<4, 2>>, MeanSquaredError>();
  CHECK(right.worst < 1e-6);
  CHECK(right.checked == 16 + 5 + 10);
  const GradientCheck wrong = check_network<Network<Dense<3, 4, Tanh>, Gain<4, true>, Dense<4, 2>>, MeanSquaredError>();
  CHECK(wrong.worst > 1e-2);
  CHECK(wrong.layer == 1);
  CHECK(wrong.index == 4);  // the shared gain
}

TEST_CASE("gradient_check: the first and the last layer may be the user's") {
  CHECK(check_network<Network<Gain<3>, Dense<3, 2>>, MeanSquaredError>().worst < 1e-6);
  CHECK(check_network<Network<Dense<3, 2, Tanh>, Gain<2>>, MeanSquaredError>().worst < 1e-6);
}

TEST_CASE("gradient_check: parameters whose step crosses a kink are skipped, not called wrong") {
  using Net = Network<Dense<1, 2, Relu>, Dense<2, 1>>;
  // With one sample of input 1, unit 0 sits on its kink (z = 0): both of its parameters move it across. Unit 1 does not.
  Parameters<Net, double> p = {{{{0.5, 0.75}}, {{-0.5, 0.25}}}, {{{{1.0, -1.0}}, {{0.5}}}}};
  const Matrix<1, 1, double> inputs = {{1.0}}, targets = {{0.25}};
  const GradientCheck c = gradient_check<Net, MeanSquaredError>(p, inputs, targets);
  CHECK(c.skipped == 2);
  CHECK(c.checked == 5);
  CHECK(c.worst < 1e-6);
}

TEST_CASE("gradient_check: frozen and bias-only layers, with a factory") {
  using Net = Network<BiasOnly<Dense<3, 4, Tanh>>, Frozen<Dense<4, 5, Sigmoid>>, Dense<5, 2>>;
  Random random{9};
  Parameters<Net> p;
  problem::fill(p, random);
  const auto factory = widen<Parameters<Net, double>>(p);
  Trained<Net, double> trained;
  get<0>(trained).bias = get<0>(factory).bias;
  get<2>(trained) = get<2>(factory);
  const problem::Data<Net, N> data(2);
  GradientChecker<Net, MeanSquaredError, N> checker;
  const GradientCheck c = checker(trained, factory, widen<Matrix<N, 3, double>>(data.inputs), widen<Matrix<N, 2, double>>(data.targets));
  CHECK(c.worst < 1e-6);
  CHECK(c.checked == 4 + 12);
}

TEST_CASE("gradient_check: a NaN is the worst there is") {
  using Net = Network<Dense<2, 2, Tanh>, Dense<2, 1>>;
  Parameters<Net, double> p = {};
  Matrix<1, 2, double> inputs = {{1.0, __builtin_nan("")}};
  const GradientCheck c = gradient_check<Net, MeanSquaredError>(p, inputs, Matrix<1, 1, double>{{1.0}});
  CHECK_FALSE(c.worst < 1e300);
}
