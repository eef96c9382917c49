/// group: the letters of tensors put together to mistakes, fewest first: a delta that is scaled scales every tensor below it.
#pragma once

#include "diagnosis.h"

namespace insitu::desktop::doctor {

/// A Cause for each group of tensors with the same letter ('c': with the same scale, to 10 times the tolerance). Those that are equal have none.
std::vector<Cause> group(std::span<const Comparison> letters, double tolerance);

/// Of gradients that are all scaled: whether their norms are those of a gradient clipped by norm.
std::vector<Reading> clipped_norm(std::span<const Layers> user, std::span<const Layers> right, std::span<const double> scale);

/// The gradient of the batch before is still in it. Not in the library, as its prediction needs the user's gradient.
Kind not_zeroed_kind();

}  // namespace insitu::desktop::doctor
