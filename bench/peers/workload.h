/// A piece of work, the ways of doing it, and the least time it could take.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "timing.h"

namespace insitu::peers {

/// How far a peer's result is from insitu's, relative to the largest number there (outputs) or the largest change (trained parameters).
struct Difference {
  std::string peer;
  double relative;
};
inline constexpr double Tolerance = 1e-3;

struct Workload {
  std::string name;
  double floor = 0;                        ///< seconds
  std::vector<Candidate> candidates = {};  ///< the first is insitu
  std::vector<Difference> differences = {};
};

/// Made when its turn comes, so that no more than one lies in memory.
struct Plan {
  std::string name;
  std::function<Workload()> make;
};

std::vector<Plan> image_networks();
std::vector<Plan> digit_networks();
std::vector<Plan> small_networks();
std::vector<Plan> tiny_networks();
std::vector<Plan> autoencoder();
std::vector<Plan> products();
std::vector<Plan> elementwise();

}  // namespace insitu::peers
