// expects: Softmax belongs to the last layer: write Relu, Tanh or Sigmoid in the layers before it
#include <insitu/insitu.h>
using namespace insitu;

#ifdef FIXED
using Model = Network<Dense<4, 8, Relu>, Dense<8, 3, Softmax>>;
#else
using Model = Network<Dense<4, 8, Softmax>, Dense<8, 3, Softmax>>;
#endif

Parameters<Model> parameters;
