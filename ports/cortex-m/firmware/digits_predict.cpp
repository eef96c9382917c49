// Inference alone: 64-32-10, weights in flash. The status is the most probable class.
#include "networks.h"

using namespace insitu;

int main() {
  Vector<64> input;
  for (float& x : input) x = sensor();
  const Vector<10> probabilities = predict<Digits>(digits_weights, input);
  int best = 0;
  for (int j = 1; j < 10; ++j) {
    if (probabilities[j] > probabilities[best]) best = j;
  }
  return best;
}
