#include "ports/desktop/metrics.h"

#include <doctest/doctest.h>

#include <cmath>

namespace insitu::desktop {

TEST_CASE("Confusion: rows are actual classes, columns predicted ones") {
  Confusion confusion(3);
  for (int k = 0; k < 3; ++k) confusion.add(0, 0);
  confusion.add(0, 1);
  confusion.add(1, 1);
  CHECK(confusion.count(0, 1) == 1);
  CHECK(confusion.count(1, 0) == 0);
  CHECK(confusion.total() == 5);
  CHECK(confusion.right() == 4);
  CHECK(confusion.accuracy() == doctest::Approx(0.8));
  CHECK(confusion.text({"cat", "dog", "horse"}) ==
        "rows: actual class, columns: predicted class\n"
        "          cat   dog horse  found\n"
        "    cat     3     1     .  75.0 %\n"
        "    dog     .     1     . 100.0 %\n"
        "  horse     .     .     .      -\n");
  CHECK(Confusion(2).accuracy() == 0);
}

TEST_CASE("Confusion: above 20 classes the most frequent confusions are named") {
  Confusion confusion(21);
  confusion.add(3, 5);
  confusion.add(20, 1);
  confusion.add(20, 1);
  confusion.add(7, 7);
  CHECK(confusion.text() == "the most frequent confusions of 21 classes:\n  20 taken for 1: 2\n  3 taken for 5: 1\n");
}

TEST_CASE("regression: RMSE, MAE, R2, each output against its own mean") {
  const float targets[] = {1, 10, 3, 30}, exact[] = {1, 10, 3, 30}, values[] = {2, 10, 3, 28}, means[] = {2, 20, 2, 20};
  CHECK(regression(exact, targets, 2).rmse == 0);
  CHECK(regression(exact, targets, 2).r2 == 1);
  CHECK(regression(means, targets, 2).r2 == doctest::Approx(0));
  const Regression result = regression(values, targets, 2);
  CHECK(result.rmse == doctest::Approx(std::sqrt(5.0 / 4)));
  CHECK(result.mae == doctest::Approx(3.0 / 4));
  CHECK(result.r2 == doctest::Approx(1 - 5.0 / 202));
  const float constant[] = {4, 4};
  CHECK(std::isnan(regression(constant, constant, 1).r2));
}

TEST_CASE("largest: the first of equals") {
  const float outputs[] = {0.1f, 0.7f, 0.7f};
  CHECK(largest(outputs) == 1);
}

}  // namespace insitu::desktop
