/// Reason and Event: what a watched step of training came to. Numbers are judged by their exponent bits, which no compiler flag makes go away.
#pragma once

#include <bit>
#include <cstdint>

#include "network.h"

namespace insitu {

/// The numbers stand in records (flight_recorder.h): never renumber.
enum class Reason : std::uint32_t {
  Ok = 0,
  InputNotFinite = 1,     ///< a NaN or an infinity in inputs or targets: the sample was left out, nothing else happened
  LossNotFinite = 2,      ///< rolled back, rate halved
  LossRose = 3,           ///< rolled back, rate halved
  GradientNotFinite = 4,  ///< also where |g|^2 overflows; rolled back, rate halved
  GradientTooLarge = 5,   ///< rolled back, rate halved
  WeightsNotFinite = 6,   ///< found when they were to be kept; rolled back, rate halved
  CopyDamaged = 7,        ///< the copy is not what was kept: there is nothing to go back to, training has stopped
  Stopped = 8,            ///< no retries are left: the parameters are the last good ones, steps do nothing
  Worse = 9,              ///< the gate: not good enough on what was held out, the old parameters stay
  UnitsDead = 10,         ///< a hidden layer of which no unit passes a gradient on, for any sample; rolled back, rate halved
  NothingGood =
      11,  ///< the first step already failed: there is nothing to go back to, the parameters are as they were given, training has stopped
  WeightsChanged = 12,  ///< a weight has changed by itself since the last step (SafeTrainer::watch_memory); rolled back, rate halved
};

/// A sentence for each.
constexpr const char* text(Reason reason) {
  switch (reason) {
    case Reason::Ok:
      return "ok";
    case Reason::InputNotFinite:
      return "a NaN or an infinity in the inputs or targets: this sample was left out";
    case Reason::LossNotFinite:
      return "the loss was NaN or infinite: back to the last good parameters, at half the rate";
    case Reason::LossRose:
      return "the loss rose beyond its bound: back to the last good parameters, at half the rate";
    case Reason::GradientNotFinite:
      return "the gradient was NaN or infinite: back to the last good parameters, at half the rate";
    case Reason::GradientTooLarge:
      return "the gradient was larger than its bound: back to the last good parameters, at half the rate";
    case Reason::WeightsNotFinite:
      return "a weight was NaN or infinite: back to the last good parameters, at half the rate";
    case Reason::CopyDamaged:
      return "the copy of the last good parameters has changed by itself: stopped";
    case Reason::Stopped:
      return "no retries are left: stopped at the last good parameters";
    case Reason::Worse:
      return "worse on the held-out samples: the old parameters stay";
    case Reason::UnitsDead:
      return "no unit of a hidden layer passed a gradient on: back to the last good parameters, at half the rate";
    case Reason::NothingGood:
      return "failed at the first step, before anything was found good: stopped, the parameters are as they were given";
    case Reason::WeightsChanged:
      return "a weight has changed by itself since the last step: back to the last good parameters, at half the rate";
  }
  return "unknown reason";
}

/// What happened, at which step.
struct Event {
  Reason reason = Reason::Ok;
  std::uint32_t step = 0;     ///< from 1
  float loss = 0.0f;          ///< before the update; 0 where the step ended before it was known
  float norm_squared = 0.0f;  ///< |g|^2 of the update, before clipping; 0 where there was none
  float rate = 0.0f;          ///< as used
  bool probed = false;        ///< `loss` is that of the judge's own samples, by which the step ended
};

/// Whether x is neither NaN nor infinite.
constexpr bool is_finite(float x) { return (std::bit_cast<std::uint32_t>(x) & 0x7f800000u) != 0x7f800000u; }

/// What one pass over n numbers says: whether all are finite, and the sum of their bits, which one flipped bit changes.
struct Scan {
  bool finite;
  std::uint32_t sum;
};
inline Scan scan(const float* x, int n) {
  std::uint32_t sum = 0, overflows = 0;
  for (int k = 0; k < n; ++k) {
    const std::uint32_t word = std::bit_cast<std::uint32_t>(x[k]);
    sum += word;
    overflows |= (word + 0x00800000u) ^ word;  // an exponent of all ones carries into the sign
  }
  return {(overflows & 0x80000000u) == 0, sum};
}
template <class C>
Scan scan(const C& numbers) {
  return scan(reinterpret_cast<const float*>(&numbers), float_count<C>);
}

}  // namespace insitu
