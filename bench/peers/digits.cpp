// [784, 128, 10]: 400 KB of weights, in L2.
#include "bench/model/networks.h"
#include "network.h"

namespace insitu::peers {

std::vector<Plan> digit_networks() {
  using bench::Digits28;
  return {training<Digits28, CrossEntropy, 1>("784-128-10 train 1"), training<Digits28, CrossEntropy, 4>("784-128-10 train 4"),
          training<Digits28, CrossEntropy, 32>("784-128-10 train 32"), inference<Digits28, 1>("784-128-10 infer 1"),
          inference<Digits28, 32>("784-128-10 infer 32")};
}

}  // namespace insitu::peers
