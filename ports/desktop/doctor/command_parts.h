/// What the doctor's commands have in common: a network as options say it.
#pragma once

#include <string>

#include "architecture.h"

namespace insitu::desktop::doctor {

/// "4,5,3", "tanh,softmax", a loss, and the mean, where it is not the usual one. Throws Error for what is none.
Architecture architecture(const std::string& dims, const std::string& activations, const std::string& loss, const std::string& mean);

}  // namespace insitu::desktop::doctor
