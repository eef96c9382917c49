// Inference, and training of the last layer of 64-32-10 sample by sample; the first layer stays in flash.
#include <new>

#include "networks.h"

using namespace insitu;

using Tuned = Network<Frozen<Dense<64, 32, Relu>>, Dense<32, 10, Softmax>>;
alignas(Alignment) static Trained<Tuned> trained;
using Tuning = Trainer<Tuned, CrossEntropy, Sgd, Batch<1>>;
alignas(Alignment) static unsigned char trainer_memory[sizeof(
    Tuning)];  // zero until main: a static Tuning would be copied from flash for its defaults

int main() {
  trained.next.layer = digits_weights.next.layer;
  Tuning& trainer = *new (trainer_memory) Tuning{.optimizer = {.learning_rate = 0.02f}};
  Matrix<1, 64> input;
  for (int step = 0; step < 10; ++step) {
    for (float& x : input) x = sensor();
    trainer.step(trained, digits_weights, input, Vector<1, int>{{step}});
  }
  const Matrix<1, 10> probabilities = predict<Tuned>(trained, digits_weights, input);
  int best = 0;
  for (int j = 1; j < 10; ++j) {
    if (probabilities.data[j] > probabilities.data[best]) best = j;
  }
  return best;
}
