#include "ports/desktop/report.h"

#include <doctest/doctest.h>

namespace insitu::desktop {
namespace {

Dataset dataset(Shape shape, std::vector<float> targets, std::vector<int> labels = {}, std::vector<std::string> classes = {}) {
  const std::size_t rows = targets.size() / shape.outputs;
  return {"x.csv", shape, rows, std::vector<float>(rows * shape.inputs, 0.0f), std::move(targets), std::move(labels), std::move(classes)};
}

}  // namespace

TEST_CASE("report: classes") {
  const Dataset data = dataset({1, 2, Task::Classes}, {1, 0, 0, 1, 0, 1}, {0, 1, 1});
  const float outputs[] = {0.9f, 0.1f, 0.6f, 0.4f, 0.2f, 0.8f};
  CHECK(score(outputs, data) == doctest::Approx(200.0 / 3));
  CHECK(report(outputs, data, "test").ends_with("\ntest accuracy: 66.7 %\n"));
  CHECK(prediction(std::span(outputs).first(2), Task::Classes, {}) == "0 0.9000");
  CHECK(prediction(std::span(outputs).first(2), Task::Classes, {"cat", "dog"}) == "cat 0.9000");
}

TEST_CASE("report: yes or no, each output for itself") {
  const Dataset data = dataset({1, 2, Task::Binary}, {1, 0, 1, 1});
  const float outputs[] = {0.5f, 0.1f, 0.3f, 0.8f};
  CHECK(score(outputs, data) == doctest::Approx(75));
  CHECK(prediction(std::span(outputs).first(2), Task::Binary, {}) == "1 0.5000 0 0.1000");
  CHECK(prediction(std::span(outputs).first(1), Task::Binary, {"no", "yes"}) == "yes 0.5000");
}

TEST_CASE("report: values") {
  const Dataset data = dataset({1, 1, Task::Values}, {1, 3});
  const float outputs[] = {1, 2};
  CHECK(report(outputs, data, "test") == "test RMSE 0.70711, MAE 0.5, R2 0.5000\n");
  CHECK(prediction(std::span(outputs).first(1), Task::Values, {}) == "1");
  CHECK(score_text(Task::Values, 0.70710678) == "0.70711");
}

}  // namespace insitu::desktop
