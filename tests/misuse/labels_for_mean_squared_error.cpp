// expects: write Matrix<batch, outputs of the network>
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<Dense<4, 3>>;
#ifdef FIXED
using Loss = CrossEntropy;
#else
using Loss = MeanSquaredError;
#endif

float train(Trainer<Model, Loss, Sgd, Batch<8>>& trainer, Parameters<Model>& parameters, const Matrix<8, 4>& inputs,
            const Vector<8, int>& labels) {
  return trainer.step(parameters, inputs, labels);
}
