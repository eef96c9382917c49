/// Handwritten digits of 8 x 8 pixels: 64-32-10, ReLU and softmax. Trains on optdigits, or on scikit-learn's digits.csv.gz.
#pragma once

#include <insitu/insitu.h>

using Model = insitu::Network<insitu::Dense<64, 32, insitu::Relu>, insitu::Dense<32, 10, insitu::Softmax>>;
