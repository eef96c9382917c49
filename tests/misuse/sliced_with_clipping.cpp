// expects: slice a trainer without ClipNorm
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<Dense<4, 8, Relu>, Dense<8, 3, Softmax>>;

Progress train(Parameters<Model>& parameters, const Matrix<2, 4>& inputs, const Vector<2, int>& labels) {
#ifdef FIXED
  static SlicedTrainer<Trainer<Model, CrossEntropy, Sgd, Batch<2>>> sliced{};
#else
  static SlicedTrainer<Trainer<Model, CrossEntropy, ClipNorm<Sgd>, Batch<2>>> sliced{};
#endif
  sliced.begin();
  return sliced.run(parameters, inputs, labels, 1000);
}
