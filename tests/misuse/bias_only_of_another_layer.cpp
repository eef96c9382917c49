// expects: BiasOnly takes a Dense layer: write BiasOnly<Dense<In, Out, Activation>>
#include <insitu/insitu.h>
using namespace insitu;

#ifdef FIXED
using Model = Network<BiasOnly<Dense<4, 8, Relu>>, Dense<8, 3>>;
#else
using Model = Network<BiasOnly<Frozen<Dense<4, 8, Relu>>>, Dense<8, 3>>;
#endif

Parameters<Model> parameters;
