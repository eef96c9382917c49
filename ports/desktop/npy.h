/// NPY, numpy's file of one array: versions 1, 2 and 3; integers of 1 to 8 bytes, float32, float64, bool; both byte orders; C and Fortran order.
#pragma once

#include <span>
#include <string>

#include "array.h"

namespace insitu::desktop {

bool is_npy(std::span<const unsigned char> bytes);

/// Throws Error, which begins with `name`, for whatever is not a whole file of this format with at least one number.
Array read_npy(std::span<const unsigned char> bytes, const std::string& name);

}  // namespace insitu::desktop
