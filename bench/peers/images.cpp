// [12288, 64, 1]: three megabytes of weights, in L3.
#include "bench/model/networks.h"
#include "network.h"

namespace insitu::peers {

std::vector<Plan> image_networks() {
  using bench::Images;
  return {training<Images, BinaryCrossEntropy, 1>("12288-64-1 train 1"), training<Images, BinaryCrossEntropy, 10>("12288-64-1 train 10"),
          training<Images, BinaryCrossEntropy, 32>("12288-64-1 train 32"), inference<Images, 1>("12288-64-1 infer 1"),
          inference<Images, 10>("12288-64-1 infer 10")};
}

}  // namespace insitu::peers
