// expects: a Dense layer needs inputs and outputs: write Dense<1, 1> or more
#include <insitu/insitu.h>
using namespace insitu;

#ifdef FIXED
using Model = Network<Dense<1, 3>>;
#else
using Model = Network<Dense<0, 3>>;
#endif

Parameters<Model> parameters;
