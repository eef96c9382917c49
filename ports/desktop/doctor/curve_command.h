/// insitu doctor curve: why a loss does what it does, and what cures it.
#pragma once

#include "../command.h"

namespace insitu::desktop::doctor {

/// Prints the report, and writes the page where one is asked for. 0 where the run learns and nothing is wrong, otherwise 1. Throws Error for what cannot be read.
int explain_curve(const CurveOptions& options);

}  // namespace insitu::desktop::doctor
