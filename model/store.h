/// Store: what training has made of a network, kept in flash through power cuts.
///
/// The device is split into slots. Each save writes one record (checkpoint.h), with a number one higher than the last, into the slot after that of the last record,
/// round and round, so that all wear alike; the last record stays whole meanwhile. In a slot:
///
///     0        the record; its CRC-32C, and a seal if there is one, last
///     aligned  the mark: one unit (unit_bytes) of words ~CRC, programmed when the record has been synced and read back
///
/// A record counts when its checksum fits. The mark only says that it had been synced, so that no cell of it was left half programmed by a cut, to read one way today
/// and another tomorrow: the newest marked record is never the one that gives way, so a record of which save said Ok is there until the next is, with two slots, too.
/// What survives a cut is that record or the one that was being written, whole. The latter, if a second cut comes in the next save, stays with three slots or more;
/// with two it gives way to the next.
///
/// An erase, a program, a sync or a check that fails makes save go on to the next slot; with N slots, N - 2 may be bad. Numbers are of 32 bits and wrap.
///
/// Memory is the caller's: a Store holds one chunk (64 bytes, or one unit where that is more) and 8 bytes a slot. It calls no heap and throws nothing.
#pragma once

#include <type_traits>

#include "factory.h"
#include "stored_record.h"

namespace insitu {

/// How many slots; at least two.
template <int N>
struct Slots {
  static_assert(N >= 2, "insitu: a Store needs two slots, so that the last record stays while the next is written: write Slots<2> or more");
  static constexpr int count = N;
};

/// Where the weights came from.
enum class LoadedFrom { Factory, Record };

/// What load did. Where `from` is Record and `status` is not Ok, a newer whole record was refused for that reason, and an older one taken. Where it is Factory,
/// `status` says why: NoRecord on a new device, otherwise why the newest record was refused, or DeviceFailed where a slot could not be read.
struct Loaded {
  LoadedFrom from;
  Status status;
  std::uint32_t number;  ///< of the record; 0 for the factory's
};

/// Net: the network; Device: a BlockDevice; Kept: Keep<...>, what is kept beside the tensors; Seal: an authentication code of the user's (NoSeal). The record
/// holds Trained<Net>: of a network with frozen layers, only what training changes.
template <class Net, class Device, class SlotCount, class Kept = Keep<>, class Seal = NoSeal>
class Store;

template <class Net, class Device, class SlotCount, class... Pieces, class Seal>
class Store<Net, Device, SlotCount, Keep<Pieces...>, Seal> {
  static_assert(BlockDevice<Device>,
                "insitu: a Store needs a block device: a struct with read, program, erase, sync and their sizes, as in block_device.h");
  static constexpr bool power_of_two(int n) { return n > 0 && (n & (n - 1)) == 0; }
  static_assert(power_of_two(Device::program_size) && power_of_two(Device::read_size),
                "insitu: program_size and read_size are powers of two: take what the flash's data sheet gives as the unit");
  static constexpr int unit = unit_bytes<Device>;
  static_assert(Device::block_size > 0 && Device::block_size % unit == 0,
                "insitu: a block holds a whole number of units: block_size is a multiple of 4, read_size and program_size");
  static_assert(float_count<Trained<Net>> > 0, "insitu: a Store keeps what training changes, and here everything is frozen");
  static_assert(Seal::size >= 0 && Seal::size % 4 == 0, "insitu: the size of a seal is a multiple of 4 bytes");
  using Record = StoredRecord<Net, Device, Keep<Pieces...>, Seal>;
  static constexpr auto& layout = Record::layout;
  static_assert(layout.distinct() && layout.count <= 32, "insitu: each section is kept once: remove the repetition from Keep<...>");

 public:
  static constexpr int slots = SlotCount::count;
  static constexpr int blocks_per_slot = Device::block_count / slots;
  /// Bytes of a record: header, sections, checksum.
  static constexpr int record_bytes = Record::bytes;
  /// Bytes of flash that a save erases and programs, the mark included.
  static constexpr int slot_bytes = (record_bytes + unit - 1) / unit * unit + unit;
  static_assert(slot_bytes <= static_cast<long long>(blocks_per_slot) * Device::block_size,
                "insitu: the record is larger than a slot: take fewer slots, or give the device more blocks");

  constexpr explicit Store(Device& d, Seal s = {}) : device(d), seal(s) {}

  /// Reads the newest whole record of this network into `trained` and the pieces. Where there is none, `trained` becomes the factory's, a Parameters<Net> or a
  /// function of your own of `trained`, and the pieces stay as they were. Nothing is written before a record has been checked as a whole; one that then
  /// reads differently (a failing memory) is given up for the next older, or for the factory's with DeviceFailed: only then are the pieces of no use.
  template <class Factory>
  Loaded load(Trained<Net>& trained, const Factory& factory, Pieces... pieces) {
    static_assert(std::is_same_v<Factory, Parameters<Net>> || std::is_invocable_v<const Factory&, Trained<Net>&>,
                  "insitu: load needs the factory's weights: give a Parameters<Net>, or a function that fills a Trained<Net>");
    Loaded loaded = {LoadedFrom::Factory, scan(), 0};
    void* to[layout.count];
    addresses(to, &trained, pieces...);
    for (int slot = newest(); slot >= 0; slot = newest()) {
      const Found found = check(slot, to);
      if (found.status == Status::Ok) return {LoadedFrom::Record, loaded.status, found.number};
      entries[slot].state = State::Free;
      loaded.status = Status::DeviceFailed;
    }
    if constexpr (std::is_same_v<Factory, Parameters<Net>>) {
      copy_factory<Net>(factory, trained);
    } else if constexpr (std::is_invocable_v<const Factory&, Trained<Net>&>) {
      factory(trained);
    }
    return loaded;
  }

  /// Writes a record. Ok when it has been synced and read back; otherwise (DeviceFailed: no slot but that of the last record takes one) the last record stays.
  Status save(const Trained<Net>& trained, Pieces... pieces) {
    if (!scanned) (void)scan();
    void* from[layout.count];
    addresses(from, const_cast<Trained<Net>*>(&trained), pieces...);  // which is only read
    const int stays = kept(), latest = newest() >= 0 ? newest() : stays;
    for (int n = 1; n <= slots; ++n) {  // the last to be tried is that of the latest record, if it is not the one that stays
      const int slot = (latest + n) % slots;
      if (slot == stays) continue;
      entries[slot] = {0, State::Free};
      if (write(slot, ++last, from)) {
        entries[slot] = {last, State::Marked};
        return Status::Ok;
      }
    }
    return Status::DeviceFailed;
  }

 private:
  /// What a slot holds: nothing whole; a whole record that this store does not read; one that it does, without and with its mark.
  enum class State : std::uint8_t { Free, Foreign, Whole, Marked };
  struct Entry {
    std::uint32_t number = 0;
    State state = State::Free;
  };

  static bool newer(std::uint32_t a, std::uint32_t b) { return static_cast<std::int32_t>(a - b) > 0; }

  static void addresses(void** to, Trained<Net>* trained, const Pieces&... pieces) {
    int n = 0;
    to[n++] = trained;
    [[maybe_unused]] const auto add = [&](const auto& piece) {
      for (int k = 0; k < stretch_count<std::remove_cvref_t<decltype(piece)>>; ++k) to[n++] = piece.memory(k);
    };
    (add(pieces), ...);
  }

  /// The slot with the newest record among those of the states given; -1 where there is none.
  int newest(State least = State::Whole, State most = State::Marked) const {
    int best = -1;
    for (int s = 0; s < slots; ++s) {
      const Entry& e = entries[s];
      if (e.state >= least && e.state <= most && (best < 0 || newer(e.number, entries[best].number))) best = s;
    }
    return best;
  }
  /// The slot whose record stays while another is written.
  int kept() const {
    const int marked = newest(State::Marked), own = newest();
    return marked >= 0 ? marked : own >= 0 ? own : newest(State::Foreign);
  }

  Found check(int slot, void* const* to) {
    return Record::check(device, slot * blocks_per_slot, blocks_per_slot * Device::block_size, chunk, seal, to);
  }

  /// Looks at all slots. Returns Ok, or why the newest whole record is refused, or why there is none.
  Status scan() {
    Status refused = Status::NoRecord;
    bool unread = false;
    for (Entry& e : entries) e = {};
    for (int s = 0; s < slots; ++s) {
      const Found found = check(s, nullptr);
      unread = unread || found.status == Status::DeviceFailed;
      entries[s] = {found.number, !found.whole                 ? State::Free
                                  : found.status != Status::Ok ? State::Foreign
                                  : marked(s, found)           ? State::Marked
                                                               : State::Whole};
      if (entries[s].state == State::Foreign && s == newest(State::Foreign, State::Foreign)) refused = found.status;
    }
    scanned = true;
    const int own = newest(), any = newest(State::Foreign);
    last = own >= 0 ? entries[own].number : any >= 0 ? entries[any].number : 0;
    if (any < 0) return unread ? Status::DeviceFailed : Status::NoRecord;
    return entries[any].state == State::Foreign ? refused : Status::Ok;
  }

  /// Erases a slot, writes the record, reads it back, marks it. False where anything failed.
  bool write(int slot, std::uint32_t number, void* const* from) {
    const int first = slot * blocks_per_slot;
    for (int b = 0; b * Device::block_size < slot_bytes; ++b) {
      if (device.erase(first + b) != Status::Ok) return false;
    }
    std::uint32_t crc = 0;
    if (!Record::write(device, first, chunk, seal, number, from, crc) || device.sync() != Status::Ok) return false;
    const Found found = check(slot, nullptr);
    if (found.status != Status::Ok || found.crc != crc || found.number != number) return false;
    for (int k = 0; k < unit; ++k) chunk[k] = static_cast<unsigned char>(~crc >> (8 * (k % 4)));
    const int at = slot_bytes - unit;
    if (device.program(first + at / Device::block_size, at % Device::block_size, chunk, unit) != Status::Ok) return false;
    return device.sync() == Status::Ok && marked(slot, found);
  }

  /// Whether the mark stands behind the record of a slot.
  bool marked(int slot, const Found& found) {
    const int at = (found.size + unit - 1) / unit * unit;
    if (at + unit > blocks_per_slot * Device::block_size) return false;
    if (device.read(slot * blocks_per_slot + at / Device::block_size, at % Device::block_size, chunk, unit) != Status::Ok) return false;
    bool same = true;
    for (int k = 0; k < unit; k += 4) same = same && word_of(chunk + k) == ~found.crc;
    return same;
  }

  Device& device;
  [[no_unique_address]] Seal seal;
  alignas(8) unsigned char chunk[chunk_bytes<Device>] = {};
  Entry entries[static_cast<unsigned>(slots)];
  std::uint32_t last = 0;
  bool scanned = false;
};

}  // namespace insitu
