#include <algorithm>
#include <cmath>
#include <cstdio>

#include "curve_examination.h"

namespace insitu::desktop::doctor {
namespace {

std::string at(const Losses& losses, std::size_t k) { return (losses.epochs ? "epoch " : "step ") + number(losses.steps[k], 9); }

/// The last tenth of a curve
struct Tail {
  double mean = 0, low = 0, high = 0;
};
Tail tail_of(const std::vector<double>& values) {
  const std::size_t count = std::max<std::size_t>(2, values.size() / 10);
  Tail tail{0, values.back(), values.back()};
  for (std::size_t k = values.size() - count; k < values.size(); ++k) {
    tail.mean += values[k] / static_cast<double>(count);
    tail.low = std::min(tail.low, values[k]);
    tail.high = std::max(tail.high, values[k]);
  }
  return tail;
}

/// The number of classes whose entropy, all as frequent, this is; 0: none.
int classes_of(double loss) {
  const double k = std::round(std::exp(loss));
  return k >= 2 && k <= 1000 && std::fabs(std::log(k) - loss) < 1e-3 * loss ? static_cast<int>(k) : 0;
}

Finding plateau(double level, double constant) {
  const int classes = classes_of(level);
  const std::string stays = "the loss stays at " + number(level);
  if (constant > 0 && std::fabs(level - constant) < 0.005 * constant)
    return {"plateau_at_entropy",
            true,
            level,
            stays + ": " + number(constant) + " is what the best constant output gives, the entropy or variance of the labels",
            "the output no longer depends on the input: only the last bias learns, the layers below pass nothing on",
            "it does not come back by waiting: begin again from new weights, with what the table says changed"};
  if (constant == 0 && classes > 0)
    return {"plateau_at_entropy",
            true,
            level,
            stays + " = ln " + std::to_string(classes),
            "that is the entropy of " + std::to_string(classes) +
                " classes that are all as frequent: the output no longer depends on the input",
            "give network and samples (--probe or --dims, --data, --rate) to see which units died and what cures it"};
  return {"plateau",
          true,
          level,
          stays,
          "the gradient is as good as zero, or too small for the rate",
          "compare the update |dW| rate / |W| of each layer with 0.001; where it is far below, raise the rate"};
}

}  // namespace

std::string number(double value, int digits) {
  if (std::isnan(value)) return "NaN";  // without the sign that it may have
  char text[40];
  std::snprintf(text, sizeof text, "%.*g", digits, value);
  return text;
}

std::string percent(double share) { return number(100 * share, 3) + " %"; }

void find_in_losses(const Losses& losses, double constant, std::vector<Finding>& findings) {
  const std::vector<double>& values = losses.values;
  const auto bad = std::find_if(values.begin(), values.end(), [](double v) { return !std::isfinite(v); });
  const std::vector<double> finite(values.begin(), bad);
  if (bad != values.end()) {
    const auto k = static_cast<std::size_t>(bad - values.begin());
    findings.push_back({"not_finite", true, losses.steps[k],
                        "the loss is " + std::string(std::isnan(*bad) ? "NaN" : "infinite") + " from " + at(losses, k) + " on",
                        "a number overflowed, or log(0) was taken: nothing after that step means anything",
                        "compute the cross-entropy from z: max(z, 0) - y z + log(1 + exp(-|z|)), and dZ = A - Y; and lower the rate until "
                        "the loss falls"});
  }
  if (finite.size() < 2) return;
  const double first = finite.front();
  const auto peak = static_cast<std::size_t>(std::max_element(finite.begin(), finite.end()) - finite.begin());
  if (finite[peak] > 1.2 * first + 1e-12)
    findings.push_back({"rise", true, finite[peak] / first,
                        "the loss rises to " + number(finite[peak]) + " at " + at(losses, peak) + ", " + number(finite[peak] / first, 3) +
                            " times the first",
                        "a step overshoots: it goes further than the slope that it follows holds",
                        "a lower rate, or inputs that make the slope less steep: see the table"});
  const Tail tail = tail_of(finite);
  if (bad == values.end() && finite.size() >= 20) {
    const bool flat = tail.high - tail.low <= 1e-3 * std::fabs(tail.mean),
               low = constant > 0 ? tail.mean < constant / 10 : tail.mean < first / 20;
    if (flat && !low) findings.push_back(plateau(tail.mean, constant));
    std::size_t rises = 0, looked = 0;
    for (std::size_t k = finite.size() / 2 + 1; k < finite.size(); ++k, ++looked) rises += finite[k] > finite[k - 1] * (1 + 1e-3);
    const double share = static_cast<double>(rises) / static_cast<double>(looked);
    if (share > 0.3 && !low)
      findings.push_back({"oscillation", true, share, "in the second half the loss rises in " + percent(share) + " of the steps",
                          "the steps jump across the valley, or batches are small and their losses differ",
                          "a lower rate, or a mean of the losses over an epoch"});
  }
}

}  // namespace insitu::desktop::doctor
