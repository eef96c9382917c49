/// The counterfactual: the same run from other seeds and with one thing changed, to see which change cures it.
#pragma once

#include "demo_question.h"

namespace insitu::desktop::demo {

/// How one version fared from several seeds.
struct Outcome {
  Version version;
  int runs = 0, all_dead = 0, not_finite = 0;
  std::vector<int> learned;   ///< step at which the loss fell below 0.01, for the runs in which it did
  std::vector<double> peaks;  ///< largest loss over the first one, for the runs that stayed finite

  bool always() const { return static_cast<int>(learned.size()) == runs; }
  void add(const Course& course) {
    ++runs;
    all_dead += course.not_finite < 0 && course.all_dead >= 0;
    not_finite += course.not_finite >= 0;
    if (course.learned >= 0) learned.push_back(course.learned);
    if (course.not_finite < 0) peaks.push_back(course.moments[course.peak()].loss / course.moments[0].loss);
  }
};

/// The middle one, the lower of two; 0 of none.
template <class T>
T median(std::vector<T> values) {
  if (values.empty()) return T(0);
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];
}

/// The question's step and the mended one; each as it is, at a third of the rate, and on standardised input.
inline std::vector<Outcome> versions_to_try() {
  std::vector<Outcome> outcomes;
  for (const bool posted : {true, false}) {
    const std::string name = posted ? "as posted" : "fixed";
    outcomes.push_back({{name, posted, false, 0.1f}, 0, 0, 0, {}, {}});
    outcomes.push_back({{name + ", rate 0.03", posted, false, 0.03f}, 0, 0, 0, {}, {}});
    outcomes.push_back({{name + ", standardised", posted, true, 0.1f}, 0, 0, 0, {}, {}});
  }
  return outcomes;
}

/// Seeds 1 to `seeds` draw the weights and, without pictures of the user's, the pictures. `told(runs)` hears of each run that has ended.
template <class Told>
std::vector<Outcome> survey(const Dataset* given, int seeds, int steps, Told&& told) {
  std::vector<Outcome> outcomes = versions_to_try();
  int runs = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const auto draws = static_cast<std::uint64_t>(seed);
    const Dataset raw = given ? *given : draw_pictures(draws);
    QuestionRun plain(raw, draws), even(standardised(raw), draws);
    for (Outcome& outcome : outcomes) {
      outcome.add(train(outcome.version.standardised ? even : plain, outcome.version, steps, true, [](int, const Moment&) {}));
      told(++runs);
    }
  }
  return outcomes;
}

}  // namespace insitu::desktop::demo
