#include "kernels/activation.h"

#include <doctest/doctest.h>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

using Lane = reference::Lane<double>;

/// Runs forward and backward with whole vectors and their tails, and with single lanes; true when all bits agree.
template <class Activation>
bool same_in_every_lane() {
  constexpr int N = 37;
  check::Random random;
  bool good = true;
  for (int round = 0; round < 200; ++round) {
    float z[N], da[N], a[N], dz[N];
    for (int k = 0; k < N; ++k) {
      z[k] = round % 4 == 0 ? random.any() : random.uniform() * 12.0f;
      da[k] = random.uniform();
      if (check::FlushesSubnormals && z[k] > -0x1p-110f && z[k] < 0x1p-110f) z[k] = 0.0f;  // its hundredth must not be subnormal
    }
    for_lanes<N>([&]<class V>(int k) { Activation::forward(V::load(z + k)).store(a + k); });
    for_lanes<N>([&]<class V>(int k) { Activation::backward(V::load(a + k), V::load(da + k)).store(dz + k); });
    for (int k = 0; k < N; ++k) {
      const Scalar one = Activation::forward(Scalar(z[k]));
      good = good && check::same(a[k], one.value) && check::same(dz[k], Activation::backward(one, Scalar(da[k])).value);
    }
  }
  return good;
}

/// backward(a, da) against central differences of forward in double; away from a kink at zero.
template <class Activation>
double worst_slope() {
  double worst = 0;
  for (double z = -6.05; z < 6.1; z += 0.1) {
    const double h = 1e-5;
    const double numeric = (Activation::forward(Lane(z + h)).value - Activation::forward(Lane(z - h)).value) / (2 * h);
    const double slope = Activation::backward(Activation::forward(Lane(z)), Lane(1.0)).value;
    const double twice = Activation::backward(Activation::forward(Lane(z)), Lane(-2.0)).value;
    const double error = std::fmax(std::fabs(slope - numeric), std::fabs(twice + 2 * slope));
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

/// The same activation in float, near to its value in double.
template <class Activation>
double worst_value() {
  double worst = 0;
  for (float z = -20.0f; z < 20.0f; z += 0.03125f) {
    const double error = std::fabs(static_cast<double>(Activation::forward(Scalar(z)).value) - Activation::forward(Lane(z)).value);
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

}  // namespace

TEST_CASE_TEMPLATE("activations: same bits in every lane, the derivative is that of the value, double agrees with float", A, Identity, Relu,
                   LeakyRelu, Sigmoid, Tanh) {
  CAPTURE(A::name);
  CHECK(same_in_every_lane<A>());
  CHECK(worst_slope<A>() < 1e-9);
  CHECK(worst_value<A>() < 4e-7);
}

TEST_CASE("activations: their values") {
  CHECK(Relu::forward(Scalar(-3.0f)).value == 0.0f);
  CHECK(Relu::forward(Scalar(3.0f)).value == 3.0f);
  CHECK(Relu::backward(Scalar(0.0f), Scalar(5.0f)).value == 0.0f);  // no slope at the kink, as in PyTorch
  CHECK(Relu::backward(Scalar(2.0f), Scalar(5.0f)).value == 5.0f);
  CHECK(LeakyRelu::forward(Scalar(-2.0f)).value == -0.02f);
  CHECK(LeakyRelu::forward(Scalar(2.0f)).value == 2.0f);
  CHECK(LeakyRelu::backward(LeakyRelu::forward(Scalar(-2.0f)), Scalar(4.0f)).value == 0.04f);
  CHECK(Identity::forward(Scalar(-2.5f)).value == -2.5f);
  CHECK(Sigmoid::forward(Scalar(0.0f)).value == 0.5f);
  CHECK(Sigmoid::backward(Scalar(0.5f), Scalar(2.0f)).value == 0.5f);
  CHECK(Tanh::forward(Scalar(0.0f)).value == 0.0f);
  CHECK(Tanh::backward(Scalar(0.5f), Scalar(2.0f)).value == 1.5f);
}

TEST_CASE_TEMPLATE("activations: NaN in, NaN out; saturated ends are flat and finite", A, Relu, LeakyRelu, Sigmoid, Tanh) {
  CAPTURE(A::name);
  const float infinity = __builtin_inff();
  CHECK(check::nan(A::forward(Scalar(__builtin_nanf(""))).value));
  CHECK(!check::nan(A::forward(Scalar(infinity)).value));
  CHECK(!check::nan(A::forward(Scalar(-infinity)).value));
  CHECK(!check::nan(A::backward(A::forward(Scalar(200.0f)), Scalar(1.0f)).value));
  CHECK(!check::nan(A::backward(A::forward(Scalar(-200.0f)), Scalar(1.0f)).value));
}

TEST_CASE("saturation is exact: 1 and 0, and no slope") {
  for (float z : {100.0f, __builtin_inff()}) {
    CHECK(Sigmoid::forward(Scalar(z)).value == 1.0f);
    CHECK(Sigmoid::forward(Scalar(-z)).value == 0.0f);
    CHECK(Tanh::forward(Scalar(z)).value == 1.0f);
    CHECK(Tanh::forward(Scalar(-z)).value == -1.0f);
    CHECK(Tanh::backward(Scalar(1.0f), Scalar(1.0f)).value == 0.0f);
    CHECK(Sigmoid::backward(Scalar(1.0f), Scalar(1.0f)).value == 0.0f);
  }
}
