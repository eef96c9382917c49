/// Fisher's irises: 4-16-3, ReLU and softmax. Trains on scikit-learn's iris.csv.
#pragma once

#include <insitu/insitu.h>

using Model = insitu::Network<insitu::Dense<4, 16, insitu::Relu>, insitu::Dense<16, 3, insitu::Softmax>>;
