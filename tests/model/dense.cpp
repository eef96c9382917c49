#include "model/dense.h"

#include <doctest/doctest.h>
#include <type_traits>

#include "kernels/reference.h"
#include "tests/model/problem.h"

using namespace insitu;

using Layer = Dense<3, 5, Tanh>;
static_assert(Layer::inputs == 3 && Layer::outputs == 5 && std::is_same_v<Layer::Activation, Tanh>);
static_assert(sizeof(Layer::Tensors<float>) == 20 * sizeof(float) && sizeof(Layer::Tensors<double>) == 20 * sizeof(double));
static_assert(std::is_trivially_copyable_v<Layer::Tensors<float>> && std::is_aggregate_v<Layer::Tensors<float>>);
static_assert(std::is_same_v<Dense<1, 1>::Activation, Identity>);
static_assert(is_dense<Layer> && !is_dense<int>);

namespace {

struct Setup {
  Layer::Tensors<float> p, gradient;
  Matrix<4, 3> x, dx;
  Matrix<4, 5> z, dz;
  Setup() {
    Random random{3};
    problem::fill(p, random), problem::fill(gradient, random), problem::fill(x, random), problem::fill(dz, random),
        problem::fill(dx, random), z = dz;
  }
};

}  // namespace

TEST_CASE("Dense::forward: y = b + x W for the rows given") {
  Setup s;
  Matrix<4, 5> want = s.z;
  reference::gemm(s.x.data, s.p.weights.data, s.p.bias.data, want.data, 3, 3, 5);
  Layer::forward(s.p, s.x, s.z, 3);
  CHECK(problem::same_bytes(s.z, want));
}

TEST_CASE("Dense::backward adds to the gradient, and gives dx where it is wanted") {
  Setup s;
  auto want = s.gradient;
  Matrix<4, 3> want_dx = s.dx;
  reference::ger(s.x.data, s.dz.data, want.weights.data, 3, 3, 5);
  reference::add_rows(1.0f, s.dz.data, want.bias.data, 3, 5);
  reference::gemm_transposed(s.dz.data, s.p.weights.data, want_dx.data, 3, 3, 5);
  auto without = s.gradient;
  Layer::backward(s.p, s.x, s.dz, s.gradient, &s.dx, 3);
  CHECK(problem::same_bytes(s.gradient, want));
  CHECK(problem::same_bytes(s.dx, want_dx));
  Layer::backward(s.p, s.x, s.dz, without, static_cast<Matrix<4, 3>*>(nullptr), 3);
  CHECK(problem::same_bytes(without, want));
}

TEST_CASE("Dense: initialize fills weights row by row from the distribution, bias with zero") {
  Layer::Tensors<float> p;
  for (float& b : p.bias) b = 9.0f;
  Random random{1}, again{1};
  p.initialize(Uniform{2.0f}, random);
  for (float w : p.weights) CHECK(w == uniform(again, 2.0f));
  for (float b : p.bias) CHECK(b == 0.0f);
}
