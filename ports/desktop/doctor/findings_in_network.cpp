#include <algorithm>
#include <cmath>

#include "curve_examination.h"

namespace insitu::desktop::doctor {
namespace {

constexpr double SaturatesInFloat = 16.64, SaturatesInDouble = 36.74;  // 1 / (1 + exp(-z)) is 1 from here on

/// Observed losses that are so many times those of a mean.
void find_sum(const CurveExamination& examination, std::vector<Finding>& findings) {
  const CurveCase& given = examination.given;
  if (given.observed.empty() || given.observed.epochs || !examination.trials) return;
  const double here = examination.trials->as_it_is.course.losses.front(), ratio = given.observed.values.front() / here;
  const auto m = static_cast<double>(given.run->batch), n = static_cast<double>(given.run->network.outputs());
  for (const double times : {m, m * n, n, 1 / m, 1 / (m * n), 1 / n, 2.0, 0.5}) {
    if (times == 1 || !(std::fabs(ratio / times - 1) < 1e-3)) continue;
    findings.push_back(
        {"loss_not_a_mean", true, ratio,
         "the first loss is " + number(given.observed.values.front()) + ", " + number(ratio) + " times the mean " + number(here) +
             " of these samples",
         times == m || times == m * n
             ? "the loss is a sum over the samples: rate and gradient mean something else with each batch size"
             : "the loss is divided by something else than the number of samples (" + number(m, 9) + ") or outputs (" + number(n, 9) + ")",
         "divide loss and gradient by the number of samples; to keep the steps, multiply the rate by " + number(ratio)});
    return;
  }
}

void find_dead(const CurveExamination& examination, std::vector<Finding>& findings) {
  const bool ran = !examination.end.empty();
  for (std::size_t l = 1; l + 1 < examination.start.size(); ++l) {
    const double start = examination.start[l].dead, end = ran ? examination.end[l].dead : start;
    if (std::max(start, end) < 0.5) continue;
    Finding finding{"dead_units", true, end, "", "", ""};
    const std::size_t at = ran ? examination.trials->as_it_is.course.all_dead : Never;
    finding.seen = "layer " + std::to_string(l) + ": " + percent(end) + " of its units are dead " +
                   (ran ? "at the end (" + percent(start) + " at the start)" : "at the start");
    if (end == 1 && at != Never) finding.seen += ", all of them by step " + std::to_string(at);
    finding.means = end == 1 ? "no sample moves any unit of the layer, so that no gradient goes through it, and never will again"
                             : "they no longer learn: the network is smaller than it is written";
    finding.todo = start >= 0.5 ? "start from other weights: He's, biases 0" : "see the table: what cures keeps them alive";
    findings.push_back(finding);
  }
}

void find_saturation(const CurveExamination& examination, std::vector<Finding>& findings) {
  const Architecture& network = examination.given.run->network;
  for (std::size_t l = 1; l < examination.start.size(); ++l) {
    const double share = examination.start[l].saturated;
    if (share < 0.5) continue;
    findings.push_back({"saturated_at_start", true, share,
                        "layer " + std::to_string(l) + ": " + percent(share) + " of its outputs are saturated before the first step",
                        "where the slope is below 0.001, a thousandth of the gradient goes through",
                        "weights a tenth as large, or scaled inputs"});
  }
  if (!examination.trials || network.loss != LossKind::BinaryCrossEntropy) return;
  const Course& course = examination.trials->as_it_is.course;
  const double z = course.largest_output;
  if (z < 0.75 * SaturatesInFloat) return;
  const std::vector<double>& seen = examination.given.observed.values;
  const bool over = z >= SaturatesInFloat, nan = std::any_of(seen.begin(), seen.end(), [](double v) { return !std::isfinite(v); });
  const bool spoilt =
      nan || examination.trials->as_it_is.ending != Ending::Learns;  // where it learns, outputs go to their ends as they should
  findings.push_back({"near_overflow", over && spoilt, z,
                      "the output's z reaches " + number(z) + " at step " + std::to_string(course.largest_output_at) + ": " +
                          (z >= SaturatesInDouble ? "sigmoid(z) is then exactly 0 or 1 in double precision, too"
                           : over                 ? "sigmoid(z) is then exactly 0 or 1 in single precision (from 16.64 on)"
                                                  : "at 16.64 sigmoid(z) becomes exactly 1 in single precision"),
                      over ? "log(1 - A) is then -inf, and (1 - Y) / (1 - A) is NaN, for right predictions too: the loss is NaN where it "
                             "is not computed from z"
                           : "there log(1 - A) becomes -inf, where the loss is not computed from z",
                      "loss max(z, 0) - y z + log(1 + exp(-|z|)), and dZ = A - Y"});
}

void find_updates(const CurveExamination& examination, std::vector<Finding>& findings) {
  double largest = 0;
  for (std::size_t l = 1; l < examination.start.size(); ++l) largest = std::max(largest, examination.start[l].gradient);
  for (std::size_t l = 1; l < examination.start.size(); ++l) {
    const LayerState& state = examination.start[l];
    const std::string layer = "layer " + std::to_string(l) + ": ";
    if (state.update > 0.1)
      findings.push_back({"update_large", true, state.update,
                          layer + "the first step changes W by " + percent(state.update) + " of its norm",
                          "a hundredth or a thousandth is usual: such a step leaves the place whose slope it follows",
                          "a rate of " + number(examination.given.run->rate * 0.01 / state.update, 2) + " would change it by 1 %"});
    if (state.gradient == 0 && state.weights > 0)
      findings.push_back({"gradient_zero", true, 0, layer + "its gradient is zero",
                          "it does not learn: the units above it, or its own, pass nothing on, or its inputs are zero",
                          "other weights: not all zero, nor all the same"});
    else if (state.gradient < 1e-3 * largest)
      findings.push_back({"gradient_vanishing", true, state.gradient / largest,
                          layer + "its gradient is " + number(state.gradient / largest, 2) + " times that of the largest",
                          "it hardly learns while the others do",
                          "weights by He or Glorot, ReLU or tanh instead of sigmoid in hidden layers"});
  }
}

}  // namespace

void find_in_network(const CurveExamination& examination, std::vector<Finding>& findings) {
  find_sum(examination, findings);
  find_dead(examination, findings);
  find_saturation(examination, findings);
  find_updates(examination, findings);
  const double s = examination.stability, rate = examination.given.run->rate;
  if (s > 1)
    findings.push_back({"rate_above_curvature", false, s,
                        "rate x largest eigenvalue of the Gauss-Newton matrix / 2 is " + number(s, 3) + " at the start",
                        "above 1 the first steps overshoot; a weak witness, for runs below 1 may fail and runs above may recover",
                        "at most " + number(rate / s, 2) + " by this figure; " + number(0.05 * rate / s, 2) + " is safe in most runs"});
}

}  // namespace insitu::desktop::doctor
