/// The record: weights as bytes, for files, flash and the wire.
///
/// All numbers are little-endian 32-bit words, so that every port writes the same bytes:
///
///     0  mark "INSU"             4  format version (1)
///     8  hash of the network's text, 64 bits (describe.h)
///    16  bytes of the record, its checksum included
///    20  number of sections
///    24  sections: kind, bytes of payload, payload (floats or words)
///   end  CRC-32C of all that comes before
///
/// A reader takes older versions, and refuses newer ones and other networks. It believes no length: nothing is read beyond the bytes it was given, and
/// nothing of the caller's is written before the whole record has been checked.
#pragma once

#include <bit>
#include <cstdint>

#include "describe.h"
#include "status.h"

namespace insitu {

/// What a section holds. Kinds from 0x100 on are the user's.
enum class Section : std::uint32_t {
  Parameters = 1,     ///< all tensors of the network
  Trained = 2,        ///< those that training changes; which, says Layers
  Normalisation = 3,  ///< of the inputs: offsets, then scales
  Optimizer = 4,
  Step = 5,
  Layers = 6,    ///< what of each layer is trained (TrainedLayers)
  Sequence = 7,  ///< the number of a record among those of its store (store.h)
  Seal = 8,      ///< a user's authentication code of all before it; the last section
  User = 0x100,
};

/// What of each layer is trained, two bits a layer, the lowest bits for the first: 0 nothing, 1 the bias, 3 all. Sixteen layers a word. The hash of a network
/// ignores freezing; this tells apart networks that freeze different layers.
template <class Net>
struct TrainedLayers {
  static constexpr int words = (Net::depth + 15) / 16;
  std::uint32_t word[static_cast<unsigned>(words)] = {};

  constexpr TrainedLayers() { fill<0>(); }
  constexpr bool operator==(const TrainedLayers&) const = default;

 private:
  template <int I>
  constexpr void fill() {
    using P = Part<typename Net::template Layer<I>>;
    word[I / 16] |= static_cast<std::uint32_t>(P::weights ? 3 : P::bias ? 1 : 0) << (2 * (I % 16));
    if constexpr (I + 1 < Net::depth) fill<I + 1>();
  }
};

inline constexpr std::uint32_t RecordMark = 0x55534e49u;  ///< "INSU"
inline constexpr std::uint32_t RecordVersion = 1;         ///< of the format: the newest that is read, and the one that is written

/// CRC-32C (Castagnoli, as in iSCSI), four bits at a time: 64 bytes of table.
inline std::uint32_t crc32c(const unsigned char* bytes, int count, std::uint32_t crc = 0) {
  static constexpr std::uint32_t Table[16] = {0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3,
                                              0x61c69362, 0x7198540d, 0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9,
                                              0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75};
  crc = ~crc;
  for (int k = 0; k < count; ++k) {
    crc ^= bytes[k];
    crc = crc >> 4 ^ Table[crc & 15];
    crc = crc >> 4 ^ Table[crc & 15];
  }
  return ~crc;
}

/// Writes a record into the caller's buffer: begin, add sections, end. Whatever does not fit leaves `status` at BufferTooSmall.
class RecordWriter {
 public:
  RecordWriter(unsigned char* buffer, int capacity, std::uint64_t hash) : bytes(buffer), limit(capacity) {
    word(RecordMark);
    word(RecordVersion);
    word(static_cast<std::uint32_t>(hash));
    word(static_cast<std::uint32_t>(hash >> 32));
    word(0);
    word(0);
  }
  /// A section of `count` 32-bit numbers, float or integer, from an array of any of them.
  template <class T>
  void add(Section kind, const T* data, int count) {
    static_assert(sizeof(T) == 4, "insitu: a section holds 32-bit numbers: write floats or std::uint32_t");
    word(static_cast<std::uint32_t>(kind));
    word(static_cast<std::uint32_t>(count) * 4);
    for (int k = 0; k < count; ++k) word(std::bit_cast<std::uint32_t>(data[k]));
    ++sections;
  }
  /// Closes the record. Its size is then `size()`.
  Status end() {
    if (used > limit - 4) return Status::BufferTooSmall;
    put(16, static_cast<std::uint32_t>(used + 4));
    put(20, sections);
    word(crc32c(bytes, used));
    return Status::Ok;
  }
  int size() const { return used; }

 private:
  void put(int at, std::uint32_t w) {
    for (int k = 0; k < 4; ++k) bytes[at + k] = static_cast<unsigned char>(w >> (8 * k));
  }
  void word(std::uint32_t w) {
    if (used > limit - 4) {
      used = limit;  // stays full
      return;
    }
    put(used, w);
    used += 4;
  }

  unsigned char* bytes;
  int limit, used = 0;
  std::uint32_t sections = 0;
};

/// Reads a record from `count` bytes. `open` checks it whole; sections are then found by kind.
class RecordReader {
 public:
  Status open(const unsigned char* record, int count, std::uint64_t hash) {
    bytes = record;
    used = 0;
    if (count < 8 || word(0) != RecordMark) return count < 8 ? Status::Truncated : Status::NoRecord;
    if (word(4) == 0 || word(4) > RecordVersion) return word(4) == 0 ? Status::Damaged : Status::Newer;
    if (count < 28) return Status::Truncated;
    const std::uint32_t size = word(16);
    if (size < 28 || size % 4 != 0) return Status::Damaged;
    if (size > static_cast<std::uint32_t>(count)) return Status::Truncated;
    const int end = static_cast<int>(size) - 4;
    if (crc32c(bytes, end) != word(end)) return Status::Damaged;
    int at = 24;
    for (std::uint32_t s = 0; s < word(20); ++s) {
      if (end - at < 8 || word(at + 4) % 4 != 0 || word(at + 4) > static_cast<std::uint32_t>(end - at - 8)) return Status::Damaged;
      at += 8 + static_cast<int>(word(at + 4));
    }
    if (at != end) return Status::Damaged;
    if ((word(8) | static_cast<std::uint64_t>(word(12)) << 32) != hash) return Status::OtherNetwork;
    used = end;
    return Status::Ok;
  }
  /// How many 32-bit numbers the section has, or -1 where the record has none of this kind.
  int length(Section kind) const {
    const int at = find(kind);
    return at < 0 ? -1 : static_cast<int>(word(at + 4) / 4);
  }
  /// Copies a section of exactly `count` numbers; otherwise `to` is left as it was.
  template <class T>
  Status read(Section kind, T* to, int count) const {
    static_assert(sizeof(T) == 4, "insitu: a section holds 32-bit numbers: read floats or std::uint32_t");
    const int at = find(kind);
    if (at < 0) return Status::MissingSection;
    if (word(at + 4) != static_cast<std::uint32_t>(count) * 4) return Status::WrongSize;
    for (int k = 0; k < count; ++k) to[k] = std::bit_cast<T>(word(at + 8 + 4 * k));
    return Status::Ok;
  }

 private:
  std::uint32_t word(int at) const {
    std::uint32_t w = 0;
    for (int k = 0; k < 4; ++k) w |= static_cast<std::uint32_t>(bytes[at + k]) << (8 * k);
    return w;
  }
  int find(Section kind) const {
    for (int at = 24; at < used; at += 8 + static_cast<int>(word(at + 4))) {
      if (word(at) == static_cast<std::uint32_t>(kind)) return at;
    }
    return -1;
  }

  const unsigned char* bytes = nullptr;
  int used = 0;  // end of the sections; 0 until a record has been accepted
};

/// Bytes of a record that holds the parameters alone.
template <class Net>
inline constexpr int checkpoint_bytes = 28 + 8 + 4 * float_count<Parameters<Net>>;

/// Writes the parameters as a record of checkpoint_bytes<Net>.
template <class Net>
Status save(const Parameters<Net>& parameters, unsigned char* buffer, int capacity) {
  RecordWriter writer(buffer, capacity, network_hash<Net>);
  writer.add(Section::Parameters, reinterpret_cast<const float*>(&parameters), float_count<Parameters<Net>>);
  return writer.end();
}

/// Reads them back. Where the status is not Ok, `parameters` is as it was.
template <class Net>
Status load(Parameters<Net>& parameters, const unsigned char* record, int count) {
  RecordReader reader;
  const Status status = reader.open(record, count, network_hash<Net>);
  return status != Status::Ok ? status
                              : reader.read(Section::Parameters, reinterpret_cast<float*>(&parameters), float_count<Parameters<Net>>);
}

/// Bytes of a record that holds what training changes: checkpoint_bytes where nothing is frozen.
template <class Net>
inline constexpr int trained_bytes = 28 + (Net::all_trained ? 0 : 8 + 4 * TrainedLayers<Net>::words) + 8 + 4 * float_count<Trained<Net>>;

/// Adds what training changes to a record: the section Parameters where nothing is frozen, otherwise Layers and Trained.
template <class Net>
void add_trained(RecordWriter& writer, const Trained<Net>& trained) {
  constexpr TrainedLayers<Net> Layers;
  if constexpr (!Net::all_trained) writer.add(Section::Layers, Layers.word, Layers.words);
  writer.add(Net::all_trained ? Section::Parameters : Section::Trained, reinterpret_cast<const float*>(&trained),
             float_count<Trained<Net>>);
}

/// Takes it out again. OtherLayers where the network that wrote the record froze others, MissingSection where it froze none; where the status is not Ok,
/// `trained` is as it was.
template <class Net>
Status read_trained(const RecordReader& reader, Trained<Net>& trained) {
  float* const to = reinterpret_cast<float*>(&trained);
  constexpr int Count = float_count<Trained<Net>>;
  if constexpr (Net::all_trained) {
    return reader.read(Section::Parameters, to, Count);
  } else {
    TrainedLayers<Net> layers;
    const Status status = reader.read(Section::Layers, layers.word, layers.words);
    if (status != Status::Ok) return status;
    if (!(layers == TrainedLayers<Net>())) return Status::OtherLayers;
    return reader.read(Section::Trained, to, Count);
  }
}

/// Writes what training changes as a record of trained_bytes<Net>.
template <class Net>
Status save_trained(const Trained<Net>& trained, unsigned char* buffer, int capacity) {
  RecordWriter writer(buffer, capacity, network_hash<Net>);
  add_trained<Net>(writer, trained);
  return writer.end();
}

/// Reads it back into a network that freezes the same layers. Where the status is not Ok, `trained` is as it was.
template <class Net>
Status load_trained(Trained<Net>& trained, const unsigned char* record, int count) {
  RecordReader reader;
  const Status status = reader.open(record, count, network_hash<Net>);
  return status != Status::Ok ? status : read_trained<Net>(reader, trained);
}

}  // namespace insitu
