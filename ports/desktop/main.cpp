// insitu, the program of one network: INSITU_NETWORK is its header, in quotes, which declares Model and, where wanted, Training. Otherwise the loss
// follows from the output activation, and INSITU_OPTIMIZER (sgd, momentum, nesterov, rmsprop, adam, adamw) and INSITU_BATCH are the rest of it.
#ifndef INSITU_NETWORK
#define INSITU_NETWORK "networks/digits.h"
#endif
#ifndef INSITU_OPTIMIZER
#define INSITU_OPTIMIZER momentum
#endif
#ifndef INSITU_BATCH
#define INSITU_BATCH 32
#endif
#include INSITU_NETWORK

#include <filesystem>

#include "command_line.h"

namespace optimizers {
using sgd = insitu::Sgd;
using momentum = insitu::Momentum;
using nesterov = insitu::Nesterov;
using rmsprop = insitu::RmsProp;
using adam = insitu::Adam;
using adamw = insitu::AdamW;
}  // namespace optimizers

// ::Training is the header's where it declares one: a qualified name is looked up in the namespace itself before its using-directives.
namespace standard {
using Training = insitu::desktop::StandardTrainer<::Model, optimizers::INSITU_OPTIMIZER, INSITU_BATCH>;
}
using namespace standard;  // NOLINT(google-build-using-namespace)

int main(int argc, char** argv) {
  return insitu::desktop::command_line<::Training>(argc, argv, std::filesystem::path(INSITU_NETWORK).stem().string());
}
