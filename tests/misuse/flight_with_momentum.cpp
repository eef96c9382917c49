// expects: record with Sgd or SgdDecay
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<Dense<4, 8, Relu>, Dense<8, 3, Softmax>>;
#ifdef FIXED
using Safe = SafeTrainer<Trainer<Model, CrossEntropy, Sgd, Batch<2>>>;
#else
using Safe = SafeTrainer<Trainer<Model, CrossEntropy, Momentum, Batch<2>>>;
#endif

int flight() {
  static FlightRecorder<Safe, 4> recorder;
  return recorder.size();
}
