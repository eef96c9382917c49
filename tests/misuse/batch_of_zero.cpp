// expects: a batch holds at least one sample: write Batch<1> or more
#include <insitu/insitu.h>
using namespace insitu;

#ifdef FIXED
using Samples = Batch<1>;
#else
using Samples = Batch<0>;
#endif

Trainer<Network<Dense<4, 3>>, MeanSquaredError, Sgd, Samples> trainer;
