// expects: CrossEntropy takes Softmax or Identity, BinaryCrossEntropy Sigmoid or Identity, MeanSquaredError and Huber any but Softmax
#include <insitu/insitu.h>
using namespace insitu;

#ifdef FIXED
using Model = Network<Dense<4, 3, Identity>>;
#else
using Model = Network<Dense<4, 3, Softmax>>;
#endif

Trainer<Model, Huber, Sgd, Batch<8>> trainer;
