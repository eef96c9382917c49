#include "tests/golden/mlp_run.h"

#include <doctest/doctest.h>

using namespace golden;

TEST_CASE("golden: 20-16-8-4, logits before training") {
  MlpProblem<> problem;
  using Logits = insitu::Network<insitu::Dense<20, 16, insitu::Tanh>, insitu::Dense<16, 8, insitu::Relu>, insitu::Dense<8, 4>>;
  insitu::Parameters<Logits> p;
  p.layer = {problem.p.layer.weights, problem.p.layer.bias};
  p.next.layer = {problem.p.next.layer.weights, problem.p.next.layer.bias};
  p.next.next.layer = {problem.p.next.next.layer.weights, problem.p.next.next.layer.bias};
  const auto logits = insitu::predict<Logits>(p, problem.inputs[0]);
  Verdict verdict;
  for (int k = 0; k < 32; ++k) verdict.absolute("logits", k, static_cast<double>(logits.data[k]), mlp_logits[k], 1e-6);
  GOLDEN_CHECK(verdict);
}

TEST_CASE("golden: 20-16-8-4, sgd in place") { GOLDEN_CHECK((compare_mlp<insitu::Tanh, true>(mlp_sgd, MlpSgd, How::in_place))); }
TEST_CASE("golden: 20-16-8-4, sgd") { GOLDEN_CHECK(compare_mlp(mlp_sgd, MlpSgd, How::by_gradient)); }
TEST_CASE("golden: 20-16-8-4, momentum with weight decay") {
  GOLDEN_CHECK(compare_mlp(mlp_sgd_momentum_wd, MlpMomentum, How::by_gradient));
}
TEST_CASE("golden: 20-16-8-4, nesterov") { GOLDEN_CHECK(compare_mlp(mlp_sgd_nesterov, MlpNesterov, How::by_gradient)); }
TEST_CASE("golden: 20-16-8-4, rmsprop") { GOLDEN_CHECK(compare_mlp(mlp_rmsprop, MlpRmsProp, How::by_gradient)); }
TEST_CASE("golden: 20-16-8-4, adam") { GOLDEN_CHECK(compare_mlp(mlp_adam, MlpAdam, How::by_gradient)); }
TEST_CASE("golden: 20-16-8-4, adam with weight decay in the gradient") {
  GOLDEN_CHECK(compare_mlp(mlp_adam_l2, MlpAdamL2, How::by_gradient));
}
TEST_CASE("golden: 20-16-8-4, adamw") { GOLDEN_CHECK(compare_mlp(mlp_adamw, MlpAdamW, How::by_gradient)); }

namespace {

template <class Optimizer>
void check_tells_right_from_wrong(const Mlp& g, const Optimizer& optimizer) {
  for (How how : {How::first_weights_lack_the_mean, How::sum_for_mean, How::bias_not_updated}) {
    CAPTURE(static_cast<int>(how));
    CHECK_FALSE(compare_mlp(g, optimizer, how).good());
  }
}

}  // namespace

TEST_CASE("golden: 20-16-8-4 tells right from wrong: missing 1/m, sum for mean, frozen biases, with every optimizer") {
  check_tells_right_from_wrong(mlp_sgd, MlpSgd);
  check_tells_right_from_wrong(mlp_sgd_momentum_wd, MlpMomentum);
  check_tells_right_from_wrong(mlp_sgd_nesterov, MlpNesterov);
  check_tells_right_from_wrong(mlp_rmsprop, MlpRmsProp);
  check_tells_right_from_wrong(mlp_adam, MlpAdam);
  check_tells_right_from_wrong(mlp_adam_l2, MlpAdamL2);
  check_tells_right_from_wrong(mlp_adamw, MlpAdamW);
}
