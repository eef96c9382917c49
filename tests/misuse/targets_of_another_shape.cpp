// expects: write Matrix<batch, outputs of the network>
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<Dense<4, 3>>;
using Tuning = Trainer<Model, MeanSquaredError, Sgd, Batch<8>>;
#ifdef FIXED
using Targets = Matrix<8, 3>;
#else
using Targets = Matrix<8, 2>;
#endif

float train(Tuning& trainer, Parameters<Model>& parameters, const Matrix<8, 4>& inputs, const Targets& targets) {
  return trainer.step(parameters, inputs, targets);
}
