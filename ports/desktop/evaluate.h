/// evaluate: the outputs of a network for a whole data set, and the loss of a trainer over it.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dataset.h"
#include "model/insitu.h"

namespace insitu::desktop {

/// Copies the given rows into the first rows of a batch.
template <int B, int In>
void fill(Matrix<B, In>& inputs, const Dataset& dataset, std::span<const std::uint32_t> rows) {
  for (std::size_t s = 0; s < rows.size(); ++s) std::copy_n(dataset.input(rows[s]), In, inputs.row(static_cast<int>(s)));
}
template <int B, int In, int Out>
void fill(Matrix<B, In>& inputs, Matrix<B, Out>& targets, const Dataset& dataset, std::span<const std::uint32_t> rows) {
  fill(inputs, dataset, rows);
  for (std::size_t s = 0; s < rows.size(); ++s) std::copy_n(dataset.target(rows[s]), Out, targets.row(static_cast<int>(s)));
}

/// Calls f(rows) for the rows of the data set in order, B at a time.
template <int B, class F>
void for_batches(const Dataset& dataset, F&& f) {
  std::vector<std::uint32_t> rows;
  for (std::size_t begin = 0; begin < dataset.rows; begin += B) {
    rows.clear();
    for (std::size_t row = begin; row < std::min(dataset.rows, begin + B); ++row) rows.push_back(static_cast<std::uint32_t>(row));
    f(std::span<const std::uint32_t>(rows));
  }
}

/// rows x outputs. With `Logits` the outputs pass through what the loss puts on them: softmax over several, sigmoid for one.
template <class Net, bool Logits>
std::vector<float> outputs_of(const Parameters<Net>& parameters, const Dataset& dataset) {
  constexpr int B = 32;
  std::vector<float> outputs;
  outputs.reserve(dataset.rows * static_cast<std::size_t>(Net::outputs));
  const auto inputs = std::make_unique<Matrix<B, Net::inputs>>();
  for_batches<B>(dataset, [&](std::span<const std::uint32_t> rows) {
    fill(*inputs, dataset, rows);
    Matrix<B, Net::outputs> batch = predict<Net>(parameters, *inputs);
    if constexpr (Logits) activate<std::conditional_t<(Net::outputs > 1), Softmax, Sigmoid>>(batch, B);
    outputs.insert(outputs.end(), batch.begin(), batch.begin() + rows.size() * static_cast<std::size_t>(Net::outputs));
  });
  return outputs;
}

/// The mean over the samples of the trainer's loss.
template <class T, class Net = typename T::Network>
double loss_of(T& trainer, const Parameters<Net>& parameters, const Dataset& dataset) {
  const auto inputs = std::make_unique<typename T::Inputs>();
  const auto targets = std::make_unique<Matrix<T::batch, Net::outputs>>();
  double sum = 0;
  for_batches<T::batch>(dataset, [&](std::span<const std::uint32_t> rows) {
    fill(*inputs, *targets, dataset, rows);
    sum += static_cast<double>(trainer.evaluate(parameters, *inputs, *targets, static_cast<int>(rows.size()))) *
           static_cast<double>(rows.size());
  });
  return sum / static_cast<double>(dataset.rows);
}

}  // namespace insitu::desktop
