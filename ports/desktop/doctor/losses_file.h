/// Losses: the curve that a user saw, as their program printed it.
#pragma once

#include <string>
#include <vector>

#include "../bytes.h"

namespace insitu::desktop::doctor {

struct Losses {
  std::string name;            ///< where they come from
  std::vector<double> steps;   ///< rising; 0, 1, ... where the file has losses alone
  std::vector<double> values;  ///< NaN and Inf are part of what was seen
  bool epochs = false;         ///< the steps are epochs, each value the mean of one

  bool empty() const { return values.empty(); }
};

/// CSV: losses alone, or step and loss, or a header with a column whose name has "loss" in it (the first with "train" there, otherwise the first), and the steps in a column
/// named step, epoch or iteration. Throws Error in one sentence, which begins with `name`.
Losses read_losses(const Bytes& bytes, const std::string& name);

}  // namespace insitu::desktop::doctor
