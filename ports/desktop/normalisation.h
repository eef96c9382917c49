/// Normalisation: x' = (x - offset) * scale for each feature, computed from the training set and kept with the model.
#pragma once

#include <string>
#include <vector>

#include "dataset.h"

namespace insitu::desktop {

/// Both empty: no normalisation.
struct Normalisation {
  std::vector<float> offset;
  std::vector<float> scale;

  /// mode "none"; "standard": each feature to mean 0 and deviation 1; "range": the whole set from its smallest to its largest number to [0, 1], right for
  /// images. A feature that never changes becomes 0. Throws Error for another mode.
  static Normalisation of(const Dataset& training, const std::string& mode);

  /// Throws Error where the number of features differs.
  void apply(Dataset& dataset) const;
};

}  // namespace insitu::desktop
