// Trains a network of two inputs, three hidden units and one output on the board until it knows the exclusive or, then prints what it has learned.
// The core must compile C++20: where it does not, compiler.cpp.extra_flags=-std=gnu++20 in its platform.local.txt.
#include <insitu.h>

using Gate = insitu::Network<insitu::Dense<2, 3, insitu::Sigmoid>, insitu::Dense<3, 1, insitu::Sigmoid>>;
using Training = insitu::Trainer<Gate, insitu::MeanSquaredError, insitu::Sgd, insitu::Batch<4>>;

static insitu::Parameters<Gate> gate;  // weights and biases: 13 floats
static Training trainer;

const insitu::Matrix<4, 2> inputs{{0, 0, 0, 1, 1, 0, 1, 1}};
const insitu::Matrix<4, 1> targets{{0, 1, 1, 0}};

void setup() {
  Serial.begin(115200);
  insitu::initialize(gate, insitu::Glorot{}, insitu::Random{7});
  trainer.optimizer.learning_rate = 5.0f;
  float loss = 1.0f;
  int step = 0;
  while (step < 5000 && loss > 0.001f) {
    loss = trainer.step(gate, inputs, targets);
    ++step;
  }
  Serial.print("steps ");
  Serial.print(step);
  Serial.print(", loss ");
  Serial.println(loss, 4);
  for (int s = 0; s < 4; ++s) {
    const insitu::Vector<2> input{{inputs(s, 0), inputs(s, 1)}};
    Serial.print(input[0], 0);
    Serial.print(" xor ");
    Serial.print(input[1], 0);
    Serial.print(" = ");
    Serial.println(insitu::predict<Gate>(gate, input)[0], 3);
  }
}

void loop() {}
