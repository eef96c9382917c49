// The same from random weights: the generator and the distribution as well.
#define RANDOM_START
#include "xor_train.cpp"
