// expects: every layer is frozen, there is nothing to train: take Frozen off at least one
#include <insitu/insitu.h>
using namespace insitu;

#ifdef FIXED
using Model = Network<Frozen<Dense<4, 8, Relu>>, Dense<8, 3, Softmax>>;
#else
using Model = Network<Frozen<Dense<4, 8, Relu>>, Frozen<Dense<8, 3, Softmax>>>;
#endif

Trainer<Model, CrossEntropy, Sgd, Batch<8>> trainer;
