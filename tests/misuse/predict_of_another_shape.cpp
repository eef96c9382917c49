// expects: write Vector<inputs of the network>
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<Dense<4, 3, Softmax>>;
#ifdef FIXED
using Input = Vector<4>;
#else
using Input = Vector<5>;
#endif

Vector<3> probabilities(const Parameters<Model>& parameters, const Input& input) { return predict<Model>(parameters, input); }
