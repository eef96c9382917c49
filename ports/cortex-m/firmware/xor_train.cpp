// Training of all of 2-3-1 by gradient descent on the four rows of the exclusive or; status 0 when it has learnt it. The parameters are static, the
// trainer lies on the stack.
#include "networks.h"

using namespace insitu;

alignas(Alignment) static Parameters<Xor> parameters;
static constexpr Matrix<4, 2> Inputs = {{0, 0, 0, 1, 1, 0, 1, 1}};
static constexpr Matrix<4, 1> Targets = {{0, 1, 1, 0}};

int main() {
#if defined(RANDOM_START)
  initialize(parameters, Glorot{}, Random{7});
#else
  parameters = xor_weights;
#endif
  Trainer<Xor, MeanSquaredError, Sgd, Batch<4>> trainer{.optimizer = {.learning_rate = 4.0f}};
  float loss = 1.0f;
  for (int step = 0; step < 4000; ++step) loss = trainer.step(parameters, Inputs, Targets);
  return loss < 0.01f ? 0 : 1;
}
