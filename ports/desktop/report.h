/// Report: how well outputs match targets, as a number for each epoch and as text at the end.
#pragma once

#include <span>
#include <string>

#include "dataset.h"

namespace insitu::desktop {

/// The one number that tells how good the outputs (rows x outputs) are: the share that is right, in percent; for Task::Values the RMSE.
double score(std::span<const float> outputs, const Dataset& dataset);
/// "accuracy" or "RMSE"
const char* score_name(Task task);
/// "95.4 %" or "0.1234"
std::string score_text(Task task, double score);

/// The confusion table, or errors of values. The last line is `<what> accuracy: 95.4 %` (or, for values, `<what> RMSE ..., MAE ..., R2 ...`).
std::string report(std::span<const float> outputs, const Dataset& dataset, const std::string& what);

/// What the outputs for one sample say: class and its probability; 0 or 1 and the probability of 1; or the values.
std::string prediction(std::span<const float> outputs, Task task, const std::vector<std::string>& classes);

}  // namespace insitu::desktop
