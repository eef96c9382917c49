// expects: insitu: Budget counts a trainer for the network it trains: write Budget<Network, Trainer<Network, ...>>
#include <insitu/insitu.h>

using namespace insitu;
using Small = Network<Dense<2, 3, Relu>, Dense<3, 2>>;
using Large = Network<Dense<4, 3, Relu>, Dense<3, 2>>;
#ifdef FIXED
using Tuned = Large;
#else
using Tuned = Small;
#endif

int main() { return Budget<Large, Trainer<Tuned, MeanSquaredError, Sgd, Batch<1>>>::ram > 2048; }
