// expects: that layer must be a Dense that is trained whole
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<BiasOnly<Dense<4, 8, Relu>>, Dense<8, 3, Softmax>>;

float train(const Parameters<Model>& factory, const Matrix<1, 4>& inputs, const Vector<1, int>& label) {
#ifdef FIXED
  static Trained<Model> trained;
  Trainer<Model, CrossEntropy, Sgd, Batch<1>> trainer{};
  return trainer.step(trained, factory, inputs, label);
#else
  OnlineTrainer<Model, CrossEntropy> trainer;
  return trainer.step(factory, inputs, label);
#endif
}
