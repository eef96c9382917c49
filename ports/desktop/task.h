/// Task: what the outputs of a network mean, and so what its targets are.
#pragma once

#include <cstddef>

namespace insitu::desktop {

enum class Task {
  Classes,  ///< one class of several (softmax): targets are class indices, or one-hot rows
  Binary,   ///< yes or no for each output (sigmoid): targets from 0 to 1
  Values,   ///< regression: any finite number
};

/// What a network expects of a data set.
struct Shape {
  std::size_t inputs;
  std::size_t outputs;
  Task task;
};

}  // namespace insitu::desktop
