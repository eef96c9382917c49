/// Where in a network a kind of fault can be.
#pragma once

#include "library.h"

namespace insitu::desktop::doctor {

inline std::vector<Fault> layers_from_to(std::size_t first, std::size_t last) {
  std::vector<Fault> faults;
  for (std::size_t l = first; l <= last; ++l) faults.push_back({nullptr, l});
  return faults;
}

inline std::vector<Fault> once(const Architecture&) { return {Fault()}; }
inline std::vector<Fault> each_layer(const Architecture& network) { return layers_from_to(1, network.layers()); }
inline std::vector<Fault> above_first(const Architecture& network) { return layers_from_to(2, network.layers()); }

inline bool fused(const Architecture& network) { return Formulas(network, {}).fused(); }
inline bool logits(const Architecture& network) { return network.activations.back() == Activation::Identity; }

/// Each hidden layer, all of them together, and the output where its derivative is taken apart from the loss's.
inline std::vector<Fault> each_slope(const Architecture& network) {
  std::vector<Fault> faults = layers_from_to(1, network.layers() - 1);
  if (faults.size() > 1) faults.push_back(Fault());
  if (!fused(network) && !logits(network)) faults.push_back({nullptr, network.layers()});
  return faults;
}

/// 1 and -1: moved down or up by one
inline std::vector<Fault> both_ways(const Architecture&) { return {{nullptr, 0, 0, 1.0}, {nullptr, 0, 0, -1.0}}; }

}  // namespace insitu::desktop::doctor
