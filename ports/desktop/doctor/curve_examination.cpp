#include "curve_examination.h"

#include <algorithm>
#include <cmath>

#include "gauss_newton.h"

namespace insitu::desktop::doctor {
namespace {

bool near(double seen, double here) {
  if (!std::isfinite(seen)) return !std::isfinite(here);
  return std::fabs(seen - here) <= 0.01 * std::max(std::fabs(seen), std::fabs(here)) + 1e-9;
}

/// How many of the observed losses the run here gives again, from the first on.
std::size_t followed(const Losses& observed, const Course& course, const TrainingRun& run) {
  const std::vector<double> here = observed.epochs ? course.by_epoch(run) : course.losses;
  std::size_t count = 0;
  for (std::size_t k = 0; k < observed.values.size(); ++k) {
    const double at = observed.steps[k] - observed.steps[0];
    if (at > static_cast<double>(here.size()) - 1 || !near(observed.values[k], here[static_cast<std::size_t>(at)])) break;
    ++count;
  }
  return count;
}

Finding wrong_gradient(const CurveCase& given) {
  Finding finding{"gradient_wrong", true, 0, "the gradient is wrong", "", ""};
  for (const Wording& words : given.mistakes) {
    finding.seen = words.cause;
    finding.todo = words.is == words.should ? words.should : "write " + words.should;
  }
  if (given.mistakes.empty()) {
    finding.means = "no mistake that is known gives it, so that the run as it was posted cannot be run again";
    finding.todo = "insitu doctor check --probe says in which layer it begins to be wrong";
  } else {
    finding.means = "the steps do not go down the loss that is printed; whether mending that alone makes the run learn, the table says";
  }
  return finding;
}

}  // namespace

bool CurveExamination::another_run() const {
  if (!trials || follows == Never || given.unknown_mistake) return false;
  // a chaotic run parts from itself after a while, but not within its first steps
  return follows < std::min<std::size_t>(3, given.observed.values.size());
}

CurveExamination examine(CurveCase given, double goal) {
  CurveExamination result;
  result.given = std::move(given);
  const CurveCase& known = result.given;
  if (!known.run) {
    find_in_losses(known.observed, 0, result.findings);
    return result;
  }
  const TrainingRun& run = *known.run;
  if (!known.mistakes.empty() || known.unknown_mistake) result.findings.push_back(wrong_gradient(known));
  const double constant = constant_loss(run.network, run.samples.targets);
  if (known.again && constant > 0) {
    result.trials = try_changes(run, goal);
    const Course& course = result.trials->as_it_is.course;
    if (!known.observed.empty()) result.follows = followed(known.observed, course, run);
    result.end = layer_states(course.network, course.end, course.samples, run.posted, run.rate, course.outside);
  }
  TrainingRun first = run;
  first.steps = 0;
  const Course start = run_again(first, {});
  result.start = layer_states(start.network, start.end, start.samples, run.posted, run.rate, start.outside);
  result.stability = run.rate * largest_eigenvalue(start.network, start.end, start.samples, run.posted) / 2;
  Losses seen = known.observed;
  if (seen.empty() && result.trials) {
    seen = {"the run here", {}, result.trials->as_it_is.course.losses, false};
    for (std::size_t k = 0; k < seen.values.size(); ++k) seen.steps.push_back(static_cast<double>(k));
  }
  if (!seen.empty()) find_in_losses(seen, constant, result.findings);
  const std::size_t known_before = result.findings.size();
  find_in_samples(run, result.findings);
  find_in_network(result, result.findings);
  // what a run learns in spite of is no alarm
  const bool learns = result.trials && result.trials->as_it_is.outcome == Outcome::Cures && !result.another_run();
  for (std::size_t k = known_before; k < result.findings.size(); ++k) {
    Finding& finding = result.findings[k];
    finding.alarm = finding.alarm && (!learns || finding.id == "loss_not_a_mean" || finding.id == "targets_out_of_reach");
  }
  return result;
}

}  // namespace insitu::desktop::doctor
