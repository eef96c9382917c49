#include <algorithm>
#include <cmath>

#include "curve_examination.h"

namespace insitu::desktop::doctor {
namespace {

struct Feature {
  double mean = 0, deviation = 0;
};

std::vector<Feature> features_of(const Tensor& x) {
  std::vector<Feature> features(x.columns);
  const auto m = static_cast<double>(x.rows);
  for (std::size_t s = 0; s < x.rows; ++s) {
    for (std::size_t j = 0; j < x.columns; ++j) features[j].mean += x(s, j) / m;
  }
  for (std::size_t s = 0; s < x.rows; ++s) {
    for (std::size_t j = 0; j < x.columns; ++j) features[j].deviation += (x(s, j) - features[j].mean) * (x(s, j) - features[j].mean) / m;
  }
  for (Feature& feature : features) feature.deviation = std::sqrt(feature.deviation);
  return features;
}

void find_in_inputs(const Tensor& x, std::vector<Finding>& findings) {
  const std::vector<Feature> features = features_of(x);
  double largest = 0, of_means = 0, of_all = 0;
  std::vector<double> deviations;
  for (const double v : x.values) largest = std::max(largest, std::fabs(v));
  std::size_t constant = 0;
  for (const Feature& feature : features) {
    of_means += feature.mean * feature.mean;
    of_all += feature.mean * feature.mean + feature.deviation * feature.deviation;
    if (feature.deviation > 1e-10 * std::fabs(feature.mean) && feature.deviation > 0)
      deviations.push_back(feature.deviation);
    else
      ++constant;
  }
  if (largest > 10)
    findings.push_back({"inputs_unscaled", true, largest, "the largest input is " + number(largest),
                        "the gradient of W1 grows with the inputs, and the curvature with their square",
                        largest <= 255 && largest > 200 ? "divide by 255, or standardise each feature"
                                                        : "standardise each feature: (x - mean) / deviation"});
  const double spread = deviations.empty() ? 1
                                           : *std::max_element(deviations.begin(), deviations.end()) /
                                                 *std::min_element(deviations.begin(), deviations.end());
  std::sort(deviations.begin(), deviations.end());
  // of pictures, single pixels hardly vary; where whole features differ, so do the tenth from below and from above
  const double tenths = deviations.empty() ? 1 : deviations[deviations.size() * 9 / 10] / deviations[deviations.size() / 10];
  if (tenths > 30 || (spread > 30 && deviations.size() <= 20))
    findings.push_back({"inputs_of_different_scale", true, spread,
                        "the widest feature varies " + number(spread, 3) + " times as much as the narrowest",
                        "a rate that suits one is too high or too low for the other", "standardise each feature: (x - mean) / deviation"});
  const double share = of_all > 0 ? of_means / of_all : 0;
  if (share > 0.5 && features.size() > 1)
    findings.push_back({"inputs_not_centred", true, share, percent(share) + " of the inputs' size is their mean, the same for all samples",
                        "one step moves the outputs of all samples together, so that all units of a layer can die at once",
                        "subtract each feature's mean"});
  if (constant > 0)
    findings.push_back({"inputs_constant", constant == features.size(), static_cast<double>(constant),
                        number(static_cast<double>(constant), 9) + " of " + std::to_string(features.size()) + " features never change",
                        "they say nothing about a sample, and act as one more bias each", "leave them out"});
}

void find_in_labels(const Architecture& network, const Tensor& y, std::vector<Finding>& findings) {
  const bool classes = network.loss == LossKind::CrossEntropy;
  std::size_t constant = 0, empty = 0, outside = 0;
  for (std::size_t j = 0; j < y.columns; ++j) {
    double low = y(0, j), high = low;
    for (std::size_t s = 0; s < y.rows; ++s) low = std::min(low, y(s, j)), high = std::max(high, y(s, j));
    constant += low == high;
    empty += low == high && low == 0;
  }
  for (const double v : y.values)
    outside += network.activations.back() == Activation::Sigmoid ? !(v >= 0 && v <= 1)
                                                                 : network.activations.back() == Activation::Tanh && !(v >= -1 && v <= 1);
  const bool one = classes ? empty + 1 >= y.columns : constant == y.columns;
  if (one)
    findings.push_back({"labels_of_one_class", true, 1, "all " + std::to_string(y.rows) + " samples have the same label",
                        "a constant output is right for all of them: there is nothing to learn",
                        "look how labels are read and samples chosen"});
  else if (classes ? empty > 0 : constant > 0)
    findings.push_back(
        {"classes_missing", false, static_cast<double>(classes ? empty : constant),
         std::to_string(classes ? empty : constant) + " of " + std::to_string(y.columns) + " outputs have the same label for all samples",
         "nothing is learnt of them", "more samples, or fewer outputs"});
  if (outside > 0)
    findings.push_back({"targets_out_of_reach", true, static_cast<double>(outside),
                        std::to_string(outside) + " targets lie outside of what the output's " +
                            std::string(name(network.activations.back())) + " can give",
                        "the loss cannot come near zero, and the output saturates", "scale the targets, or take an identity output"});
}

}  // namespace

void find_in_samples(const TrainingRun& run, std::vector<Finding>& findings) {
  find_in_inputs(run.samples.inputs, findings);
  find_in_labels(run.network, run.samples.targets, findings);
}

}  // namespace insitu::desktop::doctor
