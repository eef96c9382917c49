/// NPZ with named tensors.
#pragma once

#include <span>
#include <string>

#include "../bytes.h"
#include "tensors.h"

namespace insitu::desktop {

/// All arrays of an NPZ file. Throws Error, which begins with `name`, for what is not NPY in it, and for a name that occurs twice.
Tensors read_npz(std::span<const unsigned char> bytes, const std::string& name);

/// As numpy.savez writes them: NPY version 1.0, float32 in C order, stored.
Bytes write_npz(const Tensors& tensors);

}  // namespace insitu::desktop
