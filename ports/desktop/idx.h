/// IDX, the format of MNIST: big-endian sizes and numbers (unsigned and signed bytes, int16, int32, float32, float64).
#pragma once

#include <span>
#include <string>

#include "array.h"

namespace insitu::desktop {

/// Two zero bytes, a known type and at least one dimension.
bool is_idx(std::span<const unsigned char> bytes);

/// Throws Error, which begins with `name`, for whatever is not a whole file of this format with at least one number.
Array read_idx(std::span<const unsigned char> bytes, const std::string& name);

}  // namespace insitu::desktop
