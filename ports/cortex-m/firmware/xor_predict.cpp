// Inference alone: 2-3-1, weights in flash.
#include "networks.h"

using namespace insitu;

int main() {
  Vector<2> input;
  for (float& x : input) x = sensor();
  return predict<Xor>(xor_weights, input)[0] > 0.5f ? 1 : 0;
}
