/// What the figures of the question's runs say, in sentences; each is said only where the run shows it.
#pragma once

#include "demo_findings.h"
#include "demo_tables.h"

namespace insitu::desktop::demo {

/// printf, its words broken into lines of at most 98 columns.
[[gnu::format(printf, 1, 2)]] inline void say(const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  const std::string text = text_of(format, arguments);
  va_end(arguments);
  std::size_t column = 0;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (column > 0 && column + 1 + end > 98) {
      std::printf("\n");
      column = 0;
    }
    std::printf(column > 0 ? " %.*s" : "%.*s", static_cast<int>(end), rest.data());
    column += end + (column > 0 ? 1 : 0);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::printf("\n");
}

/// The step that shut most of the units that push one way.
struct Fall {
  std::size_t step = 0;
  int before = 0, after = 0;
};
inline Fall largest_fall(const Course& course, int Moment::*units) {
  Fall fall;
  for (std::size_t k = 1; k < course.moments.size(); ++k) {
    const int before = course.moments[k - 1].*units, after = course.moments[k].*units;
    if (before - after > fall.before - fall.after) fall = {k, before, after};
  }
  return fall;
}

/// How the run ended, and where.
inline void tell_end(const Course& course, const Dataset& pictures) {
  const char* name = course.version.name.c_str();
  if (course.not_finite >= 0) {
    say("%s: the loss is not finite at step %d, where the run was stopped.", name, course.not_finite);
  } else if (course.all_dead >= 0) {
    say("%s: the loss starts at %.4f, is highest at step %zu with %.4f, and at step %d all %d units are dead. The run ends %.0e from the "
        "entropy of the labels.",
        name, course.moments[0].loss, course.peak(), course.moments[course.peak()].loss, course.all_dead, Units,
        std::abs(course.last() - label_entropy(pictures)));
  } else if (course.learned >= 0) {
    say("%s: the loss is below %.2f from step %d and ends at %.1e with %d of %d units alive.", name, Learned, course.learned, course.last(),
        course.moments.back().alive(), Units);
  } else {
    say("%s: the loss ends at %.4f after %d steps, with %d of %d units alive.", name, course.last(), course.steps(),
        course.moments.back().alive(), Units);
  }
}

/// Why a run whose units are all dead stays where it is.
inline void tell_plateau(const Dataset& pictures, double start) {
  const double entropy = label_entropy(pictures);
  const bool balanced = std::abs(entropy - std::log(2.0)) < 1e-9;
  say("A ReLU unit that is below zero for every picture is dead: it has no gradient, and stays so. Where all are dead only b2 learns, and "
      "the best that it can do is "
      "to answer every picture with the share of ones, %.1f. The loss of that is the entropy of the labels: %.4f%s The first loss was "
      "%.4f.",
      label_mean(pictures), entropy, balanced ? " = ln 2, as there are as many ones as zeros." : ".", start);
}

/// What killed the units of a run that died.
inline void tell_death(const Course& course, const Dataset& pictures) {
  const Fall down = largest_fall(course, &Moment::pushing_down), up = largest_fall(course, &Moment::pushing_up);
  const auto tell = [&](const Fall& fall, const char* way) {
    const Moment& m = course.moments[fall.step];
    return text_of("Step %zu took the units that push the output %s from %d to %d; the ten outputs were then between %.4f and %.4f.",
                   fall.step, way, fall.before, fall.after, static_cast<double>(m.lowest), static_cast<double>(m.highest));
  };
  const std::string first = tell(down, "down"), second = tell(up, "up");
  say("%s %s", (down.step <= up.step ? first : second).c_str(), (down.step <= up.step ? second : first).c_str());
  const double cosine = mean_cosine(pictures);
  if (cosine < 0.5) return;
  say("A step moves all ten outputs alike, since the pictures point the same way: the mean cosine between two of them is %.2f "
      "(standardised: %.2f). So one step that is "
      "too long can push a unit below zero for all of them.",
      cosine, mean_cosine(standardised(pictures)));
}

/// What is wrong with the gradient, from two batches of different size.
inline void tell_gradient(const GradientTable& ten, const GradientTable& five) {
  if (lacks_mean(ten, Pictures) && lacks_mean(five, Pictures / 2)) {
    say("db1 is right, and with it dZ1; dW1 alone is off, by %.1f on ten pictures and by %.1f on the first five: by m. So the fault is in "
        "dW1 = dZ1 X^T itself: "
        "it lacks the 1/m that db1, dW2 and db2 have.",
        ten[0].ratio, five[0].ratio);
  } else {
    say("This is not what was expected: W1 off by m, and all else right.");
  }
}

/// Which changes cured every run, which did not, and how typical the run that was shown is.
inline void tell_survey(const std::vector<Outcome>& outcomes, const Course& shown) {
  const auto of = [&](bool posted, bool standardised, float rate) -> const Outcome& {
    return *std::find_if(outcomes.begin(), outcomes.end(), [&](const Outcome& o) {
      return o.version.posted == posted && o.version.standardised == standardised && o.version.learning_rate == rate;
    });
  };
  const Outcome &posted = of(true, false, 0.1f), &input = of(true, true, 0.1f), &mended = of(false, false, 0.1f),
                &slower = of(false, false, 0.03f), &both = of(false, true, 0.1f);
  if (!posted.peaks.empty() && shown.not_finite < 0) {
    const auto [low, high] = std::minmax_element(posted.peaks.begin(), posted.peaks.end());
    say("As posted, the loss rises to %.1f to %.1f times its start, %.1f in the run above; %d of %d end with all units dead or not finite.",
        *low, *high, shown.moments[shown.peak()].loss / shown.moments[0].loss, posted.all_dead + posted.not_finite, posted.runs);
  }
  say("With the input standardised and dW1 as posted, %zu of %d learn. With the 1/m and nothing else, %zu of %d%s", input.learned.size(),
      input.runs, mended.learned.size(), mended.runs,
      mended.always() ? ": on these pictures the 1/m alone is the cure." : ": it was missing, but it is not the whole cause.");
  if (slower.always()) {
    say("With the 1/m and the rate 0.03, all %d learn, in %d steps (median)%s", slower.runs, median(slower.learned),
        mended.always() ? "." : ": the rest of the cause is a rate that is too high for inputs that are not centred.");
  }
  if (both.always())
    say("With the 1/m and standardised input, all %d learn at the question's own rate, in %d steps (median).", both.runs,
        median(both.learned));
}

}  // namespace insitu::desktop::demo
