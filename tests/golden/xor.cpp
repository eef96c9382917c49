#include "tests/golden/xor_run.h"

#include <doctest/doctest.h>

using namespace golden;

namespace {

/// The derivative of the sigmoid taken of z where it is written in terms of a: sigmoid(a) (1 - sigmoid(a)).
struct SigmoidOfZ : insitu::Sigmoid {
  template <class V>
  static V backward(V a, V da) {
    const V again = sigmoid(a);
    return da * (again * (V::broadcast(1.0f) - again));
  }
};

}  // namespace

TEST_CASE("golden: XOR converges as it should, seed 1") { GOLDEN_CHECK(compare_xor(xor_lcg1)); }
TEST_CASE("golden: XOR converges as it should, seed 7") { GOLDEN_CHECK(compare_xor(xor_lcg7)); }
TEST_CASE("golden: XOR is stuck where it should be, seed 57") { GOLDEN_CHECK(compare_xor(xor_lcg57_stuck)); }
TEST_CASE("golden: XOR by way of the gradient as a value") {
  for (const Xor* g : {&xor_lcg1, &xor_lcg7, &xor_lcg57_stuck}) {
    CAPTURE(g->seed);
    GOLDEN_CHECK(compare_xor(*g, How::by_gradient));
  }
}

TEST_CASE("golden: XOR tells right from wrong: each of the four bugs is found, each by its curve and by its gradient") {
  for (const Xor* g : {&xor_lcg1, &xor_lcg7, &xor_lcg57_stuck}) {
    CAPTURE(g->seed);
    for (int from : {0, 1}) {  // with the comparison of the first gradient, and without it
      CAPTURE(from);
      CHECK_FALSE(compare_xor(*g, How::first_weights_lack_the_mean, 1000, from).good());
      CHECK_FALSE(compare_xor(*g, How::sum_for_mean, 1000, from).good());
      CHECK_FALSE(compare_xor(*g, How::bias_not_updated, 1000, from).good());
      CHECK_FALSE(compare_xor<SigmoidOfZ>(*g, How::by_gradient, 1000, from).good());
    }
  }
}
