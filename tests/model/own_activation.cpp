// An activation of your own: one struct of three members, written over the vector vocabulary (kernels/vec.h, kernels/math.h).
#include <doctest/doctest.h>

#include "model/gradient_check.h"
#include "model/insitu.h"

namespace {

/// a = z / (1 + |z|); dz = da (1 - |a|)^2
struct Softsign {
  static constexpr char name[] = "softsign";
  template <class V>
  static V forward(V z) {
    return z / (V::broadcast(1.0f) + abs(z));
  }
  template <class V>
  static V backward(V a, V da) {
    const V slope = V::broadcast(1.0f) - abs(a);
    return da * (slope * slope);
  }
};

using namespace insitu;
using Net = Network<Dense<3, 19, Softsign>, Dense<19, 2>>;

TEST_CASE("an activation of your own: its backward is the derivative of its forward") {
  Parameters<Net> parameters;
  initialize(parameters, Glorot{}, Random{3});
  const Matrix<4, 3, double> inputs{{0.3, -1.2, 0.7, 2.0, 0.1, -0.4, -0.9, 0.8, 0.2, 1.1, -0.6, -1.7}};
  const Matrix<4, 2, double> targets{{0.5, -1.0, 0.0, 0.3, -0.2, 0.9, 1.0, -0.7}};
  const GradientCheck check = gradient_check<Net, MeanSquaredError>(widen<Parameters<Net, double>>(parameters), inputs, targets);
  CHECK(check.checked == Net::parameter_count);
  CHECK(check.worst < 1e-6);
}

TEST_CASE("an activation of your own: every lane count gives the same bits") {
  constexpr int Count = 37;
  float z[Count], a[Count];
  Random random{5};
  for (float& x : z) x = 8.0f * random.uniform() - 4.0f;
  for_lanes<Count>([&]<class V>(int k) { Softsign::forward(V::load(z + k)).store(a + k); });
  for (int k = 0; k < Count; ++k) CHECK(a[k] == Softsign::forward(Scalar(z[k])).value);
}

TEST_CASE("an activation of your own: its name is part of the network's text") {
  CHECK(doctest::String(Text<Net>{}.characters) == "dense 3 19 softsign; dense 19 2");
}

}  // namespace
