// expects: to roll back to the factory needs the factory
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<Dense<4, 8, Relu>, Dense<8, 3, Softmax>>;
using Tuning = Trainer<Model, CrossEntropy, Sgd, Batch<2>>;

Event train(Parameters<Model>& parameters, const Parameters<Model>& factory, const Matrix<2, 4>& inputs, const Vector<2, int>& labels) {
  static SafeTrainer<Tuning, EveryStep, KeepFactory> safe{};
#ifdef FIXED
  return safe.step(parameters, factory, inputs, labels);
#else
  (void)factory;
  return safe.step(parameters, inputs, labels);
#endif
}
