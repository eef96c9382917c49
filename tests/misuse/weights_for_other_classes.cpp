// expects: one weight for each output: write WeightedCrossEntropy<outputs of the network>
#include <insitu/insitu.h>
using namespace insitu;

#ifdef FIXED
using Loss = WeightedCrossEntropy<3>;
#else
using Loss = WeightedCrossEntropy<4>;
#endif
using Model = Network<Dense<4, 3, Softmax>>;

float train(Trainer<Model, Loss, Sgd, Batch<2>>& trainer, Parameters<Model>& parameters, const Matrix<2, 4>& inputs,
            const Vector<2, int>& labels) {
  return trainer.step(parameters, inputs, labels);
}
