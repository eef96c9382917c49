// The C functions of one network: INSITU_NETWORK is its header and INSITU_INTERFACE the generated one, both in quotes; INSITU_NAME the prefix.
// Compiled by lib.sh.
#include INSITU_INTERFACE

#include <cstddef>
#include <cstdint>
#include <new>

#include "factory.h"
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

bool unaligned(const void* memory, unsigned alignment) { return memory == nullptr || (reinterpret_cast<std::uintptr_t>(memory) & (alignment - 1)) != 0; }
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

constexpr Section stored = frozen ? Section::Trained : Section::Parameters;

}  // namespace

// Where nothing is frozen one block serves as both.
#if INSITU_FROZEN
#define WEIGHTS TrainedMemory *trained, const WholeMemory *factory
#define BAD_WEIGHTS (bad(trained) || bad(factory))
#define BLOCKS trained_of(trained), whole(factory)
#else
#define WEIGHTS WholeMemory *trained
#define BAD_WEIGHTS bad(trained)
#define BLOCKS trained_of(trained), whole(trained)
#endif

extern "C" {

const char* NAME(text)(Code status) {
  switch (status) {
    case BadPointer: return "expected a pointer to aligned memory, found null or another alignment";
    case BadCount: return "expected from 1 sample to as many as the trainer's batch, found another number";
    case BadLabel: return "expected a class from 0 to outputs - 1, found another number";
    case NotFinite: return "expected a finite loss, found an infinite one or no number: lower the learning rate, or look at the inputs";
    case HasNormalisation: return "expected a place for the record's normalisation, found null";
    default: return insitu::text(static_cast<Status>(status));
  }
}

#if INSITU_FROZEN
Code NAME(copy_factory)(TrainedMemory* trained, const WholeMemory* factory) {
  if (BAD_WEIGHTS) return BadPointer;
  copy_factory<Net>(whole(factory), trained_of(trained));
  return Ok;
}
#else
Code NAME(initialize)(WholeMemory* parameters, std::uint64_t seed) {
  using First = Net::template Layer<0>::Activation;
  if (bad(parameters)) return BadPointer;
  Random random(seed);
  if constexpr (std::is_same_v<First, Relu> || std::is_same_v<First, LeakyRelu>) {
    initialize(trained_of(parameters), He{}, random);
  } else {
    initialize(trained_of(parameters), Glorot{}, random);
  }
  return Ok;
}
#endif

Code NAME(predict)(const WEIGHTS, const float* inputs, float* outputs) {
  if (BAD_WEIGHTS || bad_numbers(inputs) || bad_numbers(outputs)) return BadPointer;
  forward<Net, Net::depth, float, 1>(BLOCKS, as<Matrix<1, Net::inputs>>(inputs), as<Matrix<1, Net::outputs>>(outputs), 1);
  return Ok;
}

Code NAME(normalise)(const Normalisation* normalisation, const float* raw, float* inputs) {
  if (bad_numbers(normalisation) || bad_numbers(raw) || bad_numbers(inputs)) return BadPointer;
  for (int i = 0; i < Net::inputs; ++i) {
    inputs[i] = (Scalar(raw[i] - normalisation->offset[i]) * Scalar(normalisation->scale[i])).value;
  }
  return Ok;
}

Code NAME(trainer_init)(TrainerMemory* trainer) {
  if (bad(trainer)) return BadPointer;
  new (trainer) Training{};
  return Ok;
}

Code NAME(set_learning_rate)(TrainerMemory* trainer, float rate) {
  if (bad(trainer)) return BadPointer;
  unclipped(trainer_of(trainer).optimizer).learning_rate = rate;
  return Ok;
}

float NAME(learning_rate)(const TrainerMemory* trainer) {
  // unclipped only reads, and takes a reference to what is not const
  return unclipped(const_cast<Training&>(as<Training>(trainer)).optimizer).learning_rate;
}

Code NAME(train_step)(TrainerMemory* trainer, WEIGHTS, const float* inputs, const float* targets, int samples, float* loss) {
  if (bad(trainer) || BAD_WEIGHTS) return BadPointer;
  if (const Code status = check_samples(inputs, targets, samples); status != Ok) return status;
  return finish(trainer_of(trainer).step(BLOCKS, as<Inputs>(inputs), as<Targets>(targets), samples), loss);
}

Code NAME(evaluate)(TrainerMemory* trainer, const WEIGHTS, const float* inputs, const float* targets, int samples, float* loss) {
  if (bad(trainer) || BAD_WEIGHTS) return BadPointer;
  if (const Code status = check_samples(inputs, targets, samples); status != Ok) return status;
  return finish(trainer_of(trainer).evaluate(BLOCKS, as<Inputs>(inputs), as<Targets>(targets), samples), loss);
}

#if INSITU_LABELS
Code NAME(train_step_labels)(TrainerMemory* trainer, WEIGHTS, const float* inputs, const int* labels, int samples, float* loss) {
  if (bad(trainer) || BAD_WEIGHTS) return BadPointer;
  if (const Code status = check_samples(inputs, labels, samples); status != Ok) return status;
  if (const Code status = check_labels(labels, samples); status != Ok) return status;
  return finish(trainer_of(trainer).step(BLOCKS, as<Inputs>(inputs), as<Labels>(labels), samples), loss);
}

Code NAME(evaluate_labels)(TrainerMemory* trainer, const WEIGHTS, const float* inputs, const int* labels, int samples, float* loss) {
  if (bad(trainer) || BAD_WEIGHTS) return BadPointer;
  if (const Code status = check_samples(inputs, labels, samples); status != Ok) return status;
  if (const Code status = check_labels(labels, samples); status != Ok) return status;
  return finish(trainer_of(trainer).evaluate(BLOCKS, as<Inputs>(inputs), as<Labels>(labels), samples), loss);
}
#endif

Code NAME(save)(const TrainedMemory* trained, const Normalisation* normalisation, void* record, std::size_t capacity, std::size_t* size) {
  if (bad(trained) || record == nullptr || size == nullptr) return BadPointer;
  if (capacity < 28) return status_of(Status::BufferTooSmall);
  RecordWriter writer(static_cast<unsigned char*>(record), capacity > 0x7fffffffu ? 0x7fffffff : static_cast<int>(capacity), network_hash<Net>);
  writer.add(stored, trained->values, float_count<Trained<Net>>);
  if (normalisation != nullptr) writer.add(Section::Normalisation, reinterpret_cast<const float*>(normalisation), 2 * Net::inputs);
  const Status status = writer.end();
  if (status == Status::Ok) *size = static_cast<std::size_t>(writer.size());
  return status_of(status);
}

Code NAME(load)(TrainedMemory* trained, Normalisation* normalisation, const void* record, std::size_t size) {
  if (bad(trained)) return BadPointer;
  RecordReader reader;
  if (const Code status = open(reader, normalisation, record, size); status != Ok) return status;
  if (const Status status = reader.read(stored, trained->values, float_count<Trained<Net>>); status != Status::Ok) {
    return status_of(status);
  }
  read_normalisation(reader, normalisation);
  return Ok;
}

Code NAME(view)(const WholeMemory** parameters, Normalisation* normalisation, const void* record, std::size_t size) {
  static_assert(std::endian::native == std::endian::little, "insitu: a record is little-endian: copy parameters out of it with load");
  constexpr int First = 24;  // the first section: kind, bytes, payload (model/checkpoint.h)
  if (parameters == nullptr || bad(record)) return BadPointer;
  RecordReader reader;
  if (const Code status = open(reader, normalisation, record, size); status != Ok) return status;
  const auto* bytes = static_cast<const unsigned char*>(record) + First;
  if (bytes[0] != static_cast<unsigned char>(Section::Parameters) || bytes[1] != 0 || bytes[2] != 0 || bytes[3] != 0) {
    return status_of(Status::MissingSection);
  }
  if (reader.length(Section::Parameters) != float_count<Parameters<Net>>) return status_of(Status::WrongSize);
  *parameters = reinterpret_cast<const WholeMemory*>(bytes + 8);
  read_normalisation(reader, normalisation);
  return Ok;
}

}  // extern "C"

}  // namespace insitu::c
