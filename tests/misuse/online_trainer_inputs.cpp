// expects: write Matrix<batch, inputs of the network>
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<Dense<4, 8, Relu>, Dense<8, 3, Softmax>>;

#ifdef FIXED
using Sample = Matrix<1, 4>;
#else
using Sample = Matrix<1, 5>;
#endif

float train(OnlineTrainer<Model, CrossEntropy>& trainer, const Sample& input, const Vector<1, int>& label) {
  return trainer.step(input, label);
}
