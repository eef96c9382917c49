// expects: the inputs of each layer must be the outputs of the one before: write Dense<64, 32>, Dense<32, 10>
#include <insitu/insitu.h>
using namespace insitu;

#ifdef FIXED
using Model = Network<Dense<4, 8, Relu>, Dense<8, 3, Softmax>>;
#else
using Model = Network<Dense<4, 8, Relu>, Dense<16, 3, Softmax>>;
#endif

Parameters<Model> parameters;
