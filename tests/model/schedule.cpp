#include "model/schedule.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace insitu;

TEST_CASE("schedules: warm-up climbs in equal steps and ends at the rate") {
  const ConstantSchedule s{.rate = 0.4f, .warm_up = {4}};
  CHECK(s(0) == doctest::Approx(0.1));
  CHECK(s(1) == doctest::Approx(0.2));
  CHECK(s(2) == doctest::Approx(0.3));
  CHECK(s(3) == 0.4f);
  CHECK(s(4) == 0.4f);
  CHECK(s(1000000) == 0.4f);
  CHECK(ConstantSchedule{.rate = 0.4f}(0) == 0.4f);
}

TEST_CASE("StepSchedule: falls by the factor every so many steps after the warm-up") {
  const StepSchedule s{.rate = 1.0f, .every = 10, .factor = 0.5f, .warm_up = {5}};
  CHECK(s(0) == doctest::Approx(0.2));
  CHECK(s(5) == 1.0f);
  CHECK(s(14) == 1.0f);
  CHECK(s(15) == 0.5f);
  CHECK(s(24) == 0.5f);
  CHECK(s(25) == 0.25f);
  CHECK(StepSchedule{.rate = 1.0f, .every = 3}(3) == 0.1f);
}

TEST_CASE("CosineSchedule: half a cosine from the rate to the last, which then stays") {
  const CosineSchedule s{.rate = 0.1f, .total = 100, .last = 0.01f, .warm_up = {10}};
  CHECK(s(9) == 0.1f);
  CHECK(s(10) == doctest::Approx(0.1));
  CHECK(s(60) == doctest::Approx(0.055).epsilon(1e-5));
  CHECK(s(110) == 0.01f);
  CHECK(s(5000) == 0.01f);
  for (int k = 0; k < 100; ++k) {
    const double want = 0.01 + 0.09 * (1 + std::cos(3.14159265358979 * k / 100)) / 2;
    CHECK(std::fabs(static_cast<double>(s(10 + k)) - want) < 2e-8);
  }
}

TEST_CASE("schedules: never negative, never above the rate, never rising after the warm-up") {
  const CosineSchedule cosine{.rate = 0.3f, .total = 57, .warm_up = {3}};
  const StepSchedule step{.rate = 0.3f, .every = 7, .warm_up = {3}};
  for (int k = 3; k < 80; ++k) {
    CHECK((cosine(k) >= 0.0f && cosine(k) <= 0.3f && (k == 3 || cosine(k) <= cosine(k - 1))));
    CHECK((step(k) >= 0.0f && step(k) <= 0.3f && (k == 3 || step(k) <= step(k - 1))));
  }
}
