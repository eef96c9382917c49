#include "tests/golden/question_run.h"

#include <doctest/doctest.h>

using namespace golden;

namespace {

constexpr int SmallSteps = Slow ? 100 : 1000;

using Small = Question<48, 8, insitu::Sigmoid, insitu::BinaryCrossEntropy>;
Small& small() { return question<48, 8, insitu::Sigmoid, insitu::BinaryCrossEntropy>(); }

/// After the run: the parameters themselves. Their float tolerance is not in the golden file; these are five times what was seen, in parts of a tensor's norm.
Verdict compare_parameters(int run, double tolerance) {
  Verdict verdict;
  compare_tensors(verdict, 1000, small().p, question_small_parameters[run], 1.0, tolerance, 0.01);
  const double* want = question_small[run].parameter_norms;
  for_tensors(small().p, [&](const char*, const float* x, int n) {
    verdict.absolute("norm of parameters", 1000, norm(x, n), *want, tolerance * (*want + 0.01)), ++want;
  });
  return verdict;
}

}  // namespace

TEST_CASE("golden: 48-8-1, outputs and gradient before training") {
  small().generate(1, 0.25f, 0.5f, 0.1f);
  const auto outputs = insitu::predict<Small::Net>(small().p, small().inputs);
  Verdict verdict;
  for (int s = 0; s < 10; ++s) verdict.relative("output", s, static_cast<double>(outputs.data[s]), question_small_outputs[s], 1e-6);
  small().trainer.gradient(small().p, small().inputs, small().targets, small().gradient);
  compare_tensors(verdict, 0, small().gradient, question_small_gradient, 1.0, 7e-6);
  GOLDEN_CHECK(verdict);
}

TEST_CASE("golden: 48-8-1, rate 0.1, fixed") {
  GOLDEN_CHECK((compare_question<48, 8>(question_small[0], question_small_sums, SmallSteps, How::in_place)));
  if (!Slow) GOLDEN_CHECK(compare_parameters(0, 1e-5));
}
TEST_CASE("golden: 48-8-1, rate 0.1, as posted") {
  GOLDEN_CHECK((compare_question<48, 8>(question_small[1], question_small_sums, SmallSteps, How::first_weights_lack_the_mean)));
  if (!Slow) GOLDEN_CHECK(compare_parameters(1, 5e-5));
}
TEST_CASE("golden: 48-8-1, rate 0.3, fixed") {
  GOLDEN_CHECK((compare_question<48, 8>(question_small[2], question_small_sums, SmallSteps, How::in_place)));
  if (!Slow) GOLDEN_CHECK(compare_parameters(2, 5e-5));
}
TEST_CASE("golden: 48-8-1, rate 0.3, as posted: every ReLU dies, the cost ends at ln 2") {
  GOLDEN_CHECK((compare_question<48, 8>(question_small[3], question_small_sums, SmallSteps, How::first_weights_lack_the_mean)));
  if (!Slow) GOLDEN_CHECK(compare_parameters(3, 5e-5));
}

TEST_CASE("golden: 48-8-1 tells right from wrong: missing 1/m, sum for mean, frozen biases, in every run, by the curve alone") {
  for (int run = 0; run < 4; ++run) {
    CAPTURE(run);
    QuestionRun<11> g = question_small[run];
    for (double& norm : g.gradient_norms) norm = -1.0;  // not compared
    const auto curve = [&](How how) { return compare_question<48, 8>(g, question_small_sums, Slow ? 50 : 200, how).good(); };
    CHECK(curve(g.fixed ? How::by_gradient : How::first_weights_lack_the_mean));
    CHECK_FALSE(curve(g.fixed ? How::first_weights_lack_the_mean : How::by_gradient));
    CHECK_FALSE(curve(How::sum_for_mean));
    CHECK_FALSE(curve(How::bias_not_updated));
  }
}
