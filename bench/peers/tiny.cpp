// Inference of tens of nanoseconds, and XOR.
#include "bench/model/networks.h"
#include "network.h"

namespace insitu::peers {

std::vector<Plan> tiny_networks() {
  using namespace bench;
  constexpr int Epochs = 50000;
  Plan xor_epochs = training<Xor, BinaryCrossEntropy, 4>("2-3-1 XOR 50,000 epochs", Epochs);
#if INSITU_PEER_EIGEN
  xor_epochs.make = [make = xor_epochs.make] {
    Workload work = make();
    const auto task = std::make_shared<Task<Xor, 4>>();
    const auto by_hand = std::make_shared<EigenLazy::Xor>();
    by_hand->W = Eigen::Map<const Eigen::Matrix<float, 2, 3, Eigen::RowMajor>>(task->parameters.layer.weights.data);
    by_hand->b = Eigen::Map<const Eigen::Matrix<float, 1, 3>>(task->parameters.layer.bias.data);
    by_hand->v = Eigen::Map<const Eigen::Matrix<float, 3, 1>>(task->parameters.next.layer.weights.data);
    by_hand->c = task->parameters.next.layer.bias[0];
    const auto loss = std::make_shared<float>(0.0f);
    work.candidates.push_back({"Eigen by hand", [=](long n) {
                                 for (long k = 0; k < n * Epochs; ++k)
                                   *loss += by_hand->step(task->x.data, task->t.data, task->learning_rate);
                               }});
    return work;
  };
#endif
  return {xor_epochs, inference<Control, 1>("16-32-4 tanh infer 1"), inference<Tiny, 1>("4-8-1 tanh infer 1")};
}

}  // namespace insitu::peers
