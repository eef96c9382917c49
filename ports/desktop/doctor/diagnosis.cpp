#include "diagnosis.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../error.h"
#include "group.h"

namespace insitu::desktop::doctor {
namespace {

// Predictions of larger networks are computed anew for each hypothesis: 100 of 6 MB would be kept for [12288, 64, 1].
constexpr std::size_t KeptParameters = 20000;

/// The largest distance of any tensor; stops above `limit`. 0 to 1.
double farthest(std::span<const Layers> user, std::span<const Layers> prediction, std::span<const double> size, Precision precision,
                double limit) {
  double worst = 0;
  for (std::size_t k = 0; k < user.size(); ++k) {
    for (std::size_t t = 0; t < tensors(user[k]) && worst <= limit; ++t)
      worst = std::max(worst, distance(tensor(user[k], t), tensor(prediction[k], t), precision.floor * size[k]));
  }
  return worst;
}

}  // namespace

Examination::Examination(const Architecture& network, const Layers& parameters, const std::vector<Batch>& batches)
    : network_(network), parameters_(parameters), batches_(batches) {
  std::size_t count = 0;
  for (const Layer& layer : parameters_) count += layer.W.values.size() + layer.b.values.size();
  keep_ = count <= KeptParameters;
  for (const Batch& batch : batches_) questions_.emplace_back(network_, parameters_, batch);
  right_ = predict(Fault());
  for (std::size_t k = 0; k < batches_.size(); ++k) {
    size_.push_back(root_mean_square(right_[k]));
    if (!std::isfinite(size_[k]))
      throw Error("the right gradient of batch ", k + 1, " is too large for a number: take smaller weights and inputs");
    samples_.push_back(batches_[k].samples());
  }
  for (const Fault& fault : faults(network_)) {
    Hypothesis hypothesis{fault, {}};
    if (keep_ && !std::isnan(fault.value)) {
      hypothesis.prediction = predict(fault);
      if (changes_nothing(hypothesis.prediction)) continue;
    }
    hypotheses_.push_back(std::move(hypothesis));
  }
}

std::vector<Layers> Examination::predict(const Fault& fault) const {
  std::vector<Layers> gradients;
  for (const Question& question : questions_) gradients.push_back(gradient(question, fault.kind ? fault.kind->change(fault) : Factors()));
  return gradients;
}

bool Examination::changes_nothing(const std::vector<Layers>& prediction) const {
  return farthest(prediction, right_, size_, InDouble, InDouble.tolerance) <= InDouble.tolerance;
}

/// Hypotheses with a value that is fitted to the user's gradients.
std::vector<Examination::Hypothesis> Examination::fitted(const std::vector<Layers>& user) const {
  std::vector<Hypothesis> result;
  for (const Hypothesis& hypothesis : hypotheses_) {
    if (!std::isnan(hypothesis.fault.value)) continue;
    Hypothesis one{hypothesis.fault, {}};
    one.fault.value = hypothesis.fault.kind->fit({questions_, right_, user});
    if (std::isfinite(one.fault.value)) result.push_back(std::move(one));
  }
  return result;
}

/// Whether the letters of the user's gradients against this prediction are all mistakes with a name: none where they are equal.
bool Examination::explain(const std::vector<Layers>& user, const std::vector<Layers>& prediction, const Fault* fault, Precision precision,
                          Explanation& explanation) const {
  std::vector<Comparison> letters;
  explanation = {};
  if (fault) explanation.causes.push_back({Cause::Type::Fault, *fault, {}});
  for (std::size_t t = 0; t < tensors(right_[0]); ++t) {
    const Comparison one = compare(user, prediction, t, size_, precision);
    if (one.letter == 'x') return false;
    // a tensor that agrees to the last bits was not computed in single precision, so no other may be as far off as that
    if (precision.tolerance > InDouble.tolerance && one.telling && one.letter != '0' && one.distance < InDouble.tolerance) return false;
    explanation.distance = std::max(explanation.distance, one.distance);
    letters.push_back(one);
  }
  for (Cause& cause : group(letters, std::max(explanation.distance, precision.noise))) {
    if (cause.type == Cause::Type::Scaled) {
      std::size_t elements = 0;
      for (const std::size_t t : cause.tensors) elements += tensor(right_[0], t).values.size();
      cause.readings = readings(cause.scale, samples_, network_.outputs(), std::max(explanation.distance, precision.noise));
      const bool clipped = cause.readings.empty() && !fault && cause.tensors.size() == letters.size();
      if (clipped) cause.readings = clipped_norm(user, right_, cause.scale);
      if (cause.readings.empty()) return false;
      // any number is some multiple of another: where there are few, or a fault besides, the factor must be one that has a name
      const bool named = cause.readings[0].id != std::string("constant");
      if (!named && (fault || elements < 3)) return false;
    }
    explanation.causes.push_back(std::move(cause));
  }
  return true;
}

std::vector<Explanation> Examination::explanations(const std::vector<Layers>& user, Precision precision, double& next) const {
  std::vector<Explanation> found;
  std::vector<std::pair<Fault, double>> plain;
  Explanation one;
  if (explain(user, right_, nullptr, precision, one)) found.push_back(one);
  const std::vector<Hypothesis> fits = fitted(user);
  const auto each = [&](const auto& visit) {
    for (const auto* list : {&hypotheses_, &fits}) {
      for (const Hypothesis& hypothesis : *list) {
        if (std::isnan(hypothesis.fault.value)) continue;
        if (!hypothesis.prediction.empty()) {
          visit(hypothesis.fault, hypothesis.prediction);
        } else if (const std::vector<Layers> prediction = predict(hypothesis.fault); !changes_nothing(prediction)) {
          visit(hypothesis.fault, prediction);
        }
      }
    }
  };
  each([&](const Fault& fault, const std::vector<Layers>& prediction) {
    const double apart = farthest(user, prediction, size_, precision, next);
    if (apart > precision.tolerance || !explain(user, prediction, &fault, precision, one)) {
      next = std::min(next, apart);
    } else {
      found.push_back(one);
    }
  });
  if (user.size() == 2 && found.empty()) {
    // the second gradient is the right one and all of the first, whatever that was
    std::vector<Layers> sum = {user[0], right_[1]};
    for (std::size_t l = 1; l < sum[1].size(); ++l) sum[1][l] = {sum[1][l].W + user[0][l].W, sum[1][l].b + user[0][l].b};
    static const Kind not_zeroed = not_zeroed_kind();
    Fault fault;
    fault.kind = &not_zeroed;
    if (explain(user, sum, &fault, precision, one) && one.causes.size() == 1) found.push_back(one);
  }
  if (found.empty()) {
    each([&](const Fault& fault, const std::vector<Layers>& prediction) {
      if (explain(user, prediction, &fault, precision, one) && one.causes.size() == 2) found.push_back(one);
    });
  }
  return found;
}

Diagnosis Examination::diagnose(const std::vector<Layers>& user) const {
  Diagnosis result;
  Precision precision = InDouble;
  // where one tensor is right to the last bits, the gradients are in double precision, and nothing in them is off by that of single
  bool in_double = false;
  for (std::size_t t = 0; t < tensors(right_[0]); ++t) {
    const Comparison one = compare(user, right_, t, size_, InDouble);
    in_double = in_double || (one.letter == '=' && one.telling);
  }
  for (const Precision one : {InDouble, InSingle}) {
    if (in_double && one.tolerance > InDouble.tolerance) break;
    precision = one;
    result.next = 1;
    result.explanations = explanations(user, precision, result.next);
    if (!result.explanations.empty()) break;
  }
  std::vector<Explanation>& all = result.explanations;
  if (!all.empty()) {
    double nearest = 1;
    for (const Explanation& one : all) nearest = std::min(nearest, one.distance);
    const double limit = std::max(10 * nearest, InDouble.tolerance);
    for (const Explanation& one : all) {
      if (one.distance > limit) result.next = std::min(result.next, one.distance);
    }
    std::erase_if(all, [&](const Explanation& one) { return one.distance > limit; });
    std::size_t fewest = std::numeric_limits<std::size_t>::max();
    for (const Explanation& one : all) fewest = std::min(fewest, one.causes.size());
    std::erase_if(all, [&](const Explanation& one) { return one.causes.size() > fewest; });
    std::stable_sort(all.begin(), all.end(), [](const Explanation& a, const Explanation& b) { return a.distance < b.distance; });
    result.noise = nearest;
    precision.tolerance = limit;
    result.verdict = fewest == 0 ? Diagnosis::Verdict::Right : Diagnosis::Verdict::Named;
  }
  for (std::size_t t = 0; t < tensors(right_[0]); ++t) {
    result.tensors.push_back(compare(user, right_, t, size_, precision));
    const std::size_t l = layer_of(right_[0], t);
    if (result.tensors.back().letter != '=') result.first_wrong = std::max(result.first_wrong, l);
    const auto zero = [&](const Layers& gradient) {
      const Tensor& g = tensor(gradient, t);
      return std::all_of(g.values.begin(), g.values.end(), [](double v) { return v == 0; });
    };
    if (std::all_of(right_.begin(), right_.end(), zero)) result.untested.push_back(t);
  }
  if (result.verdict == Diagnosis::Verdict::Right) all.clear();
  return result;
}

}  // namespace insitu::desktop::doctor
