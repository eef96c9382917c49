/// insitu doctor check: whose gradient is wrong, and how. insitu doctor probe: the file that the gradients are put into.
#pragma once

#include "../command.h"

namespace insitu::desktop::doctor {

/// Prints the diagnosis. 0 where the gradients are right, 1 where they are not. Throws Error for what is no probe.
int check_gradients(const CheckOptions& options);

/// Writes a probe and, beside it, the numpy code that fills it in.
int make_probe(const ProbeOptions& options);

}  // namespace insitu::desktop::doctor
