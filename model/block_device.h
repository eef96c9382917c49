/// BlockDevice: what a store needs of a memory that keeps its bytes, and streams of record words over it.
///
/// Flash, EEPROM, FRAM or a file, as users of littlefs know it: a device is a struct of yours with
///
///     static constexpr int read_size, program_size, block_size, block_count;   // bytes, bytes, bytes; a block is what is erased at once
///     Status read(int block, int offset, unsigned char* to, int count);        // offset and count are multiples of read_size
///     Status program(int block, int offset, const unsigned char* from, int count);  // of program_size; only where the block has been erased
///     Status erase(int block);    // what the block reads as afterwards does not matter; a memory without erasing returns Ok
///     Status sync();              // returns when all that went before will outlast a power cut
///
/// No call crosses a block. Whatever is not Ok (DeviceFailed, by custom) is a bad block to the store. A read that fails is taken for a torn record, which is how
/// flash with error correction shows one: a driver whose bus may fail for a moment repeats the read itself. `from` and `to` are aligned to 8 bytes.
#pragma once

#include <concepts>
#include <cstdint>

#include "checkpoint.h"
#include "status.h"

namespace insitu {

template <class D>
concept BlockDevice = requires(D& device, int n, unsigned char* to, const unsigned char* from) {
  { D::read_size + D::program_size + D::block_size + D::block_count } -> std::convertible_to<int>;
  { device.read(n, n, to, n) } -> std::same_as<Status>;
  { device.program(n, n, from, n) } -> std::same_as<Status>;
  { device.erase(n) } -> std::same_as<Status>;
  { device.sync() } -> std::same_as<Status>;
};

/// The smallest piece that can be both programmed and read, and holds a word.
template <class Device>
inline constexpr int unit_bytes = [] {
  int unit = 4;
  while (unit < Device::read_size || unit < Device::program_size) unit *= 2;
  return unit;
}();

/// What is read or programmed in one call: one unit, or several up to 64 bytes, where a block is a whole number of them.
template <class Device>
inline constexpr int chunk_bytes = [] {
  int chunk = unit_bytes<Device>;
  while (chunk < 64 && Device::block_size % (2 * chunk) == 0) chunk *= 2;
  return chunk;
}();

/// A seal that seals nothing. One of yours has the same members; `size`, the bytes of its code, is a multiple of 4.
struct NoSeal {
  static constexpr int size = 0;
  void begin() {}
  void update(const unsigned char*, int) {}
  void end(unsigned char*) {}  ///< writes `size` bytes
};

inline std::uint32_t word_of(const unsigned char* bytes) {
  std::uint32_t word = 0;
  for (int k = 0; k < 4; ++k) word |= static_cast<std::uint32_t>(bytes[k]) << (8 * k);
  return word;
}

/// Checksum and seal of the words that pass.
template <class Seal>
struct Digest {
  Seal& seal;
  std::uint32_t crc = 0;
  bool open = true;  ///< until the seal has been taken

  explicit Digest(Seal& s) : seal(s) { seal.begin(); }
  void take(const unsigned char* word) {
    crc = crc32c(word, 4, crc);
    if (open) seal.update(word, 4);
  }
  void end(unsigned char* code) {
    open = false;
    seal.end(code);
  }
};

/// Words from the blocks of a device, from `first` on. No unit is read that `limit` does not take in: one that a cut has torn may fail to be read. After a failed
/// read all words are 0.
template <class Device, class Seal>
class BlockReader {
 public:
  BlockReader(Device& d, int first, unsigned char* memory, Seal& seal) : digest(seal), device(d), block(first), chunk(memory) {}

  /// The first `bytes` may be read.
  void limit(int bytes) { most = (bytes + unit_bytes<Device> - 1) / unit_bytes<Device> * unit_bytes<Device>; }
  std::uint32_t word() {
    const unsigned char* bytes = chunk + used % chunk_bytes<Device>;
    if (used == ready) fill();
    used += 4;
    if (broken) return 0;
    digest.take(bytes);
    return word_of(bytes);
  }
  int at() const { return used; }
  bool failed() const { return broken; }

  Digest<Seal> digest;

 private:
  void fill() {
    const int boundary = used - used % chunk_bytes<Device> + chunk_bytes<Device>, end = boundary < most ? boundary : most;
    if (broken) return;
    ready = end;
    broken = device.read(block + used / Device::block_size, used % Device::block_size, chunk + used % chunk_bytes<Device>, end - used) !=
             Status::Ok;
  }

  Device& device;
  int block, used = 0, ready = 0, most = 0;
  unsigned char* chunk;
  bool broken = false;
};

/// Words into erased blocks. After a failed program nothing more is written.
template <class Device, class Seal>
class BlockWriter {
 public:
  BlockWriter(Device& d, int first, unsigned char* memory, Seal& seal) : digest(seal), device(d), block(first), chunk(memory) {}

  void word(std::uint32_t w) {
    unsigned char* bytes = chunk + used % chunk_bytes<Device>;
    for (int k = 0; k < 4; ++k) bytes[k] = static_cast<unsigned char>(w >> (8 * k));
    digest.take(bytes);
    used += 4;
    if (used % chunk_bytes<Device> == 0) program(chunk_bytes<Device>);
  }
  /// Programs what is left, filled up with 0xff, the value of most flash when it is erased. False where anything failed.
  bool end() {
    const int left = used % chunk_bytes<Device>;
    if (left == 0) return !broken;
    const int filled = (left + unit_bytes<Device> - 1) / unit_bytes<Device> * unit_bytes<Device>;
    for (int k = left; k < filled; ++k) chunk[k] = 0xff;
    used += filled - left;
    program(filled);
    return !broken;
  }

  Digest<Seal> digest;

 private:
  void program(int count) {
    const int at = used - count;
    if (!broken) broken = device.program(block + at / Device::block_size, at % Device::block_size, chunk, count) != Status::Ok;
  }

  Device& device;
  int block, used = 0;
  unsigned char* chunk;
  bool broken = false;
};

}  // namespace insitu
