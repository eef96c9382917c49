/// snippet: the Python code that fills the gradients of a user's code into a probe.
#pragma once

#include <string>

#include "probe_file.h"

namespace insitu::desktop::doctor {

std::string snippet(const Architecture& network, Convention convention, const std::string& probe);

}  // namespace insitu::desktop::doctor
