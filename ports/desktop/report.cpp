#include "report.h"

#include <cstdio>

#include "metrics.h"

namespace insitu::desktop {
namespace {

template <class... Values>
std::string formatted(const char* format, Values... values) {
  char text[160];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

std::size_t yes(float value) { return value >= 0.5f ? 1 : 0; }

/// Classes of the largest output; for Task::Binary both answers of all outputs together.
Confusion confusion_of(std::span<const float> outputs, const Dataset& dataset) {
  const std::size_t n = dataset.shape.outputs;
  if (dataset.shape.task == Task::Binary) {
    Confusion confusion(2);
    for (std::size_t k = 0; k < outputs.size(); ++k) confusion.add(yes(dataset.targets[k]), yes(outputs[k]));
    return confusion;
  }
  Confusion confusion(n);
  for (std::size_t row = 0; row < dataset.rows; ++row)
    confusion.add(static_cast<std::size_t>(dataset.labels[row]), largest(outputs.subspan(row * n, n)));
  return confusion;
}

}  // namespace

double score(std::span<const float> outputs, const Dataset& dataset) {
  if (dataset.shape.task == Task::Values) return regression(outputs, dataset.targets, dataset.shape.outputs).rmse;
  return 100 * confusion_of(outputs, dataset).accuracy();
}

const char* score_name(Task task) { return task == Task::Values ? "RMSE" : "accuracy"; }

std::string score_text(Task task, double score) { return formatted(task == Task::Values ? "%.5g" : "%.1f %%", score); }

std::string report(std::span<const float> outputs, const Dataset& dataset, const std::string& what) {
  if (dataset.shape.task == Task::Values) {
    const Regression errors = regression(outputs, dataset.targets, dataset.shape.outputs);
    return what + formatted(" RMSE %.5g, MAE %.5g, R2 %.4f\n", errors.rmse, errors.mae, errors.r2);
  }
  const Confusion confusion = confusion_of(outputs, dataset);
  return confusion.text(dataset.classes) + what + " accuracy: " + score_text(dataset.shape.task, 100 * confusion.accuracy()) + "\n";
}

std::string prediction(std::span<const float> outputs, Task task, const std::vector<std::string>& classes) {
  std::string text;
  if (task == Task::Classes) {
    const std::size_t c = largest(outputs);
    return (c < classes.size() ? classes[c] : std::to_string(c)) + formatted(" %.4f", static_cast<double>(outputs[c]));
  }
  for (const float value : outputs) {
    if (!text.empty()) text += ' ';
    if (task == Task::Binary)
      text +=
          (yes(value) < classes.size() ? classes[yes(value)] : std::to_string(yes(value))) + formatted(" %.4f", static_cast<double>(value));
    if (task == Task::Values) text += formatted("%.9g", static_cast<double>(value));
  }
  return text;
}

}  // namespace insitu::desktop
