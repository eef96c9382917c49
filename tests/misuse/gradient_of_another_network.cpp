// expects: the gradient has the shape of what is trained
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<Dense<4, 3, Softmax>>;
using Other = Network<Dense<4, 2, Softmax>>;
using Tuning = Trainer<Model, CrossEntropy, Sgd, Batch<8>>;
#ifdef FIXED
using Gradient = Parameters<Model>;
#else
using Gradient = Parameters<Other>;
#endif

float differentiate(Tuning& trainer, const Parameters<Model>& parameters, const Matrix<8, 4>& inputs, const Vector<8, int>& labels,
                    Gradient& gradient) {
  return trainer.gradient(parameters, inputs, labels, gradient);
}
