// Each finding of `doctor curve` with a case that must show it and one that must not; the losses' file.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/initialize.h"
#include "ports/desktop/doctor/curve_examination.h"
#include "ports/desktop/error.h"
#include "tests/ports/desktop/temporary_folder.h"

namespace insitu::desktop::doctor {
namespace {

const Finding* find(const std::vector<Finding>& findings, const std::string& id) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.id == id; });
  return found == findings.end() ? nullptr : &*found;
}

Losses curve(std::vector<double> values) {
  Losses losses{"here", {}, std::move(values), false};
  for (std::size_t k = 0; k < losses.values.size(); ++k) losses.steps.push_back(static_cast<double>(k + 1));
  return losses;
}

std::vector<Finding> in(const Losses& losses, double constant = 0) {
  std::vector<Finding> findings;
  find_in_losses(losses, constant, findings);
  return findings;
}

std::vector<double> series(std::size_t count, double (*value)(double)) {
  std::vector<double> values;
  for (std::size_t k = 0; k < count; ++k) values.push_back(value(static_cast<double>(k)));
  return values;
}

/// A run that learns: two clouds apart, centred, of one scale, a rate that suits them.
TrainingRun healthy() {
  using enum Activation;
  TrainingRun run;
  run.network = {{3, 8, 1}, {Identity, Relu, Sigmoid}, LossKind::BinaryCrossEntropy, Mean::Batch};
  run.start = initial_parameters(run.network, "", 4);
  run.samples = {Tensor(20, 3), Tensor(20, 1)};
  Random random(2);
  for (std::size_t s = 0; s < 20; ++s) {
    const double y = s % 2 == 0;
    for (std::size_t j = 0; j < 3; ++j) run.samples.inputs(s, j) = (y - 0.5) * 1.5 + 0.5 * static_cast<double>(normal(random));
    run.samples.targets(s, 0) = y;
  }
  run.rate = 0.1, run.batch = 20, run.steps = 200;
  return run;
}

std::vector<Finding> found(const TrainingRun& run, Losses observed = {}) {
  CurveCase given;
  given.run = run, given.again = true, given.observed = std::move(observed);
  return examine(given, 0).findings;
}

template <class Change>
TrainingRun with(Change&& change) {
  TrainingRun run = healthy();
  change(run);
  return run;
}

}  // namespace

TEST_CASE("doctor curve: a healthy run has no alarm, and nothing is changed") {
  CurveCase given;
  given.run = healthy(), given.again = true;
  const CurveExamination examination = examine(given, 0);
  for (const Finding& finding : examination.findings) {
    CAPTURE(finding.seen);
    CHECK_FALSE(finding.alarm);
  }
  CHECK(examination.trials->as_it_is.outcome == Outcome::Cures);
  CHECK(examination.trials->changes.empty());
}

TEST_CASE("doctor curve: what a run learns in spite of is a remark; what it does not is an alarm") {
  const auto shifted = [](double rate) {
    return found(with([rate](TrainingRun& run) {
      for (double& x : run.samples.inputs.values) x += 2;
      run.rate = rate;
    }));
  };
  const auto learns = shifted(0.1), fails = shifted(300);
  REQUIRE(find(learns, "inputs_not_centred"));
  CHECK_FALSE(find(learns, "inputs_not_centred")->alarm);
  REQUIRE(find(fails, "inputs_not_centred"));
  CHECK(find(fails, "inputs_not_centred")->alarm);
}

TEST_CASE("findings in losses: NaN, a rise, plateaus, oscillation; none in a curve that falls") {
  const std::vector<double> falling = series(100, [](double k) { return std::exp(-k / 20); });
  CHECK(in(curve(falling)).empty());
  std::vector<double> nan = falling;
  for (std::size_t k = 50; k < 100; ++k) nan[k] = std::numeric_limits<double>::quiet_NaN();
  REQUIRE(find(in(curve(nan)), "not_finite"));
  CHECK(find(in(curve(nan)), "not_finite")->figure == 51);  // steps from 1
  CHECK(find(in(curve(nan)), "not_finite")->seen == "the loss is NaN from step 51 on");
  nan[50] = std::numeric_limits<double>::infinity();
  CHECK(find(in(curve(nan)), "not_finite")->seen == "the loss is infinite from step 51 on");

  std::vector<double> spike = falling;
  spike[7] = 3;
  REQUIRE(find(in(curve(spike)), "rise"));
  CHECK(find(in(curve(spike)), "rise")->figure == doctest::Approx(3));
  spike[7] = 1.1;
  CHECK_FALSE(find(in(curve(spike)), "rise"));

  const std::vector<double> flat = series(100, [](double k) { return k < 10 ? 1.0 : 0.5004; }),
                            ln2 = series(100, [](double) { return 0.693147; });
  CHECK(find(in(curve(flat)), "plateau"));
  CHECK_FALSE(find(in(curve(flat)), "plateau_at_entropy"));
  CHECK(find(in(curve(flat), 0.5004), "plateau_at_entropy"));
  CHECK(find(in(curve(ln2)), "plateau_at_entropy")->seen == "the loss stays at 0.6931 = ln 2");
  CHECK_FALSE(find(in(curve(ln2), 0.5), "plateau_at_entropy"));
  const std::vector<double> learnt = series(100, [](double k) { return k < 10 ? 1.0 : 0.01; });
  CHECK_FALSE(find(in(curve(learnt)), "plateau"));  // low enough to be the end

  CHECK(find(in(curve(series(100, [](double k) { return 1 + 0.1 * std::cos(3 * k); }))), "oscillation"));
  CHECK_FALSE(find(in(curve(falling)), "oscillation"));
}

TEST_CASE("findings in samples: scale, centre, constant features, labels") {
  const auto none = found(healthy());
  for (const char* id : {"inputs_unscaled", "inputs_of_different_scale", "inputs_not_centred", "inputs_constant", "labels_of_one_class",
                         "classes_missing", "targets_out_of_reach"})
    CHECK_FALSE(find(none, id));
  const auto pixels = found(with([](TrainingRun& run) {
    for (double& x : run.samples.inputs.values) x = 128 + 40 * x;
  }));
  REQUIRE(find(pixels, "inputs_unscaled"));
  CHECK(find(pixels, "inputs_unscaled")->todo.starts_with("divide by 255"));
  REQUIRE(find(pixels, "inputs_not_centred"));
  CHECK(find(pixels, "inputs_not_centred")->figure > 0.8);
  CHECK(find(found(with([](TrainingRun& run) {
               for (std::size_t s = 0; s < 20; ++s) run.samples.inputs(s, 1) *= 50;
             })),
             "inputs_of_different_scale"));
  const auto constant = found(with([](TrainingRun& run) {
    for (std::size_t s = 0; s < 20; ++s) run.samples.inputs(s, 1) = 0.5;
  }));
  REQUIRE(find(constant, "inputs_constant"));
  CHECK(find(constant, "inputs_constant")->figure == 1);
  CHECK_FALSE(find(constant, "inputs_constant")->alarm);
  CHECK(find(found(with([](TrainingRun& run) {
               for (double& y : run.samples.targets.values) y = 1;
             })),
             "labels_of_one_class"));
  CHECK(find(found(with([](TrainingRun& run) {
               run.network.loss = LossKind::SquaredError;
               for (double& y : run.samples.targets.values) y *= 5;
             })),
             "targets_out_of_reach"));
  const auto classes = found(with([](TrainingRun& run) {
    run.network = {{3, 8, 3}, {Activation::Identity, Activation::Relu, Activation::Softmax}, LossKind::CrossEntropy, Mean::Batch};
    run.start = initial_parameters(run.network, "", 4);
    Tensor y(20, 3);
    for (std::size_t s = 0; s < 20; ++s) y(s, s % 2) = 1;
    run.samples.targets = y;
  }));
  REQUIRE(find(classes, "classes_missing"));
  CHECK(find(classes, "classes_missing")->figure == 1);
}

TEST_CASE("findings in the network: dead, saturated, overflow, updates, curvature, a loss that is no mean") {
  const auto none = found(healthy());
  for (const char* id : {"dead_units", "saturated_at_start", "near_overflow", "update_large", "gradient_zero", "gradient_vanishing",
                         "rate_above_curvature", "loss_not_a_mean"}) {
    CAPTURE(id);
    CHECK_FALSE(find(none, id));
  }
  const auto dead = found(with([](TrainingRun& run) {
    for (double& b : run.start[1].b.values) b = -50;
  }));
  REQUIRE(find(dead, "dead_units"));
  CHECK(find(dead, "dead_units")->figure == 1);
  CHECK(find(dead, "gradient_zero"));
  CHECK(find(found(with([](TrainingRun& run) {
               run.network.activations[1] = Activation::Tanh;
               for (double& w : run.start[1].W.values) w *= 100;
             })),
             "saturated_at_start"));
  const auto fast = found(with([](TrainingRun& run) { run.rate = 300; }));
  REQUIRE(find(fast, "near_overflow"));
  CHECK(find(fast, "near_overflow")->figure > 16.64);
  CHECK(find(fast, "near_overflow")->alarm);
  REQUIRE(find(fast, "update_large"));
  CHECK(find(fast, "rate_above_curvature"));
  // sigmoids on sigmoids, small weights: the first layer gets a ten-thousandth
  CHECK(find(found(with([](TrainingRun& run) {
               using enum Activation;
               run.network = {{3, 6, 6, 6, 1}, {Identity, Sigmoid, Sigmoid, Sigmoid, Sigmoid}, LossKind::BinaryCrossEntropy, Mean::Batch};
               run.start = initial_parameters(run.network, "0.05", 4);
               run.start[4].b(0, 0) = 1;  // balanced labels cancel in the last layer, too
             })),
             "gradient_vanishing"));
  CurveCase given;
  given.run = healthy(), given.again = true;
  std::vector<double> summed = examine(given, 0).trials->as_it_is.course.losses;
  for (double& v : summed) v *= 20;
  const auto sum = found(healthy(), curve(summed));
  REQUIRE(find(sum, "loss_not_a_mean"));
  CHECK(find(sum, "loss_not_a_mean")->figure == doctest::Approx(20));
  for (double& v : summed) v /= 20;
  CHECK_FALSE(find(found(healthy(), curve(summed)), "loss_not_a_mean"));
}

TEST_CASE("doctor curve: nothing is prescribed for a run that is not the one observed") {
  CurveCase given;
  given.run = with([](TrainingRun& run) { run.rate = 300; });
  given.again = true;
  CHECK_FALSE(examine(given, 0).another_run());
  given.observed = curve(series(200, [](double) { return 0.9; }));
  CHECK(examine(given, 0).another_run());
}

TEST_CASE("losses: the forms of the file, and what is none") {
  const auto read = [](const std::string& text) { return read_losses(bytes_of(text), "losses.csv"); };
  CHECK(read("0.5\n0.25\n").values == std::vector<double>{0.5, 0.25});
  CHECK(read("0.5\n0.25\n").steps == std::vector<double>{0, 1});
  CHECK(read("0,0.5\n10,0.25\n").steps == std::vector<double>{0, 10});
  CHECK(read("step,loss\n1,0.5\n2,nan\n3,Infinity\n").values.size() == 3);
  CHECK(std::isnan(read("step,loss\n1,0.5\n2,nan\n").values[1]));
  const Losses trained = read("epoch,test loss,training loss,training accuracy\n1,9,0.5,1\n2,9,0.25,1\n");
  CHECK(trained.values == std::vector<double>{0.5, 0.25});
  CHECK(trained.epochs);
  CHECK(read("iteration;Cost\n1;2\n2;1\n").values == std::vector<double>{2, 1});
  const auto refused = [&](const std::string& text, const std::string& sentence) {
    std::string said;
    try {
      read(text);
    } catch (const Error& problem) {
      said = problem.what();
    }
    CAPTURE(said);
    CHECK(said.starts_with("losses.csv"));
    CHECK(said.find(sentence) != std::string::npos);
  };
  refused("1\n", "holds 1 losses, and a curve has at least two");
  refused("\n\n", "holds 0 losses");
  refused("step,time\n1,2\n2,3\n", "no column with 'loss' in its name");
  refused("1,2,3\n4,5,6\n", "has 3 columns and no header");
  refused("0.5\nabc\n", "line 2, column 1: 'abc' stands where a loss belongs");
  refused("step,loss\n1,0.5\n1,0.4\n", "step 1 does not come after step 1");
  refused("step,loss\n1,0.5\n2\n", "line 3: 1 columns, and line 1 has 2");
  refused("step,loss\nnan,0.5\n2,1\n", "'nan' stands where the number of a step belongs");
  refused(std::string("1\0\n2\n", 5), "is no text");
  refused("\"1\n2\n", "a quote is opened and never closed");
}

}  // namespace insitu::desktop::doctor
