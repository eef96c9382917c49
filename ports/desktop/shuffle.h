/// shuffle: the one order in which samples are drawn, a function of seed and epoch alone, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

#include "model/initialize.h"

namespace insitu::desktop {

/// Fisher-Yates from the last to the first: element i changes places with one of 0 ... i.
inline void shuffle(std::span<std::uint32_t> order, Random& random) {
  for (std::size_t i = order.size(); i-- > 1;) std::swap(order[i], order[random.below(static_cast<std::uint32_t>(i + 1))]);
}

/// 0 ... rows - 1 in the order of an epoch. Epochs of one seed are unrelated: 0x9e3779b97f4a7c15 is 2^64 divided by the golden ratio, odd.
inline std::vector<std::uint32_t> epoch_order(std::size_t rows, std::uint64_t seed, std::uint64_t epoch) {
  std::vector<std::uint32_t> order(rows);
  std::iota(order.begin(), order.end(), 0u);
  Random random{seed ^ ((epoch + 1) * 0x9e3779b97f4a7c15u)};
  shuffle(order, random);
  return order;
}

}  // namespace insitu::desktop
