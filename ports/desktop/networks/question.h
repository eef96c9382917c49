/// A yes-or-no network for colour pictures of 64 x 64 pixels: 12288-64-1, ReLU and sigmoid.
#pragma once

#include <insitu/insitu.h>

using Model = insitu::Network<insitu::Dense<12288, 64, insitu::Relu>, insitu::Dense<64, 1, insitu::Sigmoid>>;
