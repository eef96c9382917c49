#include "model/predict.h"

#include <doctest/doctest.h>

#include "model/gradient_check.h"
#include "tests/model/problem.h"

using namespace insitu;

namespace {

/// The network layer by layer with the plain loops of reference.h.
template <class Net, class T, int I = 0>
void plain(const Parameters<Net, T>& p, const T* x, T* outputs, int rows) {
  using L = typename Net::template Layer<I>;
  using Lane = typename Kernels<T>::Lane;
  T a[6 * 16];
  reference::gemm(x, get<I>(p).weights.data, get<I>(p).bias.data, a, rows, L::inputs, L::outputs);
  if constexpr (std::is_same_v<typename L::Activation, Softmax>) {
    reference::softmax(a, rows, L::outputs);
  } else {
    for (int k = 0; k < rows * L::outputs; ++k) a[k] = L::Activation::forward(Lane(a[k])).value;
  }
  if constexpr (I + 1 < Net::depth) {
    plain<Net, T, I + 1>(p, a, outputs, rows);
  } else {
    for (int k = 0; k < rows * L::outputs; ++k) outputs[k] = a[k];
  }
}

/// The structure alone: the forward pass of any depth in double, whose kernels are the reference's own.
template <class Net>
bool right_in_double() {
  constexpr int N = 3;
  Random random{5};
  Parameters<Net> p;
  problem::fill(p, random);
  const auto wide = widen<Parameters<Net, double>>(p);
  const auto inputs = widen<Matrix<N, Net::inputs, double>>(problem::Data<Net, N>(2).inputs);
  Matrix<N, Net::outputs, double> got, want;
  forward<Net, Net::depth, double, N>(wide, wide, inputs, got, N);
  plain<Net, double>(wide, inputs.data, want.data, N);
  return problem::same_bytes(got, want);
}

}  // namespace

TEST_CASE("predict: the layers in their order at every depth, hidden layers of any width taking turns in two buffers") {
  CHECK(right_in_double<Network<Dense<5, 3, Sigmoid>>>());
  CHECK(right_in_double<Network<Dense<5, 7, Relu>, Dense<7, 3, Softmax>>>());
  CHECK(right_in_double<Network<Dense<3, 9, Tanh>, Dense<9, 2, LeakyRelu>, Dense<2, 4>>>());
  CHECK(right_in_double<Network<Dense<2, 3, Tanh>, Dense<3, 8, Relu>, Dense<8, 2, Sigmoid>, Dense<2, 1, Tanh>>>());
  CHECK(right_in_double<Network<Dense<2, 9, Tanh>, Dense<9, 2, Sigmoid>, Dense<2, 11, Sigmoid>, Dense<11, 5, Tanh>, Dense<5, 3>>>());
  CHECK(right_in_double<Network<Dense<2, 1>, Dense<1, 4, Tanh>, Dense<4, 2>, Dense<2, 12, Tanh>, Dense<12, 3>, Dense<3, 2>>>());
}

TEST_CASE("predict: the bits of the plain loops, for a batch and one by one") {
  using Net = Network<Dense<3, 4, Tanh>, Dense<4, 8, Relu>, Dense<8, 4, Softmax>>;
  constexpr int N = 2;
  Random random{5};
  Parameters<Net> p;
  problem::fill(p, random);
  const problem::Data<Net, N> data(2);
  Matrix<N, Net::outputs> want;
  plain<Net, float>(p, data.inputs.data, want.data, N);
  CHECK(problem::same_bytes(predict<Net>(p, data.inputs), want));
  for (int s = 0; s < N; ++s) {
    Vector<Net::inputs> x;
    for (int i = 0; i < Net::inputs; ++i) x[i] = data.inputs(s, i);
    const Vector<Net::outputs> y = predict<Net>(p, x);
    CHECK(std::memcmp(y.data, want.row(s), sizeof y) == 0);
  }
}

TEST_CASE("predict: a network with frozen parts reads them from the factory's parameters, and predicts the same") {
  using Whole = Network<Dense<4, 6, Tanh>, Dense<6, 5, Relu>, Dense<5, 2>>;
  using Mixed = Network<BiasOnly<Dense<4, 6, Tanh>>, Frozen<Dense<6, 5, Relu>>, Dense<5, 2>>;
  Random random{8};
  Parameters<Whole> p;
  problem::fill(p, random);
  const auto whole = widen<Parameters<Whole, double>>(p);
  const auto inputs = widen<Matrix<3, 4, double>>(problem::Data<Whole, 3>(4).inputs);
  Matrix<3, 2, double> want, got;
  forward<Whole, 3, double, 3>(whole, whole, inputs, want, 3);

  Parameters<Mixed, double> factory = whole;
  for (double& b : get<0>(factory).bias) b = 99.0;  // what is trained must not be read from the factory
  for (double& w : get<2>(factory).weights) w = -99.0;
  Trained<Mixed, double> trained;
  get<0>(trained).bias = get<0>(whole).bias;
  get<2>(trained) = {get<2>(whole).weights, get<2>(whole).bias};
  forward<Mixed, 3, double, 3>(trained, factory, inputs, got, 3);
  CHECK(problem::same_bytes(got, want));
}

TEST_CASE("predict: what is frozen lies in the factory's parameters, for one input as for a batch") {
  using Net = Network<Frozen<Dense<2, 4, Tanh>>, Dense<4, 1>>;
  const Parameters<Net> factory = {{{{1, 2, 3, 4, 5, 6, 7, 8}}, {{0, 0, 0, 0}}}, {{{{99, 99, 99, 99}}, {{99}}}}};
  const Trained<Net> trained = {{{{{1, 1, 1, 1}}, {{0.5f}}}}};
  const Vector<1> zero = predict<Net>(trained, factory, Vector<2>{{0, 0}});
  CHECK(zero[0] == 0.5f);
  const Vector<1> one = predict<Net>(trained, factory, Vector<2>{{100, 100}});
  CHECK(one[0] == 4.5f);
}
