/// Flash as it fails, for the tests of the store: power that goes in the middle of an operation, cells left halfway, bad blocks.
#pragma once

#include <cstring>

#include "model/initialize.h"
#include "model/store.h"

namespace problem {

using namespace insitu;

/// What is left of the operation in which the power went.
enum class Tear { Nothing, Prefix, Units, Bits, Everything };
inline constexpr int Tears = 5;

/// How the memory fails.
struct Manner {
  bool cached = false;     ///< what has not been synced is lost in any order and in any part
  bool corrected = false;  ///< with error correction: a torn unit cannot be read
  bool fading = false;     ///< a torn bit reads differently after every restart
};

/// Read, Program, Block: bytes. Programming only clears bits; each unit once after an erase.
template <int Read, int Program, int Block, int Blocks>
struct Flash {
  static constexpr int read_size = Read, program_size = Program, block_size = Block, block_count = Blocks;
  static constexpr int bytes = Block * Blocks;
  static constexpr unsigned Bytes = bytes, Units = bytes / Program, BlockCount = Blocks;

  unsigned char now[Bytes], synced[Bytes], torn[Bytes] = {};  ///< as it is; as it was at the last sync; bits that may go either way
  bool erased[Units] = {}, unreadable[Units] = {};
  Manner manner;
  Random random{1};
  int operations = 0, cut = -1;  ///< the power goes in the operation of that number
  Tear tear = Tear::Nothing;
  bool dead = false, misused = false, lies = false;  ///< lies: failures are not reported
  bool bad_erase[BlockCount] = {}, bad_program[BlockCount] = {};
  int erases[BlockCount] = {};

  Flash() {
    for (int k = 0; k < bytes; ++k) now[k] = synced[k] = static_cast<unsigned char>(random.next());  // as from an earlier life
  }

  Status read(int block, int offset, unsigned char* to, int count) {
    check(block, offset, count, Read);
    if (dead) return Status::DeviceFailed;
    const int at = block * Block + offset;
    for (int u = at / Program; manner.corrected && u * Program < at + count; ++u) {
      if (unreadable[u]) return Status::DeviceFailed;
    }
    std::memcpy(to, now + at, static_cast<unsigned>(count));
    return Status::Ok;
  }
  Status program(int block, int offset, const unsigned char* from, int count) {
    check(block, offset, count, Program);
    if (dead) return Status::DeviceFailed;
    const int at = block * Block + offset;
    for (int u = at / Program; u < (at + count) / Program; ++u) {
      misused = misused || !erased[u];
      erased[u] = false;
    }
    if (bad_program[block]) return lies ? Status::Ok : Status::DeviceFailed;
    return change(at, count, [&](int k) { return now[at + k] & from[k]; });
  }
  Status erase(int block) {
    check(block, 0, 0, 1);
    if (dead) return Status::DeviceFailed;
    ++erases[block];
    if (bad_erase[block]) return lies ? Status::Ok : Status::DeviceFailed;
    const int at = block * Block;
    const Status status = change(at, Block, [](int) { return 0xff; });
    if (status != Status::Ok) return status;
    for (int u = at / Program; u < (at + Block) / Program; ++u) erased[u] = true, unreadable[u] = false;
    std::memset(torn + at, 0, Block);
    return Status::Ok;
  }
  Status sync() {
    if (dead || operations++ == cut) return power_off();
    std::memcpy(synced, now, bytes);
    return Status::Ok;
  }

  /// The power comes back.
  void restart() {
    dead = false;
    cut = -1;
    for (int k = 0; k < bytes && manner.fading; ++k) now[k] = static_cast<unsigned char>((now[k] & ~torn[k]) | (random.next() & torn[k]));
    std::memcpy(synced, now, bytes);
  }
  void cut_at(int operation, Tear how, std::uint64_t seed) {
    operations = 0;
    cut = operation;
    tear = how;
    random = Random{seed};
  }

 private:
  void check(int block, int offset, int count, int granule) {
    if (block < 0 || block >= Blocks || offset < 0 || offset + count > Block || offset % granule != 0 || count % granule != 0)
      misused = true;
  }
  template <class After>
  Status change(int at, int count, After after) {
    const bool power = operations++ != cut;
    const int prefix = static_cast<int>(random.below(static_cast<std::uint32_t>(count)));
    bool unit = false;
    for (int k = 0; k < count; ++k) {
      const int u = (at + k) / Program;
      if ((at + k) % Program == 0) unit = random.below(2) == 0;
      const int before = now[at + k], target = after(k),
                bits = !power && tear == Tear::Bits ? static_cast<int>(random.next() & 0xff) : 0xff;
      const bool done =
          power || tear == Tear::Everything || tear == Tear::Bits || (tear == Tear::Prefix && k < prefix) || (tear == Tear::Units && unit);
      if (!done) continue;
      now[at + k] = static_cast<unsigned char>((before & ~bits) | (target & bits));
      if (power) continue;
      if (tear != Tear::Everything || k == prefix) weaken(at + k, before ^ target);
      unreadable[u] = unreadable[u] || tear == Tear::Bits || (tear == Tear::Prefix && u == (at + prefix) / Program);
    }
    return power ? Status::Ok : power_off();
  }
  /// Of what seems to have arrived whole only one bit is weak, so that it may well be taken for whole.
  void weaken(int at, int changed) {
    const int bits = tear == Tear::Everything ? changed & -changed : changed;
    torn[at] = static_cast<unsigned char>(torn[at] | bits);
  }
  Status power_off() {
    if (!dead && manner.cached) {
      const bool all = random.below(2) == 0;
      int weak = -1, changed = 0;
      for (int u = 0; u < bytes; u += Program) {
        const std::uint32_t way = all ? 1 : random.below(3);
        for (int k = u; k < u + Program; ++k) {
          const std::uint32_t mask = way == 0 ? 0 : way == 1 ? 0xff : random.next();
          if (now[k] != synced[k] && random.below(static_cast<std::uint32_t>(++changed)) == 0) weak = k;
          now[k] = static_cast<unsigned char>((synced[k] & ~mask) | (now[k] & mask));
        }
      }
      if (all && weak >= 0) torn[weak] = static_cast<unsigned char>(torn[weak] | (1 << random.below(8)));
    }
    dead = true;
    return Status::DeviceFailed;
  }
};

}  // namespace problem
