/// diagnose: the doctor in a unit test, for a network of insitu whose layer, loss or backward pass is of your own.
#pragma once

#include <algorithm>

#include "model/network.h"
#include "report.h"

namespace insitu::desktop::doctor {

/// A Diagnosis, and the same in words.
struct Diagnosed : Diagnosis {
  std::string text;
};

/// Net and Loss as the doctor knows them: layers with weights [In x Out] and a bias, an activation and a loss of insitu. Throws Error for one of another name.
template <class Net, class Loss, int I = 0>
void describe(Architecture& network) {
  if constexpr (I == 0) {
    std::string loss = Loss::name;
    std::replace_if(
        loss.begin(), loss.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
    network = {{Net::inputs}, {Activation::Identity}, find_loss(loss), usual_mean(find_loss(loss))};
    network.leaky_slope = static_cast<double>(LeakyRelu::slope);
  }
  using Own = typename Net::template Layer<I>;
  network.dims.push_back(Own::outputs);
  network.activations.push_back(find_activation(Own::Activation::name));
  if constexpr (I + 1 < Net::depth) describe<Net, Loss, I + 1>(network);
}

template <int Rows, int Columns, class T>
Tensor tensor_of(const Matrix<Rows, Columns, T>& x) {
  Tensor result(Rows, Columns);
  std::copy(x.data, x.data + Rows * Columns, result.values.begin());
  return result;
}

/// Parameters, or a gradient.
template <class Net, int I = 0, class P>
Layers layers_of(const P& parameters, Layers layers = Layers(1)) {
  const auto& own = get<I>(parameters);
  Tensor bias(1, Net::template Layer<I>::outputs);
  std::copy(own.bias.begin(), own.bias.end(), bias.values.begin());
  layers.push_back({tensor_of(own.weights), std::move(bias)});
  if constexpr (I + 1 < Net::depth) return layers_of<Net, I + 1>(parameters, std::move(layers));
  return layers;
}

template <class Net, class Loss>
Diagnosed diagnose_batches(Layers parameters, std::vector<Batch> batches, const std::vector<Layers>& gradients) {
  Probe probe{{}, std::move(parameters), std::move(batches)};
  describe<Net, Loss>(probe.network);
  check(probe.network);
  const Diagnosis diagnosis = Examination(probe.network, probe.parameters, probe.batches).diagnose(gradients);
  return {diagnosis, report(diagnosis, probe, {})};
}

/// What is wrong with this gradient of the mean loss; in float or double.
template <class Net, class Loss, class T, int Samples>
Diagnosed diagnose(const Parameters<Net, T>& parameters, const Matrix<Samples, Net::inputs, T>& inputs,
                   const Matrix<Samples, Net::outputs, T>& targets, const Parameters<Net, T>& gradient) {
  return diagnose_batches<Net, Loss>(layers_of<Net>(parameters), {{tensor_of(inputs), tensor_of(targets)}}, {layers_of<Net>(gradient)});
}

/// The same with a second batch of another size, which tells a missing 1/m from a constant.
template <class Net, class Loss, class T, int Samples, int Others>
Diagnosed diagnose(const Parameters<Net, T>& parameters, const Matrix<Samples, Net::inputs, T>& inputs,
                   const Matrix<Samples, Net::outputs, T>& targets, const Parameters<Net, T>& gradient,
                   const Matrix<Others, Net::inputs, T>& other_inputs, const Matrix<Others, Net::outputs, T>& other_targets,
                   const Parameters<Net, T>& other_gradient) {
  return diagnose_batches<Net, Loss>(layers_of<Net>(parameters),
                                     {{tensor_of(inputs), tensor_of(targets)}, {tensor_of(other_inputs), tensor_of(other_targets)}},
                                     {layers_of<Net>(gradient), layers_of<Net>(other_gradient)});
}

}  // namespace insitu::desktop::doctor
