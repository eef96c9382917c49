// expects: step(trained, factory, inputs, targets)
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<Frozen<Dense<4, 8, Relu>>, Dense<8, 3, Softmax>>;
using Tuning = Trainer<Model, CrossEntropy, Sgd, Batch<8>>;

float train(Tuning& trainer, [[maybe_unused]] Trained<Model>& trained, Parameters<Model>& factory, const Matrix<8, 4>& inputs,
            const Vector<8, int>& labels) {
#ifdef FIXED
  return trainer.step(trained, factory, inputs, labels);
#else
  return trainer.step(factory, inputs, labels);
#endif
}
