// expects: a Network needs at least one layer: write Network<Dense<In, Out, Activation>>
#include <insitu/insitu.h>
using namespace insitu;

#ifdef FIXED
using Model = Network<Dense<4, 3>>;
#else
using Model = Network<>;
#endif

Parameters<Model> parameters;
