// expects: write Matrix<batch, inputs of the network>
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<Dense<4, 3, Softmax>>;
using Tuning = Trainer<Model, CrossEntropy, Sgd, Batch<8>>;
#ifdef FIXED
using Inputs = Matrix<8, 4>;
#else
using Inputs = Matrix<8, 5>;
#endif

float train(Tuning& trainer, Parameters<Model>& parameters, const Inputs& inputs, const Vector<8, int>& labels) {
  return trainer.step(parameters, inputs, labels);
}
