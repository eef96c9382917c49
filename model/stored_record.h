/// StoredRecord: the record of a store, as streams of words over a device: how it is written, and how it is checked and read.
#pragma once

#include <cstring>

#include "block_device.h"
#include "keep.h"

namespace insitu {

/// What has been found at the beginning of a slot.
struct Found {
  Status status = Status::Ok;
  bool whole = false;
  std::uint32_t number = 0, crc = 0;
  int size = 0;
};

/// All static: the memory is the store's. Sections, in order: Layers where something is frozen, the tensors, what is kept, Sequence, Seal.
template <class Net, class Device, class Kept, class Seal>
class StoredRecord {
 public:
  static constexpr typename Kept::template Layout<Net> layout{};
  static constexpr TrainedLayers<Net> layers{};
  static constexpr int bytes = 24 + (Net::all_trained ? 0 : 8 + 4 * layers.words) + 8 * layout.sections + 4 * layout.words + 12 +
                               (Seal::size > 0 ? 8 + Seal::size : 0) + 4;

  /// Goes through the record that begins with block `first` and has at most `most` bytes; copies its numbers to `to`, stretch by stretch, where that is given.
  static Found check(Device& device, int first, int most, unsigned char* chunk, Seal& seal, void* const* to) {
    BlockReader<Device, Seal> in(device, first, chunk, seal);
    in.limit(24);
    Found found;
    const std::uint32_t mark = in.word(), version = in.word();
    std::uint64_t hash = in.word();
    hash |= static_cast<std::uint64_t>(in.word()) << 32;
    const std::uint32_t size = in.word(), sections = in.word();
    found.status = in.failed() ? Status::DeviceFailed : mark != RecordMark ? Status::NoRecord : Status::Damaged;
    if (found.status != Status::Damaged || version == 0 || size < 28 || size % 4 != 0 || size > static_cast<std::uint32_t>(most))
      return found;

    const int end = static_cast<int>(size) - 4;
    in.limit(end + 4);
    Contents contents;
    std::uint32_t walked = 0;
    for (; walked < sections && end - in.at() >= 8; ++walked) {
      const std::uint32_t kind = in.word(), length = in.word();
      if (length % 4 != 0 || length > static_cast<std::uint32_t>(end - in.at())) break;
      take(in, static_cast<Section>(kind), static_cast<int>(length / 4), contents, to);
    }
    const bool sound = walked == sections && in.at() == end;
    while (in.at() < end) (void)in.word();
    found.crc = in.digest.crc;
    found.whole = in.word() == found.crc && !in.failed();
    found.number = contents.number;
    found.size = static_cast<int>(size);
    found.status = in.failed()                 ? Status::DeviceFailed
                   : !found.whole              ? Status::Damaged
                   : version > RecordVersion   ? Status::Newer
                   : !sound                    ? Status::Damaged
                   : hash != network_hash<Net> ? Status::OtherNetwork
                                               : contents.status();
    return found;
  }

  /// Writes the record into erased blocks. False where programming failed.
  static bool write(Device& device, int first, unsigned char* chunk, Seal& seal, std::uint32_t number, void* const* from,
                    std::uint32_t& crc) {
    BlockWriter<Device, Seal> out(device, first, chunk, seal);
    const auto words = [&out](auto... w) { (out.word(static_cast<std::uint32_t>(w)), ...); };
    words(RecordMark, RecordVersion, network_hash<Net>, network_hash<Net> >> 32, bytes,
          layout.sections + (Net::all_trained ? 0 : 1) + 1 + (Seal::size > 0 ? 1 : 0));
    if constexpr (!Net::all_trained) {
      words(Section::Layers, 4 * layers.words);
      for (const std::uint32_t w : layers.word) words(w);
    }
    for (int s = 0; s < layout.count; ++s) put(out, s, from[s]);
    words(Section::Sequence, 4, number);
    if constexpr (Seal::size > 0) {
      unsigned char code[Seal::size];
      words(Section::Seal, Seal::size);
      out.digest.end(code);
      for (int k = 0; k < Seal::size; k += 4) words(word_of(code + k));
    }
    crc = out.digest.crc;
    words(crc);
    return out.end();
  }

 private:
  /// What the sections of a record have been found to hold.
  struct Contents {
    std::uint32_t number = 0, seen = 0;
    bool layers_fit = true, layers_seen = Net::all_trained, sizes_fit = true, sealed = Seal::size == 0;

    Status status() const {
      constexpr std::uint32_t All = static_cast<std::uint32_t>((std::uint64_t{1} << layout.count) - 1);
      return !sealed       ? Status::NotSealed
             : !layers_fit ? Status::OtherLayers
             : !sizes_fit  ? Status::WrongSize
             : seen != All ? Status::MissingSection
             : layers_seen ? Status::Ok
                           : Status::MissingSection;
    }
  };

  /// Reads one section. Of two of a kind the first counts; what stands behind the seal unseals the record.
  static void take(BlockReader<Device, Seal>& in, Section kind, int words, Contents& contents, void* const* to) {
    const int end = in.at() + 4 * words;
    if constexpr (Seal::size > 0) contents.sealed = kind == Section::Seal && 4 * words == Seal::size && in.digest.open && same_seal(in);
    if (kind == Section::Sequence && words == 1) contents.number = in.word();
    if (!Net::all_trained && kind == Section::Layers) {
      contents.layers_seen = true;
      contents.layers_fit = words == layers.words;
      for (int k = 0; k < layers.words && contents.layers_fit; ++k) contents.layers_fit = in.word() == layers.word[k];
    }
    int stretch = 0;
    while (stretch < layout.count && layout.stretch[stretch].kind != kind) ++stretch;
    if (stretch < layout.count && (contents.seen >> stretch & 1) == 0) {
      int expected = 0;
      for (int k = stretch; k < layout.count && layout.stretch[k].kind == kind; ++k) {
        expected += layout.stretch[k].words;
        contents.seen |= std::uint32_t{1} << k;
      }
      if (words != expected) contents.sizes_fit = false;
      for (; words == expected && stretch < layout.count && layout.stretch[stretch].kind == kind; ++stretch) {
        auto* memory = to == nullptr ? nullptr : static_cast<unsigned char*>(to[stretch]);
        for (int k = 0; k < layout.stretch[stretch].words; ++k) {
          const std::uint32_t word = in.word();
          if (memory != nullptr && !in.failed()) std::memcpy(memory + 4 * k, &word, 4);
        }
      }
    }
    while (in.at() < end) (void)in.word();
  }

  /// Compares the code in the record with that of the bytes before it, in a time that does not tell where they differ.
  static bool same_seal(BlockReader<Device, Seal>& in) {
    unsigned char code[Seal::size > 0 ? Seal::size : 1];
    in.digest.end(code);
    std::uint32_t different = 0;
    for (int k = 0; k < Seal::size; k += 4) different |= in.word() ^ word_of(code + k);
    return different == 0;
  }
  static void put(BlockWriter<Device, Seal>& out, int stretch, const void* from) {
    const Stretch& s = layout.stretch[stretch];
    if (stretch == 0 || layout.stretch[stretch - 1].kind != s.kind) {
      int words = 0;
      for (int k = stretch; k < layout.count && layout.stretch[k].kind == s.kind; ++k) words += layout.stretch[k].words;
      out.word(static_cast<std::uint32_t>(s.kind));
      out.word(static_cast<std::uint32_t>(4 * words));
    }
    for (int k = 0; k < s.words; ++k) {
      std::uint32_t word;
      std::memcpy(&word, static_cast<const unsigned char*>(from) + 4 * k, 4);
      out.word(word);
    }
  }
};

}  // namespace insitu
