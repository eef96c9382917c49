#include "cure.h"

#include <algorithm>
#include <cmath>

namespace insitu::desktop::doctor {
namespace {

constexpr std::uint64_t Neighbours[] = {1, 2};

/// Of a value that is given a share of the samples each, one output.
double best_constant(const Architecture& network, const Tensor& targets, std::size_t j) {
  std::vector<double> y;
  for (std::size_t s = 0; s < targets.rows; ++s) y.push_back(targets(s, j));
  double mean = 0;
  for (const double v : y) mean += v / static_cast<double>(y.size());
  const auto with = [&](double a) {
    double sum = 0;
    for (const double v : y) sum += element_loss(network, 0, a, v);
    return sum;
  };
  std::nth_element(y.begin(), y.begin() + static_cast<std::ptrdiff_t>(y.size() / 2), y.end());
  // the mean is best for squares, the median where Huber's loss is straight
  return std::min(with(mean), with(y[y.size() / 2]));
}

double mean_of_last_tenth(const Course& course) {
  const std::size_t count = std::max<std::size_t>(1, course.losses.size() / 10);
  double sum = 0;
  for (std::size_t k = course.losses.size() - count; k < course.losses.size(); ++k) sum += course.losses[k];
  return sum / static_cast<double>(count);
}

/// Whether the curve still goes down by a hundredth over its last fifth.
bool falls(const Course& course) {
  const std::size_t n = course.losses.size(), part = std::max<std::size_t>(1, n / 10);
  if (n < 2 * part + 1) return false;
  double before = 0, last = 0;
  for (std::size_t k = 0; k < part; ++k) before += course.losses[n - 2 * part + k], last += course.losses[n - part + k];
  return last < 0.99 * before;
}

void judge(Trial& trial, double goal) {
  const Course& course = trial.course;
  trial.end = mean_of_last_tenth(course);
  trial.learned = Never;
  for (std::size_t k = course.losses.size(); k-- > 0 && course.losses[k] <= goal;) trial.learned = k;
  if (course.not_finite != Never)
    trial.ending = Ending::NotFinite;
  else if (trial.end <= goal)
    trial.ending = Ending::Learns;
  else if (course.all_dead != Never)
    trial.ending = Ending::Dead;
  else
    trial.ending = falls(course) ? Ending::Slow : Ending::Stuck;
}

bool learns(const TrainingRun& run, const Change& change, double goal, std::uint64_t shaken) {
  Trial trial{change, run_again(run, change, shaken)};
  judge(trial, goal);
  return trial.ending == Ending::Learns;
}

Trial attempt(const TrainingRun& run, const Change& change, double goal) {
  Trial trial{change, run_again(run, change)};
  judge(trial, goal);
  if (trial.ending != Ending::Learns) return trial;
  trial.outcome = Outcome::Cures;
  for (const std::uint64_t seed : Neighbours) {
    if (trial.outcome == Outcome::Cures && !learns(run, change, goal, seed)) trial.outcome = Outcome::Unsure;
  }
  return trial;
}

}  // namespace

double constant_loss(const Architecture& network, const Tensor& targets) {
  const auto m = static_cast<double>(targets.rows);
  double sum = 0;
  for (std::size_t j = 0; j < targets.columns; ++j) {
    double p = 0;
    for (std::size_t s = 0; s < targets.rows; ++s) p += targets(s, j) / m;
    const auto part = [](double share) { return share > 0 ? -share * std::log(share) : 0; };
    if (network.loss == LossKind::CrossEntropy)
      sum += m * part(p);
    else if (network.loss == LossKind::BinaryCrossEntropy)
      sum += m * (part(p) + part(1 - p));
    else
      sum += best_constant(network, targets, j);
  }
  return sum / terms(network, targets.rows);
}

Trials try_changes(const TrainingRun& run, double goal) {
  Trials trials;
  trials.constant = constant_loss(run.network, run.samples.targets);
  trials.goal = goal > 0 ? goal : trials.constant / 2;
  trials.as_it_is = attempt(run, {}, trials.goal);
  if (trials.as_it_is.outcome == Outcome::Cures) return trials;
  const auto add = [&](const Change& change) {
    trials.changes.push_back(attempt(run, change, trials.goal));
    Course& course = trials.changes.back().course;  // its parameters and samples are not asked for, and may be large
    course.end.clear(), course.samples = {};
    if (trials.prescribed == Never && trials.changes.back().outcome == Outcome::Cures) trials.prescribed = trials.changes.size() - 1;
  };
  for (const Change& change : single_changes(run)) add(change);
  if (trials.prescribed == Never) {
    for (const Change& change : pairs_of_changes(run)) {
      add(change);
      if (trials.prescribed != Never) break;
    }
  }
  if (const Trial* chosen = trials.prescription(); chosen && run.posted.wrong() && !chosen->change.mended) {
    Change both = chosen->change;
    both.mended = true;
    trials.prescribed_mended = attempt(run, both, trials.goal);
  }
  return trials;
}

}  // namespace insitu::desktop::doctor
