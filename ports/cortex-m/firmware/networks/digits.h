/// 64-32-10, all layers trained by plain gradient descent, a sample a step.
#pragma once

#include <insitu/insitu.h>

using Model = insitu::Network<insitu::Dense<64, 32, insitu::Relu>, insitu::Dense<32, 10, insitu::Softmax>>;
