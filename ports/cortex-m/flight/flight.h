/// A flight that fails: a small network tuned online on a device until a sample of absurd size upsets it; and the recorder that saw it.
#pragma once

#include "model/flight_recorder.h"
#include "model/initialize.h"

namespace insitu::flight {

using Net = Network<Dense<12, 16, Relu>, Dense<16, 4, Softmax>>;
using Training = Trainer<Net, CrossEntropy, Sgd, Batch<2>>;
using Safe = SafeTrainer<Training, Smoothed<16>>;
using Recorder = FlightRecorder<Safe, 32, Vector<2, int>>;

/// Steps until the first alarm; the record of it. Returns its size, 0 where there was no alarm.
inline int fly(Parameters<Net>& p, Safe& safe, Recorder& recorder, unsigned char* record, int room) {
  Random random{11};
  initialize(p, He{}, Random{12});
  safe.trainer.optimizer.learning_rate = 0.05f;
  for (int step = 1; step <= 200; ++step) {
    Matrix<2, 12> inputs;
    Vector<2, int> labels;
    for (int s = 0; s < 2; ++s) {
      labels[s] = static_cast<int>(random.below(4));
      for (int i = 0; i < 12; ++i) inputs(s, i) = (Scalar(random.uniform()) + Scalar(i % 4 == labels[s] ? 1.0f : 0.0f)).value;
    }
    if (step == 108) inputs(1, 3) = 1e20f;
    const Event event = safe.step(p, inputs, labels);
    recorder.record(event, inputs, labels);
    if (event.reason != Reason::Ok) {
      int size = 0;
      return recorder.dump(safe, p, record, room, size) == Status::Ok ? size : 0;
    }
  }
  return 0;
}

}  // namespace insitu::flight
