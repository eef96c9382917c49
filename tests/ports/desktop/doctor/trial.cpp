// Runs that are run again: turned inputs, scaling, batches, the guard, and a gradient with a mistake.
#include "ports/desktop/doctor/trial.h"

#include <doctest/doctest.h>

#include <cmath>

#include "golden.h"
#include "ports/desktop/doctor/cure.h"
#include "ports/desktop/doctor/turned_inputs.h"
#include "ports/desktop/error.h"
#include "ports/desktop/shuffle.h"

namespace insitu::desktop::doctor {
namespace {

TrainingRun wide_run(std::size_t features, std::size_t samples) {
  using enum Activation;
  TrainingRun run;
  run.network = {{features, 6, 1}, {Identity, Relu, Sigmoid}, LossKind::BinaryCrossEntropy, Mean::Batch};
  run.start = initial_parameters(run.network, "0.1", 5);
  Random random(9);
  run.samples = {map(Tensor(samples, features), [&](double) { return 0.5 + 0.3 * static_cast<double>(normal(random)); }),
                 Tensor(samples, 1)};
  for (std::size_t s = 0; s < samples; ++s) run.samples.targets(s, 0) = s % 2 == 0;
  run.rate = 0.05, run.batch = samples, run.steps = 60;
  return run;
}

/// Gradient descent in the coordinates that the samples came in
std::vector<double> plainly(const TrainingRun& run) {
  Layers parameters = run.start, sum;
  std::vector<double> losses;
  for (std::size_t step = 0; step <= run.steps; ++step) {
    const Question question(run.network, parameters, run.samples);
    losses.push_back(loss(run.network, question.pass, run.samples.targets));
    const Layers g = run.posted(question, sum);
    for (std::size_t l = 1; l < g.size(); ++l) parameters[l] = {parameters[l].W - run.rate * g[l].W, parameters[l].b - run.rate * g[l].b};
  }
  return losses;
}

Explanation scaled_by_samples(std::size_t t) { return {{{Cause::Type::Scaled, {}, {t}, {}, {{"missing_mean", 1, 1}}}}, 0}; }

}  // namespace

TEST_CASE("turned_inputs: few samples of many features take the same steps in as many coordinates as there are samples") {
  TrainingRun run = wide_run(300, 8);
  for (const bool wrong : {false, true}) {
    if (wrong) run.posted = FaultyGradient(scaled_by_samples(2), run.network);
    const Course course = run_again(run, {});
    CHECK(course.network.dims[0] == 8);
    const std::vector<double> plain = plainly(run);
    REQUIRE(course.losses.size() == plain.size());
    for (std::size_t k = 0; k < plain.size(); ++k) CHECK(course.losses[k] == doctest::Approx(plain[k]).epsilon(1e-9));
  }
  const TurnedInputs turned = turned_inputs(run.network, run.start, run.samples.inputs);
  double whole = 0, inside = 0;
  for (const double w : run.start[1].W.values) whole += w * w;
  for (const double w : turned.start[1].W.values) inside += w * w;
  CHECK(inside + turned.outside == doctest::Approx(whole));
  // twice the same sample is one direction; as many samples as features are left alone
  TrainingRun twice = wide_run(40, 3);
  std::copy_n(twice.samples.inputs.row(0), 40, twice.samples.inputs.row(2));
  CHECK(turned_inputs(twice.network, twice.start, twice.samples.inputs).network.dims[0] == 2);
  CHECK(turned_inputs(run.network, run.start, Tensor(200, 300)).network.dims[0] == 300);
}

TEST_CASE("FaultyGradient: scaled, zero, a fault of the library, not zeroed") {
  const Probe probe = golden_network('B');
  const Question question(probe.network, probe.parameters, probe.batches[0]);
  const Layers right = gradient(question);
  Layers sum;
  const auto with = [&](const Explanation& e) { return FaultyGradient(e, probe.network)(question, sum); };
  CHECK(with(scaled_by_samples(4))[1].W(0, 0) == doctest::Approx(7 * right[1].W(0, 0)));
  CHECK(with(scaled_by_samples(4))[2].W(0, 0) == right[2].W(0, 0));
  CHECK(with({{{Cause::Type::Zero, {}, {1}}}, 0})[3].b(0, 0) == 0);
  const Explanation turned{{{Cause::Type::Transposed, {}, {2}}}, 0};
  CHECK(with(turned)[2].W(0, 1) == right[2].W(1, 0));
  CHECK_FALSE(FaultyGradient(turned, probe.network).only_scales());
  CHECK_THROWS_AS(FaultyGradient({{{Cause::Type::Transposed, {}, {0}}}, 0}, probe.network), Error);
  for (const Fault& fault : faults(probe.network)) {
    if (fault.kind->id != std::string("derivative_missing")) continue;
    const Layers expected = gradient(question, fault.kind->change(fault)), got = with({{{Cause::Type::Fault, fault, {}}}, 0});
    CHECK(got[1].W.values == expected[1].W.values);
    CHECK_FALSE(FaultyGradient({{{Cause::Type::Fault, fault, {}}}, 0}, probe.network).only_scales());
  }
}

TEST_CASE("scaled: means 0, deviations 1, a feature that never changes becomes 0") {
  Tensor x(4, 2);
  x.values = {1, 7, 3, 7, 5, 7, 7, 7};
  const Tensor centred = scaled(x, Scaling::Centred), standard = scaled(x, Scaling::Standardised);
  CHECK(centred.values == std::vector<double>{-3, 0, -1, 0, 1, 0, 3, 0});
  CHECK(standard(3, 0) == doctest::Approx(3 / std::sqrt(5.0)));
  CHECK(standard(3, 1) == 0);
  CHECK(scaled(x, Scaling::None).values == x.values);
}

TEST_CASE("run_again: batches in the order of insitu train, the last of an epoch smaller") {
  TrainingRun run = wide_run(4, 10);
  run.batch = 4, run.steps = 5;
  const Course course = run_again(run, {});
  const std::vector<std::uint32_t> order = epoch_order(10, run.seed, 0);
  Layers parameters = run.start;
  for (std::size_t step = 0; step < 3; ++step) {
    const std::size_t begin = 4 * step, end = std::min<std::size_t>(begin + 4, 10);
    Batch batch{Tensor(end - begin, 4), Tensor(end - begin, 1)};
    for (std::size_t s = begin; s < end; ++s) {
      std::copy_n(run.samples.inputs.row(order[s]), 4, batch.inputs.row(s - begin));
      batch.targets(s - begin, 0) = run.samples.targets(order[s], 0);
    }
    const Question question(run.network, parameters, batch);
    CHECK(course.losses[step] == doctest::Approx(loss(run.network, question.pass, batch.targets)).epsilon(1e-12));
    const Layers g = gradient(question);
    for (std::size_t l = 1; l < g.size(); ++l) parameters[l] = {parameters[l].W - run.rate * g[l].W, parameters[l].b - run.rate * g[l].b};
  }
  CHECK(course.by_epoch(run).size() == 1);
  CHECK(course.by_epoch(run)[0] == doctest::Approx((4 * course.losses[0] + 4 * course.losses[1] + 2 * course.losses[2]) / 10));
}

TEST_CASE("run_again: a batch that moves no unit is no dead layer, and no reason for the guard to go back") {
  using enum Activation;
  TrainingRun run;
  run.network = {{1, 1, 1}, {Identity, Relu, Sigmoid}, LossKind::BinaryCrossEntropy, Mean::Batch};
  run.start = {Layer(), {Tensor(1, 1, 1), Tensor(1, 1)}, {Tensor(1, 1, 1), Tensor(1, 1)}};
  run.samples = {Tensor(2, 1), Tensor(2, 1)};
  run.samples.inputs.values = {1, -1}, run.samples.targets.values = {1, 0};
  run.rate = 0.1, run.batch = 1, run.steps = 11;
  CHECK(run_again(run, {}).all_dead == Never);
  CHECK(run_again(run, {.guarded = true}).rollbacks == 0);
  run.start[1].b(0, 0) = -5;
  CHECK(run_again(run, {}).all_dead == 0);
  run.batch = 2;
  CHECK(run_again(run, {.guarded = true}).rollbacks == 11);
}

TEST_CASE("run_again: the guard goes back and halves the rate; clipping bounds a step; NaN ends a run") {
  TrainingRun run = wide_run(300, 8);
  run.rate = 100;
  const Course wild = run_again(run, {}), guarded = run_again(run, {.guarded = true}),
               clipped = run_again(run, {.rate = 1e-3, .clipped = true});
  CHECK(wild.losses[wild.peak()] > 10);
  CHECK(guarded.rollbacks > 3);
  CHECK(guarded.rate == 100 * std::pow(0.5, guarded.rollbacks));
  CHECK(guarded.losses.back() < 0.5);
  // in batches, too: what it goes back to is never a dead network
  TrainingRun batches = run;
  batches.batch = 4, batches.steps = 600;
  const Course in_batches = run_again(batches, {.guarded = true});
  CHECK(run_again(batches, {}).all_dead != Never);
  CHECK(in_batches.all_dead == Never);
  CHECK(in_batches.losses.back() < 0.5);
  CHECK(clipped.losses.back() < clipped.losses.front());
  for (double& x : run.samples.inputs.values) x *= 1e200;
  const Course overflow = run_again(run, {});
  CHECK(overflow.not_finite != Never);
  CHECK(overflow.losses.size() <= 3);
}

TEST_CASE("constant_loss: the entropy of labels, the variance of values") {
  using enum Activation;
  Tensor y(4, 1);
  y.values = {1, 0, 0, 0};
  CHECK(constant_loss({{1, 1}, {Identity, Sigmoid}, LossKind::BinaryCrossEntropy, Mean::Batch}, y) == doctest::Approx(0.5623351446));
  CHECK(constant_loss({{1, 1}, {Identity, Identity}, LossKind::SquaredError, Mean::Batch}, y) == doctest::Approx(3 / 16.0));
  CHECK(constant_loss({{1, 1}, {Identity, Identity}, LossKind::HalfSquaredError, Mean::Batch}, y) == doctest::Approx(3 / 32.0));
  Tensor classes(2, 2);
  classes.values = {1, 0, 0, 1};
  CHECK(constant_loss({{1, 2}, {Identity, Softmax}, LossKind::CrossEntropy, Mean::Batch}, classes) == doctest::Approx(std::log(2.0)));
  y.values = {1, 1, 1, 1};
  CHECK(constant_loss({{1, 1}, {Identity, Sigmoid}, LossKind::BinaryCrossEntropy, Mean::Batch}, y) == 0);
}

TEST_CASE("initial_parameters: those of insitu train, and no others") {
  const TrainingRun run = wide_run(4, 4);
  Random random(7);
  CHECK(initial_parameters(run.network, "", 7)[1].W(0, 0) == static_cast<double>(He{}(random, 4, 6)));
  CHECK(initial_parameters(run.network, "glorot", 7)[1].W.values != initial_parameters(run.network, "he", 7)[1].W.values);
  for (const char* none : {"she", "0", "-1", "1e9", "nan", "0.1x"}) CHECK_THROWS_AS(initial_parameters(run.network, none, 1), Error);
}

}  // namespace insitu::desktop::doctor
