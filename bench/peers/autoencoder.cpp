// MLPerf Tiny's anomaly detector.
#include "bench/model/networks.h"
#include "network.h"

namespace insitu::peers {

std::vector<Plan> autoencoder() {
  using bench::Autoencoder;
  return {training<Autoencoder, MeanSquaredError, 1>("autoencoder train 1"),
          training<Autoencoder, MeanSquaredError, 16>("autoencoder train 16"), inference<Autoencoder, 1>("autoencoder infer 1"),
          inference<Autoencoder, 16>("autoencoder infer 16")};
}

}  // namespace insitu::peers
