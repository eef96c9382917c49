#include "model/store.h"

#include <doctest/doctest.h>

#include "tests/field/stored.h"

using namespace insitu;
using problem::Flash, problem::State, problem::StoredNet, problem::StoredPieces, problem::StoredTraining;

namespace {

using Device = Flash<4, 8, 64, 9>;
template <int N>
using StoreOf = Store<StoredNet, Device, Slots<N>, StoredPieces>;
// header; Layers; Trained; Step; Optimizer: 3 settings and 6 velocities; Sequence; checksum
constexpr int Bytes = 24 + 12 + (8 + 6 * 4) + 12 + (8 + 9 * 4) + 12 + 4;
static_assert(StoreOf<3>::record_bytes == Bytes && StoreOf<3>::slot_bytes == 144 + 8 && StoreOf<3>::blocks_per_slot == 3);
static_assert(sizeof(StoreOf<3>) <= 64 + 3 * 8 + 3 * 8, "a chunk, 8 bytes a slot, a reference, a count");

template <class S>
void save_version(Device& flash, int version) {
  S store{flash};
  State state(version);
  CHECK(state.save(store) == Status::Ok);
}
template <class S>
Loaded look(Device& flash, State& state) {
  S store{flash};
  return state.load(store);
}
/// The network whose last layer is frozen in place of the first.
using Mirrored = Network<Dense<2, 2, Tanh>, Frozen<Dense<2, 2>>>;

/// Puts a record that the caller has written into a slot.
void put(Device& flash, int slot, const unsigned char* bytes, int count) {
  std::memcpy(flash.now + slot * 3 * Device::block_size, bytes, static_cast<unsigned>(count));
}
void checksum(unsigned char* bytes, int count) {
  const std::uint32_t crc = crc32c(bytes, count - 4);
  for (int k = 0; k < 4; ++k) bytes[count - 4 + k] = static_cast<unsigned char>(crc >> (8 * k));
}

/// A keyed sum, of the form of a real code (HMAC, CMAC) and without its strength.
struct TestSeal {
  static constexpr int size = 8;
  std::uint64_t key = 0, sum = 0;
  void begin() { sum = key; }
  void update(const unsigned char* bytes, int count) {
    for (int k = 0; k < count; ++k) sum = (sum ^ bytes[k]) * 0x100000001b3ull;
  }
  void end(unsigned char* code) {
    sum = (sum ^ key) * 0x100000001b3ull;
    for (int k = 0; k < 8; ++k) code[k] = static_cast<unsigned char>(sum >> (8 * k));
  }
};
using Sealed = Store<StoredNet, Device, Slots<3>, StoredPieces, TestSeal>;

}  // namespace

TEST_CASE("store: the factory's weights on a new device, then the newest record, and which of them") {
  Device flash;
  StoreOf<3> store{flash};
  State state(5);
  Loaded loaded = state.load(store);
  CHECK((loaded.from == LoadedFrom::Factory && loaded.status == Status::NoRecord && loaded.number == 0));
  CHECK(state.is(0));
  CHECK(state.step == 5u);  // what is kept beside the tensors stays
  for (int version = 1; version <= 8; ++version) {
    State saved(version);
    CHECK(saved.save(store) == Status::Ok);
    loaded = look<StoreOf<3>>(flash, state);
    CHECK((loaded.from == LoadedFrom::Record && loaded.status == Status::Ok && loaded.number == static_cast<std::uint32_t>(version)));
    CHECK(state.is(version));
  }
  CHECK_FALSE(flash.misused);
}

TEST_CASE("store: all slots wear alike, also when every save is that of a new start") {
  Device flash;
  StoreOf<3> store{flash};
  for (int version = 1; version <= 30; ++version) {
    State state(version);
    CHECK(state.save(store) == Status::Ok);
  }
  for (int version = 31; version <= 60; ++version) save_version<StoreOf<3>>(flash, version);
  for (const int erases : flash.erases) CHECK(erases == 20);
}

TEST_CASE("store: every bit of every record, flipped, is found, and the record before it serves") {
  long tried = 0, caught = 0;
  State state;
  for (int saves = 1; saves <= 3; ++saves) {
    Device flash;
    for (int version = 1; version <= saves; ++version) save_version<StoreOf<3>>(flash, version);
    for (int slot = 0; slot < saves; ++slot) {
      for (int bit = 0; bit < Bytes * 8; ++bit) {
        unsigned char& byte = flash.now[slot * 3 * Device::block_size + bit / 8];
        byte = static_cast<unsigned char>(byte ^ 1 << bit % 8);
        const Loaded loaded = look<StoreOf<3>>(flash, state);
        const int expected = slot + 1 < saves ? saves : saves - 1;  // the newest that is left
        ++tried, caught += loaded.status == (expected == 0 ? Status::NoRecord : Status::Ok) && state.is(expected);
        byte = static_cast<unsigned char>(byte ^ 1 << bit % 8);
      }
    }
    look<StoreOf<3>>(flash, state);
    CHECK(state.is(saves));
  }
  CHECK(caught == tried);
  MESSAGE("bit flips: ", tried, " tried, ", caught, " caught");
}

TEST_CASE("store: bad blocks are passed by, whether they say so or not; the old record stays") {
  for (int lies = 0; lies < 2; ++lies) {
    for (int bad = 0; bad < 2 * 5 * 5; ++bad) {
      // two of five slots, bad in their first or their second block, in erasing or programming
      using Big = Flash<4, 8, 64, 15>;
      using S = Store<StoredNet, Big, Slots<5>, StoredPieces>;
      static Big flash;
      flash = Big();
      flash.lies = lies != 0;
      const int slots[] = {bad / 2 % 5, bad / 10};
      for (const int slot : slots) (bad % 2 == 0 ? flash.bad_erase : flash.bad_program)[slot * 3 + slot % 2] = true;
      S store{flash};
      for (int version = 1; version <= 7; ++version) {
        State state(version), read;
        CHECK(state.save(store) == Status::Ok);
        S other{flash};
        CHECK(read.load(other).from == LoadedFrom::Record);
        CHECK(read.is(version));
      }
      // all but the slot of the last record: no more can be saved, nothing is lost
      for (bool& b : flash.bad_erase) b = true;
      State state(8), read;
      CHECK(state.save(store) == Status::DeviceFailed);
      S other{flash};
      CHECK(read.load(other).from == LoadedFrom::Record);
      CHECK(read.is(7));
      CHECK(state.save(other) == Status::DeviceFailed);
      // blocks that work again are used again
      for (bool& b : flash.bad_erase) b = false;
      for (bool& b : flash.bad_program) b = false;
      CHECK(state.save(other) == Status::Ok);
      S last{flash};
      CHECK(read.load(last).from == LoadedFrom::Record);
      CHECK(read.is(8));
      if (!flash.lies) CHECK_FALSE(flash.misused);
    }
  }
}

TEST_CASE("store: of N slots N - 2 may be bad, whichever they are; with one more the record that there is stays") {
  using Big = Flash<4, 8, 64, 15>;
  using S = Store<StoredNet, Big, Slots<5>, StoredPieces>;
  static Big flash;
  for (int way = 0; way < 4; ++way) {
    for (int a = 0; a < 5; ++a) {
      for (int b = 0; b <= a; ++b) {  // the good ones: two, or one
        flash = Big();
        flash.lies = way % 2 != 0;
        for (int slot = 0; slot < 5; ++slot)
          (way / 2 == 0 ? flash.bad_erase : flash.bad_program)[slot * 3 + slot % 3] = slot != a && slot != b;
        S store{flash};
        for (int version = 1; version <= 6; ++version) {
          State state(version), read;
          CHECK(state.save(store) == (a != b || version == 1 ? Status::Ok : Status::DeviceFailed));
          S other{flash};
          CHECK(read.load(other).from == LoadedFrom::Record);
          CHECK(read.is(a != b ? version : 1));
        }
      }
    }
  }
}

TEST_CASE("store: a mark that does not stick is no Ok") {
  using Marked = Flash<4, 8, 48, 8>;  // a record is three blocks, its mark the first unit of the fourth
  using S = Store<StoredNet, Marked, Slots<2>, StoredPieces>;
  static_assert(S::slot_bytes == 3 * 48 + 8 && S::blocks_per_slot == 4);
  static Marked flash;
  flash.lies = flash.bad_program[7] = true;
  S store{flash};
  State first(1), second(2), state;
  CHECK(first.save(store) == Status::Ok);
  CHECK(second.save(store) == Status::DeviceFailed);
  CHECK(second.save(store) == Status::DeviceFailed);
  S other{flash};
  CHECK(state.load(other).from == LoadedFrom::Record);
  CHECK((state.is(1) || state.is(2)));
}

TEST_CASE("store: the number of a record goes past the largest and on") {
  Device flash;
  save_version<StoreOf<3>>(flash, 1);
  for (int k = 0; k < 4; ++k) flash.now[Bytes - 8 + k] = static_cast<unsigned char>(k == 0 ? 0xfd : 0xff);  // Sequence is the last section
  checksum(flash.now, Bytes);
  State state;
  Loaded loaded = look<StoreOf<3>>(flash, state);
  CHECK(loaded.number == 0xfffffffdu);
  for (int version = 2; version <= 9; ++version) {
    save_version<StoreOf<3>>(flash, version);
    loaded = look<StoreOf<3>>(flash, state);
    CHECK(loaded.number == static_cast<std::uint32_t>(version - 4));
    CHECK(state.is(version));
  }
}

TEST_CASE("store: what belongs elsewhere is refused, named, and not written over while a record of our own could be") {
  Device flash;
  State state;
  save_version<StoreOf<3>>(flash, 1);
  const auto refused = [&](Status reason) {
    const Loaded loaded = look<StoreOf<3>>(flash, state);
    CHECK(loaded.status == reason);
    CHECK((loaded.from == LoadedFrom::Record && loaded.number == 1));
    CHECK(state.is(1));
  };
  const auto nothing = [](auto&) {};
  {  // other layers are trained: same text, same sizes
    Store<Mirrored, Device, Slots<3>> other{flash};
    Trained<Mirrored> trained = {};
    Parameters<Mirrored> factory = {};
    const Loaded loaded = other.load(trained, factory);
    CHECK((loaded.from == LoadedFrom::Factory && loaded.status == Status::OtherLayers));
    CHECK(other.save(trained) == Status::Ok);
    CHECK(other.load(trained, nothing).from == LoadedFrom::Record);
    refused(Status::OtherLayers);
    CHECK(other.save(trained) == Status::Ok);
    refused(Status::OtherLayers);
  }
  {  // another text
    using Net = Network<Dense<3, 2>>;
    Store<Net, Device, Slots<3>> other{flash};
    Trained<Net> trained = {};
    CHECK(other.save(trained) == Status::Ok);  // the slot after the last
  }
  save_version<StoreOf<3>>(flash, 1);
  save_version<StoreOf<3>>(flash, 1);
  Device fresh;
  flash = fresh;
  save_version<StoreOf<3>>(flash, 1);
  unsigned char bytes[Bytes];
  const auto forge = [&](int at, std::uint32_t word) {
    std::memcpy(bytes, flash.now, Bytes);
    for (int k = 0; k < 4; ++k) bytes[at + k] = static_cast<unsigned char>(word >> (8 * k));
    bytes[Bytes - 8] = 9;  // the number: newer than ours
    checksum(bytes, Bytes);
    put(flash, 1, bytes, Bytes);
  };
  forge(4, 2);
  refused(Status::Newer);
  forge(8, 12345);
  refused(Status::OtherNetwork);
  forge(20, 6);  // sections
  refused(Status::Damaged);
  forge(24 + 8, 3);
  refused(Status::OtherLayers);
  forge(24, 0x100);  // no Layers
  refused(Status::MissingSection);
  forge(24 + 12, 0x100);  // no Trained
  refused(Status::MissingSection);
  forge(24 + 12 + 32, 0x100);  // no Step
  refused(Status::MissingSection);
  const auto number = [&] { return look<StoreOf<3>>(flash, state).number; };
  save_version<StoreOf<3>>(flash, 2);
  CHECK(number() == 2u);
  CHECK(state.is(2));
  // what another Keep does not want it does not read
  Store<StoredNet, Device, Slots<3>> fewer{flash};
  CHECK(fewer.load(state.trained, problem::stored_factory()).number == 2u);
  Store<StoredNet, Device, Slots<3>, Keep<UserWords<3, 2>>> more{flash};
  std::uint32_t words[2] = {6, 7};
  CHECK(more.load(state.trained, problem::stored_factory(), UserWords<3, 2>{words}).status == Status::MissingSection);
  CHECK((state.is(0) && words[1] == 7));
  CHECK(more.save(state.trained, UserWords<3, 2>{words}) == Status::Ok);
  words[0] = words[1] = 0;
  CHECK(more.load(state.trained, problem::stored_factory(), UserWords<3, 2>{words}).from == LoadedFrom::Record);
  CHECK((words[0] == 6 && words[1] == 7));
}

TEST_CASE("store: a whole network's record is one that load reads, and one that save wrote serves as the first") {
  using Net = Network<Dense<2, 3, Tanh>, Dense<3, 2>>;
  using S = Store<Net, Device, Slots<3>, Keep<InputNormalisation<Net>>>;
  Device flash;
  Parameters<Net> p, read = {};
  Random random{8};
  problem::fill(p, random);
  unsigned char bytes[checkpoint_bytes<Net>];
  CHECK(save<Net>(p, bytes, static_cast<int>(sizeof bytes)) == Status::Ok);
  put(flash, 2, bytes, static_cast<int>(sizeof bytes));
  Store<Net, Device, Slots<3>> plain{flash};
  const auto random_start = [](Trained<Net>& t) { initialize(t, Glorot{}, Random{1}); };
  const Loaded loaded = plain.load(read, random_start);
  CHECK((loaded.from == LoadedFrom::Record && loaded.number == 0));
  CHECK(problem::same_bytes(read, p));

  S store{flash};
  Vector<2> offset{{1, 2}}, scale{{3, 4}};
  CHECK(store.load(read, random_start, {&offset, &scale}).status == Status::MissingSection);
  Parameters<Net> started;
  random_start(started);
  CHECK(problem::same_bytes(read, started));
  CHECK(store.save(p, {&offset, &scale}) == Status::Ok);
  offset = scale = {};
  CHECK(store.load(read, random_start, {&offset, &scale}).number == 1u);
  CHECK((offset[0] == 1 && offset[1] == 2 && scale[0] == 3 && scale[1] == 4));
  read = {};
  CHECK(load<Net>(read, flash.now, S::record_bytes) == Status::Ok);
  CHECK(problem::same_bytes(read, p));
  RecordReader reader;
  CHECK(reader.open(flash.now, S::record_bytes, network_hash<Net>) == Status::Ok);
  CHECK(reader.length(Section::Normalisation) == 4);
  CHECK(reader.length(Section::Sequence) == 1);
}

TEST_CASE("store: a seal of the user's: another key, a forged record, a cut code, sections behind it are refused") {
  Device flash;
  State state;
  Sealed store{flash, TestSeal{42}};
  State first(1), second(2);
  CHECK(first.save(store) == Status::Ok);
  CHECK(second.save(store) == Status::Ok);
  CHECK(state.load(store).number == 2u);
  CHECK(state.is(2));
  Sealed other{flash, TestSeal{43}};
  CHECK(state.load(other).status == Status::NotSealed);
  CHECK(state.is(0));
  CHECK(look<StoreOf<3>>(flash, state).number == 2u);  // who does not ask for a seal reads it

  unsigned char* const record = flash.now + 3 * Device::block_size;
  unsigned char kept[Sealed::record_bytes];
  std::memcpy(kept, record, sizeof kept);
  for (int at = 24; at < Sealed::record_bytes - 4; at += 3) {  // with a right checksum
    record[at] = static_cast<unsigned char>(record[at] ^ 4);
    checksum(record, Sealed::record_bytes);
    const Loaded loaded = state.load(store);
    CHECK((loaded.number == 1 && loaded.status != Status::DeviceFailed));
    CHECK(state.is(1));
    std::memcpy(record, kept, sizeof kept);
  }
  save_version<StoreOf<3>>(flash, 7);  // without a seal
  CHECK(state.load(store).status == Status::NotSealed);
  CHECK(state.is(2));
  // a section behind the seal, by someone who has the key
  std::memcpy(record, kept, sizeof kept);
  constexpr int Code = Sealed::record_bytes - 4 - TestSeal::size;
  record[16] = static_cast<unsigned char>(record[16] + 8);
  record[20] = static_cast<unsigned char>(record[20] + 1);
  TestSeal key{42};
  key.begin();
  key.update(record, Code);
  key.end(record + Code);
  std::memcpy(record + Code + TestSeal::size, "\x00\x01\x00\x00\x00\x00\x00\x00", 8);
  checksum(record, Sealed::record_bytes + 8);
  CHECK(state.load(store).number == 1u);
}

namespace {
/// A memory whose bytes change between two readings: from the given one on, the record that begins with block `of` has other weights.
struct Unsteady : Device {
  int readings = 0, from = 1 << 30, of = 0;
  Status read(int block, int offset, unsigned char* to, int count) {
    const Status status = Device::read(block, offset, to, count);
    if (block == of && offset == 24 && ++readings >= from) to[12 + 8] ^= 1;  // the first weight
    return status;
  }
};
}  // namespace

TEST_CASE("store: a memory that reads differently the second time never gives half a record") {
  using S = Store<StoredNet, Unsteady, Slots<3>, StoredPieces>;
  static Unsteady flash;
  S store{flash};
  State first(1), second(2), state;
  CHECK(first.save(store) == Status::Ok);
  flash.readings = 0, flash.from = 2;
  S alone{flash};
  Loaded loaded = state.load(alone);
  CHECK((loaded.from == LoadedFrom::Factory && loaded.status == Status::DeviceFailed));
  CHECK(problem::same_bytes(state.trained, State(0).trained));
  flash.from = 1 << 30;
  CHECK(second.save(store) == Status::Ok);
  flash.readings = 0, flash.from = 2, flash.of = 3;
  S both{flash};
  loaded = state.load(both);
  CHECK((loaded.from == LoadedFrom::Record && loaded.status == Status::DeviceFailed && loaded.number == 1));
  CHECK(state.is(1));
}

TEST_CASE("store: the same bytes on every port") {
  Device flash;
  std::memset(flash.now, 0xff, sizeof flash.now);
  for (int version = 1; version <= 4; ++version) save_version<StoreOf<3>>(flash, version);
  CHECK(crc32c(flash.now, Device::bytes) == 0x88c89af1u);
}
