// Networks whose weights lie in L1, and shapes that no vector divides.
#include "bench/model/networks.h"
#include "network.h"

namespace insitu::peers {

std::vector<Plan> small_networks() {
  using namespace bench;
  return {training<Digits8, CrossEntropy, 1>("64-32-10 train 1"),
          training<Digits8, CrossEntropy, 8>("64-32-10 train 8"),
          inference<Digits8, 1>("64-32-10 infer 1"),
          training<Odd33, CrossEntropy, 8>("33-17-5 train 8"),
          inference<Odd33, 1>("33-17-5 infer 1"),
          training<Odd100, CrossEntropy, 8>("100-50-3 train 8"),
          inference<Odd100, 1>("100-50-3 infer 1"),
          training<Odd13, BinaryCrossEntropy, 8>("13-7-1 train 8"),
          inference<Odd13, 1>("13-7-1 infer 1")};
}

}  // namespace insitu::peers
