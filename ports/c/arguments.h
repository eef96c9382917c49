/// What the C functions share: types of the caller's memory, and what may be wrong with arguments and records.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "network.h"

#define INSITU_JOIN_TOKENS(a, b) a##_##b
#define INSITU_JOIN(a, b) INSITU_JOIN_TOKENS(a, b)
#define NAME(suffix) INSITU_JOIN(INSITU_NAME, suffix)

namespace insitu::c {
namespace {

using Code = NAME(status);
using WholeMemory = NAME(parameters);
using TrainerMemory = NAME(trainer);
using Normalisation = NAME(normalisation);
using Inputs = Matrix<Training::batch, Net::inputs>;
using Targets = Matrix<Training::batch, Net::outputs>;
using Labels = Vector<Training::batch, int>;

constexpr bool frozen = !Net::all_trained;
#if INSITU_FROZEN
using TrainedMemory = NAME(trained);
#else
using TrainedMemory = WholeMemory;
#endif
static_assert(frozen == INSITU_FROZEN && sizeof(WholeMemory) >= sizeof(Parameters<Net>) && sizeof(TrainerMemory) >= sizeof(Training) &&
              sizeof(TrainedMemory) >= sizeof(Trained<Net>) && alignof(TrainerMemory) == Alignment);

/// Beyond those of Status.
enum : Code { Ok = 0, BadPointer = 9, BadCount, BadLabel, NotFinite, HasNormalisation };

Code status_of(Status status) { return static_cast<Code>(status); }

bool unaligned(const void* memory, unsigned alignment) {
  return memory == nullptr || (reinterpret_cast<std::uintptr_t>(memory) & (alignment - 1)) != 0;
}
/// Parameters and trainers.
bool bad(const void* memory) { return unaligned(memory, Alignment); }
bool bad_numbers(const void* numbers) { return unaligned(numbers, alignof(float)); }

template <class To, class From>
To& as(From* memory) {
  return *reinterpret_cast<To*>(memory);
}
template <class To, class From>
const To& as(const From* memory) {
  return *reinterpret_cast<const To*>(memory);
}
const Parameters<Net>& whole(const WholeMemory* p) { return as<Parameters<Net>>(p); }
Trained<Net>& trained_of(TrainedMemory* p) { return as<Trained<Net>>(p); }
const Trained<Net>& trained_of(const TrainedMemory* p) { return as<Trained<Net>>(p); }
Training& trainer_of(TrainerMemory* p) { return as<Training>(p); }

bool finite(float x) { return (std::bit_cast<std::uint32_t>(x) & 0x7f800000u) != 0x7f800000u; }

/// What the arguments of a step have wrong.
Code check_samples(const float* inputs, const void* targets, int samples) {
  if (bad_numbers(inputs) || bad_numbers(targets)) return BadPointer;
  return samples < 1 || samples > Training::batch ? Code{BadCount} : Code{Ok};
}
[[maybe_unused]] Code check_labels(const int* labels, int samples) {
  for (int s = 0; s < samples; ++s) {
    if (labels[s] < 0 || labels[s] >= Net::outputs) return BadLabel;
  }
  return Ok;
}
Code finish(float mean_loss, float* loss) {
  if (loss != nullptr) *loss = mean_loss;
  return finite(mean_loss) ? Code{Ok} : Code{NotFinite};
}

void identity(Normalisation& normalisation) {
  for (float& x : normalisation.offset) x = 0.0f;
  for (float& x : normalisation.scale) x = 1.0f;
}

/// Checks the record and what it says of normalisation; writes nothing.
Code open(RecordReader& reader, const Normalisation* normalisation, const void* record, std::size_t size) {
  if (record == nullptr) return BadPointer;
  const int count = size > 0x7fffffffu ? 0x7fffffff : static_cast<int>(size);
  const Status status = reader.open(static_cast<const unsigned char*>(record), count, network_hash<Net>);
  if (status != Status::Ok) return status_of(status);
  const int numbers = reader.length(Section::Normalisation);
  if (numbers < 0) return Ok;
  if (normalisation == nullptr) return HasNormalisation;
  return numbers == 2 * Net::inputs ? Code{Ok} : status_of(Status::WrongSize);
}
/// After open, and after what else may fail.
void read_normalisation(const RecordReader& reader, Normalisation* normalisation) {
  if (normalisation == nullptr) return;
  if (reader.read(Section::Normalisation, reinterpret_cast<float*>(normalisation), 2 * Net::inputs) != Status::Ok) identity(*normalisation);
}

}  // namespace

}  // namespace insitu::c

// Where nothing is frozen one block serves as both.
#if INSITU_FROZEN
#define WEIGHTS TrainedMemory *trained, const WholeMemory *factory
#define BAD_WEIGHTS (bad(trained) || bad(factory))
#define BLOCKS trained_of(trained), whole(factory)
#else
#define WEIGHTS WholeMemory* trained
#define BAD_WEIGHTS bad(trained)
#define BLOCKS trained_of(trained), whole(trained)
#endif
