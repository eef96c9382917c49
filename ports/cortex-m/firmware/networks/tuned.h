/// 64-32-10, its first layer left in flash as the factory trained it.
#pragma once

#include <insitu/insitu.h>

using Model = insitu::Network<insitu::Frozen<insitu::Dense<64, 32, insitu::Relu>>, insitu::Dense<32, 10, insitu::Softmax>>;
