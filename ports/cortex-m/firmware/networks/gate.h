/// The exclusive or by cross-entropy: 2-3-1, sigmoid twice, RMSprop.
#pragma once

#include <insitu/insitu.h>

using Model = insitu::Network<insitu::Dense<2, 3, insitu::Sigmoid>, insitu::Dense<3, 1, insitu::Sigmoid>>;
using Training = insitu::Trainer<Model, insitu::BinaryCrossEntropy, insitu::RmsProp, insitu::Batch<4>>;
