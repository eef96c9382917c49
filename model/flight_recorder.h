/// FlightRecorder<Safe, K>: the last K steps of a SafeTrainer, and the record of them from which a desktop replays the flight to the same bits.
///
/// The record is checkpoint.h's: little-endian words, CRC-32C last, read only by the network it belongs to. Its sections:
///
///   Layers     where layers are frozen: which
///   Trained    the copy of the last good parameters; Parameters where nothing is frozen
///   Optimizer  the optimizer's settings
///   Flight     version (1), step of the copy, batch, inputs, words of a sample's target, 1 if that is a class index, words of an entry, K, entries, CRC-32C of the
///              parameters when the record was made, then the loss's settings
///   Steps      the entries, oldest first: reason, step, loss, |g|^2, rate, samples (and 2^31 where the loss is that of the judge's own
///              samples, by which the step ended), CRC-32C of inputs and targets (of the rows that count), inputs, targets
#pragma once

#include <cstring>

#include "checkpoint.h"
#include "safe_trainer.h"

namespace insitu {

inline constexpr Section FlightSection{16}, StepsSection{17};
inline constexpr int FlightWords = 10, EntryWords = 7;
inline constexpr std::uint32_t ProbedStep = 0x80000000u;  ///< beside the number of samples

/// Words of an object that consists of 32-bit numbers.
template <class T>
inline constexpr int word_count = std::is_empty_v<T> ? 0 : static_cast<int>(sizeof(T) / 4);

/// With KeepSamples each entry holds the step's inputs and targets, and the flight can be replayed; without, their checksum alone, by which they are recognised
/// elsewhere. Targets is what step is given: Matrix<batch, outputs> or Vector<batch, int>.
///
/// Memory: K entries of 28 bytes and, kept, a batch of samples. Zero-initialised in static storage. Use: recorder.record(safe.step(...), inputs, targets). The
/// record belongs to the copy of the moment: make it when an alarm is returned, before the next step.
template <class Safe, int K, class Targets = Matrix<Safe::batch, Safe::Network::outputs>, bool KeepSamples = true>
class FlightRecorder {
  using Net = typename Safe::Network;
  using Training = decltype(Safe::trainer);
  using Optimizer = decltype(Training::optimizer);
  static_assert(K > 0, "insitu: a flight recorder holds at least one step: write FlightRecorder<Safe, 1> or more");
  static_assert(Safe::Inner::slots == 0,
                "insitu: the copy a flight begins at comes without the optimizer's slots: record with Sgd or SgdDecay, clipped or not");
  static_assert(Safe::copies,
                "insitu: a flight begins at the copy of the last good parameters: write SafeTrainer<Training, Judge, KeepCopy>");
  static constexpr bool labels = std::is_same_v<Targets, Vector<Safe::batch, int>>;
  static constexpr int in = Safe::batch * Net::inputs, target = labels ? 1 : Net::outputs, out = Safe::batch * target;

 public:
  static constexpr int capacity = K, words = EntryWords + (KeepSamples ? in + out : 0);
  /// Bytes of the record.
  static constexpr int bytes =
      trained_bytes<Net> + 4 * (6 + word_count<Optimizer> + FlightWords + word_count<typename Training::Loss> + K * words);

  void record(const Event& event, const typename Safe::Inputs& inputs, const Targets& targets, int samples = Safe::batch) {
    std::uint32_t* entry = next(event);
    const int x = samples * Net::inputs, t = samples * target;
    const auto* from = reinterpret_cast<const unsigned char*>(targets.data);
    entry[5] = static_cast<std::uint32_t>(samples) | (event.probed ? ProbedStep : 0u);
    entry[6] = crc32c(from, t * 4, crc32c(reinterpret_cast<const unsigned char*>(inputs.data), x * 4));
    if constexpr (KeepSamples) {
      for (int k = 0; k < in; ++k) entry[EntryWords + k] = k < x ? std::bit_cast<std::uint32_t>(inputs.data[k]) : 0u;
      for (int k = 0; k < out; ++k) entry[EntryWords + in + k] = k < t ? std::bit_cast<std::uint32_t>(targets.data[k]) : 0u;
    }
  }
  /// A step with a gradient of the caller's: it is shown, and a replay ends before it.
  void record(const Event& event) {
    std::uint32_t* entry = next(event);
    for (int k = 5; k < words; ++k) entry[k] = 0;
  }

  int size() const { return held; }
  /// Entry k, from the oldest.
  Event event(int k) const {
    const std::uint32_t* entry = at(k);
    return {static_cast<Reason>(entry[0]),  entry[1],
            std::bit_cast<float>(entry[2]), std::bit_cast<float>(entry[3]),
            std::bit_cast<float>(entry[4]), (entry[5] & ProbedStep) != 0};
  }

  /// Writes the record of at most `bytes` bytes; `size` is what it took. BufferTooSmall leaves the recorder as it is.
  Status dump(const Safe& safe, const Trained<Net>& trained, unsigned char* buffer, int room, int& size) {
    while (first != 0) turn();
    std::uint32_t flight[FlightWords + word_count<typename Training::Loss> + 1] = {
        1,
        safe.kept_at,
        static_cast<std::uint32_t>(Safe::batch),
        static_cast<std::uint32_t>(Net::inputs),
        static_cast<std::uint32_t>(target),
        labels ? 1u : 0u,
        static_cast<std::uint32_t>(words),
        static_cast<std::uint32_t>(K),
        static_cast<std::uint32_t>(held),
        crc32c(reinterpret_cast<const unsigned char*>(&trained), float_count<Trained<Net>> * 4)};
    std::uint32_t settings[word_count<Optimizer>];
    std::memcpy(settings, &safe.trainer.optimizer, sizeof settings);
    if constexpr (word_count < typename Training::Loss >> 0)
      std::memcpy(flight + FlightWords, &safe.trainer.loss, sizeof safe.trainer.loss);
    RecordWriter writer(buffer, room, network_hash<Net>);
    add_trained<Net>(writer, safe.last_good());
    writer.add(Section::Optimizer, settings, word_count<Optimizer>);
    writer.add(FlightSection, flight, FlightWords + word_count<typename Training::Loss>);
    writer.add(StepsSection, entries[0], held * words);
    const Status status = writer.end();
    size = status == Status::Ok ? writer.size() : 0;
    return status;
  }

 private:
  std::uint32_t* next(const Event& event) {
    if (held == K) first = (first + 1) % K;
    if (held < K) ++held;
    std::uint32_t* entry = entries[(first + held - 1) % K];
    entry[0] = static_cast<std::uint32_t>(event.reason);
    entry[1] = event.step;
    entry[2] = std::bit_cast<std::uint32_t>(event.loss);
    entry[3] = std::bit_cast<std::uint32_t>(event.norm_squared);
    entry[4] = std::bit_cast<std::uint32_t>(event.rate);
    return entry;
  }
  const std::uint32_t* at(int k) const { return entries[(first + k) % K]; }
  /// The ring by one place, until its oldest entry is the first.
  void turn() {
    for (int w = 0; w < words; ++w) {
      const std::uint32_t last = entries[K - 1][w];
      for (int k = K - 1; k > 0; --k) entries[k][w] = entries[k - 1][w];
      entries[0][w] = last;
    }
    first = (first + 1) % K;
  }

  Array<Array<std::uint32_t, words>, K> entries = {};
  int first = 0, held = 0;
};

}  // namespace insitu
