/// Fine-tuning on the device: a network of the factory whose sensor has drifted since, trained on in place, sample by sample. The same code runs on the
/// desktop, to the same bits.
#pragma once

#include "model/insitu.h"

namespace insitu::demo {

using Digits = Network<Dense<64, 32, Relu>, Dense<32, 10, Softmax>>;

// TUNE: what is trained on the device. Rates are those of the table in README.md.
#if defined(TUNE_all)
using Tuned = Digits;
inline constexpr float Rate = 0.01f;
#elif defined(TUNE_last)
using Tuned = Network<Frozen<Dense<64, 32, Relu>>, Dense<32, 10, Softmax>>;
inline constexpr float Rate = 0.02f;
#else
using Tuned = Network<BiasOnly<Dense<64, 32, Relu>>, BiasOnly<Dense<32, 10, Softmax>>>;
inline constexpr float Rate = 0.05f;
#endif
#if !defined(SAMPLES)
#define SAMPLES 32
#endif
inline constexpr int Kept = SAMPLES, Epochs = 20;

/// A picture of 8 x 8 pixels as the sensor's converter gives them, and what it shows.
struct Sample {
  unsigned char pixels[64];
  unsigned char label;

  void to(Matrix<1, 64>& input) const {
    for (int i = 0; i < 64; ++i) input.data[i] = static_cast<float>(pixels[i]) * (1.0f / 255.0f);
  }
};
static_assert(sizeof(Sample) == 65);

/// The file: the device's samples, of which it keeps the first, then those that it never trains on.
inline constexpr int DeviceSamples = 797, HeldOut = 1000;
static_assert(Kept > 0 && Kept <= DeviceSamples, "SAMPLES is from 1 to 797");

/// All memory of training on the device. Zero at first, then begin.
template <class Net>
struct Device {
  using Training = Trainer<Net, CrossEntropy, Sgd, Batch<1>>;
  Trained<Net> trained;
  Training trainer;
  Sample kept[Kept];
  unsigned short order[Kept];

  /// Source gives samples one after the other: next(sample); and begins again: rewind().
  template <class Source>
  void keep(Source& source) {
    source.rewind();
    for (Sample& sample : kept) source.next(sample);
  }

  /// How many of the held-out samples are recognised.
  template <class Source>
  int recognised(Source& source, const Parameters<Net>& factory) const {
    Sample sample;
    source.rewind();
    for (int k = 0; k < DeviceSamples; ++k) source.next(sample);
    int right = 0;
    for (int k = 0; k < HeldOut; ++k) {
      source.next(sample);
      Matrix<1, 64> input;
      sample.to(input);
      const Matrix<1, 10> probabilities = predict<Net>(trained, factory, input);
      int best = 0;
      for (int j = 1; j < 10; ++j) {
        if (probabilities.data[j] > probabilities.data[best]) best = j;
      }
      if (best == sample.label) ++right;
    }
    return right;
  }

  float step(const Sample& sample, const Parameters<Net>& factory) {
    Matrix<1, 64> input;
    sample.to(input);
    return trainer.step(trained, factory, input, Vector<1, int>{{sample.label}});
  }

  /// Plain gradient descent, a sample a step, in a new order each epoch.
  void tune(const Parameters<Net>& factory, float rate, std::uint64_t seed) {
    Random random(seed);
    trainer.optimizer.learning_rate = rate;
    for (int k = 0; k < Kept; ++k) order[k] = static_cast<unsigned short>(k);
    for (int epoch = 0; epoch < Epochs; ++epoch) {
      for (int k = Kept - 1; k > 0; --k) {
        const int other = static_cast<int>(random.below(static_cast<std::uint32_t>(k + 1)));
        const unsigned short held = order[k];
        order[k] = order[other];
        order[other] = held;
      }
      for (int k = 0; k < Kept; ++k) step(kept[order[k]], factory);
    }
  }

  /// CRC-32C of the trained numbers.
  std::uint32_t checksum() const { return crc32c(reinterpret_cast<const unsigned char*>(&trained), static_cast<int>(sizeof trained)); }
};

}  // namespace insitu::demo
