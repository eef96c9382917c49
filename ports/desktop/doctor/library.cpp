#include "library.h"

namespace insitu::desktop::doctor {

std::span<const Kind> library() {
  static const std::vector<Kind> kinds = [] {
    std::vector<Kind> all;
    for (const auto& part : {faults_of_targets(), faults_of_slope(), faults_of_product(), faults_of_finish()})
      all.insert(all.end(), part.begin(), part.end());
    return all;
  }();
  return kinds;
}

std::vector<Fault> faults(const Architecture& network) {
  std::vector<Fault> all;
  for (const Kind& kind : library()) {
    for (Fault fault : kind.places(network)) {
      fault.kind = &kind;
      all.push_back(fault);
    }
  }
  return all;
}

}  // namespace insitu::desktop::doctor
