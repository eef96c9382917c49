#include "ports/desktop/normalisation.h"

#include <doctest/doctest.h>

#include <cmath>

#include "ports/desktop/error.h"

namespace insitu::desktop {
namespace {

Dataset rows_of(std::size_t features, std::vector<float> inputs) {
  const std::size_t rows = inputs.size() / features;
  return {"x.npy", {features, 1, Task::Values}, rows, std::move(inputs), {}, {}, {}};
}

}  // namespace

TEST_CASE("Normalisation: standard gives each feature mean 0 and deviation 1, and a constant feature 0") {
  Dataset training = rows_of(3, {1, 1000, 5, 2, 3000, 5, 6, 2000, 5});
  const Normalisation normalisation = Normalisation::of(training, "standard");
  CHECK(normalisation.offset == std::vector<float>{3, 2000, 5});
  CHECK(normalisation.scale[2] == 1);
  normalisation.apply(training);
  for (std::size_t i = 0; i < 3; ++i) {
    double mean = 0, square = 0;
    for (std::size_t row = 0; row < 3; ++row) {
      const auto x = static_cast<double>(training.input(row)[i]);
      mean += x / 3;
      square += x * x / 3;
    }
    CHECK(std::abs(mean) < 1e-6);
    CHECK(square == doctest::Approx(i == 2 ? 0.0 : 1.0));
  }
}

TEST_CASE("Normalisation: a feature constant but for rounding is constant") {
  const float x = 1e6f, next = std::nextafter(x, 2e6f);
  CHECK(Normalisation::of(rows_of(1, {x, x, x, next}), "standard").scale[0] == 1);
}

TEST_CASE("Normalisation: range maps the training set onto [0, 1]; the test set follows the training set") {
  Dataset training = rows_of(2, {10, 20, 30, 50}), test = rows_of(2, {10, 60});
  const Normalisation normalisation = Normalisation::of(training, "range");
  normalisation.apply(training);
  normalisation.apply(test);
  CHECK(training.inputs == std::vector<float>{0, 0.25f, 0.5f, 1});
  CHECK(test.inputs == std::vector<float>{0, 1.25f});
  CHECK(Normalisation::of(rows_of(2, {7, 7, 7, 7}), "range").scale[0] == 1);
}

TEST_CASE("Normalisation: none changes nothing; other modes and other sizes are refused") {
  Dataset training = rows_of(2, {10, 20, 30, 50});
  Normalisation::of(training, "none").apply(training);
  CHECK(training.inputs == std::vector<float>{10, 20, 30, 50});
  CHECK_THROWS_WITH_AS(Normalisation::of(training, "minmax"),
                       "the normalisation is one of none, standard and range, and 'minmax' was asked for", Error);
  const Normalisation of_three = Normalisation::of(rows_of(3, {1, 2, 3}), "range");
  CHECK_THROWS_WITH_AS(of_three.apply(training), "the normalisation is for 3 features, and x.npy has 2", Error);
}

}  // namespace insitu::desktop
