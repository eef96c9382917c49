#include "ports/desktop/dataset.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "ports/desktop/error.h"
#include "ports/desktop/shuffle.h"

namespace insitu::desktop {
namespace {

using Values = std::vector<float>;

constexpr Shape Classes = {2, 3, Task::Classes}, Binary = {2, 1, Task::Binary}, Regression = {2, 1, Task::Values};

Samples samples(Values inputs, Values targets, std::size_t target_columns = 1) {
  const std::size_t rows = inputs.size() / 2;
  return {{"x.npy", {rows, 2}, std::move(inputs)},
          Array{"y.npy", {targets.size() / target_columns, target_columns}, std::move(targets)},
          {},
          {}};
}

void refused(const Samples& given, const Shape& shape, const char* sentence) {
  CHECK_THROWS_WITH_AS(make_dataset(given, shape), sentence, Error);
}

/// n rows whose inputs are their number
Dataset numbered(std::size_t n) {
  Values inputs(2 * n), labels(n);
  for (std::size_t k = 0; k < n; ++k) inputs[2 * k] = inputs[2 * k + 1] = static_cast<float>(k), labels[k] = static_cast<float>(k % 3);
  return make_dataset(samples(inputs, labels), Classes);
}

}  // namespace

TEST_CASE("make_dataset: class indices and one-hot rows are the same") {
  const Dataset indices = make_dataset(samples({1, 2, 3, 4}, {2, 0}), Classes),
                one_hot = make_dataset(samples({1, 2, 3, 4}, {0, 0, 1, 1, 0, 0}, 3), Classes);
  CHECK(indices.labels == std::vector<int>{2, 0});
  CHECK(indices.targets == Values{0, 0, 1, 1, 0, 0});
  CHECK(one_hot.labels == indices.labels);
  CHECK(one_hot.targets == indices.targets);
  CHECK(make_dataset(samples({1, 2, 3, 4}, {0, 1}), Binary).targets == Values{0, 1});
  CHECK(make_dataset(samples({1, 2, 3, 4}, {-7, 1}), Regression).targets == Values{-7, 1});
}

TEST_CASE("make_dataset: what does not fit the network") {
  refused(samples({1, 2, 3, 4}, {0, 1}), {3, 3, Task::Classes}, "x.npy has 2 features per sample, and the network takes 3");
  refused(samples({1, 2, 3, 4}, {0, 3}), Classes,
          "y.npy, sample 2: the label is 3, and the classes of this network are the whole numbers 0 to 2");
  refused(samples({1, 2, 3, 4}, {-1, 0}), Classes,
          "y.npy, sample 1: the label is -1, and the classes of this network are the whole numbers 0 to 2");
  refused(samples({1, 2, 3, 4}, {0, 0.5f}), Classes,
          "y.npy, sample 2: the label is 0.5, and the classes of this network are the whole numbers 0 to 2");
  refused(samples({1, 2, 3, 4}, {0, 1, 0, 1, 1, 0}, 3), Classes,
          "y.npy, sample 2: the targets are not one 1 and zeros, as one-hot classes are");
  refused(samples({1, 2, 3, 4}, {0, 1, 0, 1}, 2), Classes, "y.npy has 2 targets per sample, and the network has 3 outputs");
  refused(samples({1, 2, 3, 4}, {0, 1, 0}), Classes, "x.npy has 2 samples, and y.npy has 3 targets");
  refused(samples({1, 2, 3, 4}, {0, 2}), Binary, "y.npy, sample 2: the target is 2, and those of a sigmoid output lie between 0 and 1");
  refused(samples({1, 2, 3, 4}, {0, 1, 2, 3}, 2), Regression, "y.npy has 2 targets per sample, and the network has 1 output");
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  refused(samples({1, 2, 3, nan}, {0, 1}), Classes, "x.npy, sample 2, number 2: nan stands where a finite number belongs");
  refused(samples({-inf, 2, 3, 4}, {0, 1}), Classes, "x.npy, sample 1, number 1: -inf stands where a finite number belongs");
  refused(samples({1, 2, 3, 4}, {0, nan}), Classes, "y.npy, sample 2, number 1: nan stands where a finite number belongs");
  Samples from_text = samples({1, 2, 3, 4}, {0, 3});
  from_text.lines = {2, 7};
  refused(from_text, Classes, "y.npy, line 7: the label is 3, and the classes of this network are the whole numbers 0 to 2");
  Samples named = samples({1, 2, 3, 4}, {0, 1});
  named.classes = {"a", "b", "c", "d"};
  refused(named, Classes, "y.npy has 4 classes, and the network has 3 outputs");
}

TEST_CASE("split: every row once, in two parts of the right size, by seed") {
  const Dataset all = numbered(10);
  const auto [rest, part] = split(all, 0.3, 7);
  CHECK(rest.rows == 7);
  CHECK(part.rows == 3);
  Values rows;
  for (const Dataset* dataset : {&rest, &part}) {
    for (std::size_t k = 0; k < dataset->rows; ++k) {
      rows.push_back(dataset->input(k)[0]);
      CHECK(dataset->labels[k] == static_cast<int>(dataset->input(k)[0]) % 3);
      CHECK(dataset->target(k)[dataset->labels[k]] == 1);
    }
  }
  std::sort(rows.begin(), rows.end());
  CHECK(rows == Values{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK(split(all, 0.3, 7).second.inputs == part.inputs);
  CHECK(split(all, 0.3, 8).second.inputs != part.inputs);
  CHECK(split(all, 0.001, 7).second.rows == 1);
  CHECK(split(all, 0.999, 7).first.rows == 1);
  CHECK_THROWS_WITH_AS(split(all, 1, 7), "the part split off must be between 0 and 1, and is 1", Error);
  CHECK_THROWS_WITH_AS(split(numbered(1), 0.5, 7), "x.npy has a single sample, and splitting it needs two", Error);
}

TEST_CASE("epoch_order: a permutation, another for each epoch and seed, all positions reached alike") {
  std::vector<std::uint32_t> order = epoch_order(1000, 1, 0);
  CHECK(order == epoch_order(1000, 1, 0));
  CHECK(order != epoch_order(1000, 1, 1));
  CHECK(order != epoch_order(1000, 2, 0));
  std::sort(order.begin(), order.end());
  std::vector<std::uint32_t> all(1000);
  std::iota(all.begin(), all.end(), 0u);
  CHECK(order == all);
  int counts[4][4] = {};
  for (std::uint64_t epoch = 0; epoch < 4000; ++epoch) {
    const std::vector<std::uint32_t> four = epoch_order(4, 5, epoch);
    for (std::size_t k = 0; k < 4; ++k) ++counts[k][four[k]];
  }
  for (const auto& row : counts) {
    for (const int count : row) CHECK(std::abs(count - 1000) < 140);  // 5 deviations of 27
  }
}

TEST_CASE("balanced_weights: rows / (classes x rows of the class); their mean over the rows is 1") {
  const Dataset dataset = make_dataset(samples({0, 0, 0, 0, 0, 0, 0, 0}, {0, 0, 0, 1}), Classes);
  const Values weights = balanced_weights(dataset);
  CHECK(weights[0] == doctest::Approx(4.0 / 9));
  CHECK(weights[1] == doctest::Approx(4.0 / 3));
  CHECK(weights[2] == 1);
}

}  // namespace insitu::desktop
