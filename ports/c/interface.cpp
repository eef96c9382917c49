// The C functions of one network: INSITU_NETWORK is its header and INSITU_INTERFACE the generated one, both in quotes; INSITU_NAME the prefix.
// Compiled by lib.sh.
#include INSITU_INTERFACE

#include <new>

#include "arguments.h"

namespace insitu::c {

extern "C" {

const char* NAME(text)(Code status) {
  switch (status) {
    case BadPointer:
      return "expected a pointer to aligned memory, found null or another alignment";
    case BadCount:
      return "expected from 1 sample to as many as the trainer's batch, found another number";
    case BadLabel:
      return "expected a class from 0 to outputs - 1, found another number";
    case NotFinite:
      return "expected a finite loss, found an infinite one or no number: lower the learning rate, or look at the inputs";
    case HasNormalisation:
      return "expected a place for the record's normalisation, found null";
    default:
      return insitu::text(static_cast<Status>(status));
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

Code NAME(predict_raw)(const WEIGHTS, const Normalisation* normalisation, const float* raw, float* outputs) {
  Array<float, Net::inputs> inputs;
  if (BAD_WEIGHTS || bad_numbers(outputs)) return BadPointer;
  if (const Code status = NAME(normalise)(normalisation, raw, inputs); status != Ok) return status;
  forward<Net, Net::depth, float, 1>(BLOCKS, as<Matrix<1, Net::inputs>>(static_cast<const float*>(inputs)),
                                     as<Matrix<1, Net::outputs>>(outputs), 1);
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
  RecordWriter writer(static_cast<unsigned char*>(record), capacity > 0x7fffffffu ? 0x7fffffff : static_cast<int>(capacity),
                      network_hash<Net>);
  add_trained<Net>(writer, trained_of(trained));
  if (normalisation != nullptr) writer.add(Section::Normalisation, reinterpret_cast<const float*>(normalisation), 2 * Net::inputs);
  const Status status = writer.end();
  if (status == Status::Ok) *size = static_cast<std::size_t>(writer.size());
  return status_of(status);
}

Code NAME(load)(TrainedMemory* trained, Normalisation* normalisation, const void* record, std::size_t size) {
  if (bad(trained)) return BadPointer;
  RecordReader reader;
  if (const Code status = open(reader, normalisation, record, size); status != Ok) return status;
  if (const Status status = read_trained<Net>(reader, trained_of(trained)); status != Status::Ok) return status_of(status);
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
