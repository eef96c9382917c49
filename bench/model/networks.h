/// The networks that are measured. Shapes only by name; activations as one would choose them.
#pragma once

#include "model/insitu.h"

namespace insitu::bench {

using Images = Network<Dense<12288, 64, Relu>, Dense<64, 1, Sigmoid>>;
using Digits28 = Network<Dense<784, 128, Relu>, Dense<128, 10, Softmax>>;
using Digits8 = Network<Dense<64, 32, Relu>, Dense<32, 10, Softmax>>;
using Control = Network<Dense<16, 32, Tanh>, Dense<32, 4, Tanh>>;
using Tiny = Network<Dense<4, 8, Tanh>, Dense<8, 1, Tanh>>;
using Xor = Network<Dense<2, 3, Sigmoid>, Dense<3, 1, Sigmoid>>;
using Odd33 = Network<Dense<33, 17, Relu>, Dense<17, 5, Softmax>>;
using Odd100 = Network<Dense<100, 50, Relu>, Dense<50, 3, Softmax>>;
using Odd13 = Network<Dense<13, 7, Tanh>, Dense<7, 1, Sigmoid>>;
/// MLPerf Tiny's anomaly detector.
using Autoencoder =
    Network<Dense<640, 128, Relu>, Dense<128, 128, Relu>, Dense<128, 128, Relu>, Dense<128, 128, Relu>, Dense<128, 8, Relu>,
            Dense<8, 128, Relu>, Dense<128, 128, Relu>, Dense<128, 128, Relu>, Dense<128, 128, Relu>, Dense<128, 640, Identity>>;

}  // namespace insitu::bench
