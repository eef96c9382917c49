/// The exclusive or: 2-3-1, sigmoid twice, all four rows in each step of plain gradient descent.
#pragma once

#include <insitu/insitu.h>

using Model = insitu::Network<insitu::Dense<2, 3, insitu::Sigmoid>, insitu::Dense<3, 1, insitu::Sigmoid>>;
using Training = insitu::Trainer<Model, insitu::MeanSquaredError, insitu::Sgd, insitu::Batch<4>>;
