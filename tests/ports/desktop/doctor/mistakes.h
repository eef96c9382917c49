/// mistakes: all that are injected into a network, and what the doctor must say of each.
#pragma once

#include <set>

#include "inject.h"
#include "ports/desktop/doctor/diagnosis.h"

namespace insitu::desktop::doctor {

inline std::vector<Mistake> mistakes(const Architecture& network) {
  const std::size_t layers = network.layers();
  const auto n = static_cast<double>(network.outputs());
  const bool fused = network.loss == LossKind::CrossEntropy || network.loss == LossKind::BinaryCrossEntropy;
  const Activation out = network.activations.back();
  std::vector<Mistake> all;
  // value, and a power of m: 1 times m, 2 over m
  const std::vector<std::pair<double, std::size_t>> scales = {{1, 1}, {1, 2}, {-1, 0}, {2, 0}, {.5, 0}, {1 / n, 0}, {n, 0}};
  for (const auto& [value, power] : scales) {
    if (value == 1 && power == 0) continue;
    all.push_back({"scale_all", 0, power, value});
    for (std::size_t l = 1; l <= layers; ++l) {
      for (const char* kind : {"scale_W", "scale_b", "scale_layer"}) all.push_back({kind, l, power, value});
      if (l > 1 && l < layers) all.push_back({"scale_from", l, power, value});
    }
  }
  all.push_back({"scale_W", 0, 1, 1});
  all.push_back({"scale_b", 0, 1, 1});
  for (std::size_t l = 1; l <= layers; ++l) {
    for (const char* kind : {"bias_zero", "W_zero", "bias_last_sample", "bias_mean_over_units", "bias_not_added"}) all.push_back({kind, l});
    if (network.dims[l - 1] == network.dims[l] || network.dims[l - 1] > 1) all.push_back({"W_transposed", l});
    if (l > 1) {
      all.push_back({"preact_input", l});
      all.push_back({"W_abs_skipped", l});
      if (network.dims[l] == network.dims[l - 1]) all.push_back({"W_not_transposed", l});
    }
    if (network.dims[l] == network.dims[l - 1]) all.push_back({"wrong_layer_input", l, l});
    for (std::size_t k = l + 1; k <= layers; ++k) {
      if (network.dims[k] == network.dims[l] && network.dims[k - 1] == network.dims[l - 1]) all.push_back({"swapped", l, k});
    }
    if (l == layers) break;
    for (const char* kind : {"act_deriv_missing", "act_deriv_twice", "act_deriv_is_act", "delta_detached", "act_deriv_on_z",
                             "act_deriv_on_a", "relu_gate_off_upstream"})
      all.push_back({kind, l});
    for (const Activation other : {Activation::Relu, Activation::Tanh, Activation::Sigmoid}) {
      if (other != network.activations[l]) all.push_back({"act_deriv_other", l, 0, 0, other});
    }
    if (network.activations[l] == Activation::Relu) all.push_back({"relu_gate_inverted", l});
  }
  if (layers > 2) {
    for (const char* kind : {"act_deriv_missing", "act_deriv_on_z", "act_deriv_on_a"}) all.push_back({kind, 0});
  }
  for (const char* kind :
       {"target_dropped", "labels_shifted", "only_last_sample", "first_sample", "half_batch", "abs_error", "accumulated_prev"})
    all.push_back({kind, 0});
  if (network.outputs() > 1) all.push_back({"class_shifted"});
  if (network.outputs() == 1) all.push_back({"labels_averaged"});
  if (!fused || out != Activation::Identity) all.push_back({"loss_deriv_missing"});
  if (fused && out != Activation::Identity) all.push_back({"out_deriv_doubled", layers});
  if (!fused) {
    all.push_back({"loss_value_instead"});
    if (out != Activation::Identity) {
      all.push_back({"out_deriv_missing", layers});
      all.push_back({"out_deriv_on_z", layers});
    }
  }
  for (const double rate : {.1, .001}) all.push_back({"stale_W", 0, 0, rate});
  for (const double rate : {.01, .0001}) {
    all.push_back({"l2_extra", 0, 0, rate});
    all.push_back({"l2_all", 0, 0, rate});
  }
  return all;
}

/// The doctor's name of a kind; "" for scales, zeros and transpositions.
inline std::string id_of(const std::string& kind) {
  const std::pair<const char*, const char*> names[] = {{"act_deriv_on_z", "derivative_of_z"},
                                                       {"out_deriv_on_z", "derivative_of_z"},
                                                       {"act_deriv_on_a", "derivative_of_a"},
                                                       {"act_deriv_missing", "derivative_missing"},
                                                       {"out_deriv_missing", "derivative_missing"},
                                                       {"act_deriv_twice", "derivative_doubled"},
                                                       {"out_deriv_doubled", "derivative_doubled"},
                                                       {"act_deriv_is_act", "activation_for_derivative"},
                                                       {"act_deriv_other", "derivative_of_another"},
                                                       {"relu_gate_inverted", "gate_inverted"},
                                                       {"relu_gate_off_upstream", "gate_of_gradient"},
                                                       {"preact_input", "preactivation_for_input"},
                                                       {"wrong_layer_input", "input_of_another_layer"},
                                                       {"W_not_transposed", "weights_not_transposed"},
                                                       {"W_abs_skipped", "weights_left_out"},
                                                       {"stale_W", "stale_weights"},
                                                       {"loss_deriv_missing", "loss_derivative_missing"},
                                                       {"target_dropped", "targets_missing"},
                                                       {"labels_shifted", "samples_misaligned"},
                                                       {"class_shifted", "classes_misaligned"},
                                                       {"labels_averaged", "targets_averaged"},
                                                       {"abs_error", "absolute_error"},
                                                       {"loss_value_instead", "loss_for_derivative"},
                                                       {"only_last_sample", "last_sample_only"},
                                                       {"first_sample", "first_sample_only"},
                                                       {"half_batch", "half_batch"},
                                                       {"bias_last_sample", "bias_of_last_sample"},
                                                       {"bias_mean_over_units", "bias_averaged_over_units"},
                                                       {"bias_not_added", "bias_not_added"},
                                                       {"l2_extra", "weight_decay"},
                                                       {"l2_all", "weight_decay_of_biases_too"},
                                                       {"clip_elem", "clipped"},
                                                       {"accumulated_prev", "not_zeroed"},
                                                       {"swapped", "layers_swapped"}};
  for (const auto& [mine, id] : names) {
    if (kind == mine) return id;
  }
  return "";
}

/// The tensors, from the output down, that a scale, a zero or a transposition is in.
inline std::set<std::size_t> place_of(const Mistake& mistake, std::size_t layers) {
  std::set<std::size_t> tensors;
  const std::string& kind = mistake.kind;
  for (std::size_t l = 1; l <= layers; ++l) {
    const bool here = l == mistake.layer || mistake.layer == 0, below = l <= mistake.layer;
    const std::size_t w = 2 * (layers - l);
    if (kind == "scale_all" || (kind == "scale_layer" && here) || ((kind == "scale_from" || kind == "delta_detached") && below)) {
      tensors.insert(w);
      tensors.insert(w + 1);
    }
    if ((kind == "scale_W" || kind == "W_zero" || kind == "W_transposed") && here) tensors.insert(w);
    if ((kind == "scale_b" || kind == "bias_zero") && here) tensors.insert(w + 1);
  }
  return tensors;
}

inline bool is_reading(const Reading& reading, const Mistake& mistake) {
  const int power = mistake.other == 1 ? 1 : mistake.other == 2 ? -1 : 0;
  return reading.power == power && std::fabs(reading.factor - mistake.value) < 1e-3 * std::fabs(mistake.value);
}

/// Whether this cause is that mistake.
inline bool is_cause(const Cause& cause, const Mistake& mistake, std::size_t layers) {
  const std::string id = id_of(mistake.kind);
  if (cause.type == Cause::Type::Fault) {
    const Fault& fault = cause.fault;
    if (fault.kind->id != id) return false;
    if (id == "samples_misaligned" || id == "classes_misaligned") return fault.value == 1;
    if (id == "stale_weights" || id.starts_with("weight_decay")) return std::fabs(fault.value - mistake.value) < .05 * mistake.value;
    if (id == "derivative_of_another" && fault.activation != mistake.activation) return false;
    return fault.layer == mistake.layer && (fault.other == mistake.other || id != "input_of_another_layer");
  }
  const std::set<std::size_t> tensors(cause.tensors.begin(), cause.tensors.end());
  if (!id.empty() || tensors != place_of(mistake, layers)) return false;
  const bool scale = mistake.kind.starts_with("scale");
  if (cause.type == Cause::Type::Transposed) return mistake.kind == "W_transposed";
  if (cause.type == Cause::Type::Zero) return !scale;
  for (const Reading& reading : cause.readings) {
    if (scale && is_reading(reading, mistake)) return true;
  }
  return false;
}

/// Whether one of the explanations is the mistake.
inline bool names(const Diagnosis& diagnosis, const Mistake& mistake, std::size_t layers) {
  for (const Explanation& one : diagnosis.explanations) {
    if (one.causes.size() == 1 && is_cause(one.causes[0], mistake, layers)) return true;
  }
  return false;
}

}  // namespace insitu::desktop::doctor
