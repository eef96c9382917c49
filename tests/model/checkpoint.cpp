#include "model/checkpoint.h"

#include <doctest/doctest.h>

#include "model/trainer.h"
#include "tests/model/problem.h"

using namespace insitu;

namespace {

using Net = Network<Dense<2, 3, Tanh>, Dense<3, 2, Softmax>>;
constexpr int Bytes = checkpoint_bytes<Net>;
static_assert(Bytes == 24 + 8 + 17 * 4 + 4);

struct Saved {
  Parameters<Net> p;
  unsigned char bytes[Bytes];
  Saved() {
    Random random{5};
    problem::fill(p, random);
    REQUIRE(save<Net>(p, bytes, Bytes) == Status::Ok);
  }
};

/// Loading is refused for the reason given (or for any), and leaves the old state whole.
bool refused(const unsigned char* bytes, int count, Status reason) {
  Parameters<Net> p;
  Random random{99};
  problem::fill(p, random);
  const auto before = p;
  return load<Net>(p, bytes, count) == reason && problem::same_bytes(p, before);
}
Status loaded(const unsigned char* bytes, int count, bool& whole) {
  Parameters<Net> p;
  Random random{99};
  problem::fill(p, random);
  const auto before = p;
  const Status status = load<Net>(p, bytes, count);
  whole = status == Status::Ok || problem::same_bytes(p, before);
  return status;
}

/// Puts a word into a record and makes its checksum right again: then the checksum is not what refuses it.
void forge(unsigned char* bytes, int at, std::uint32_t word, int size = Bytes) {
  for (int k = 0; k < 4; ++k) bytes[at + k] = static_cast<unsigned char>(word >> (8 * k));
  const std::uint32_t crc = crc32c(bytes, size - 4);
  for (int k = 0; k < 4; ++k) bytes[size - 4 + k] = static_cast<unsigned char>(crc >> (8 * k));
}

}  // namespace

TEST_CASE("crc32c: the test vectors of RFC 3720, whole and in parts") {
  unsigned char bytes[32] = {};
  CHECK(crc32c(bytes, 32) == 0x8a9136aau);
  for (unsigned char& b : bytes) b = 0xff;
  CHECK(crc32c(bytes, 32) == 0x62a8ab43u);
  for (int k = 0; k < 32; ++k) bytes[k] = static_cast<unsigned char>(k);
  CHECK(crc32c(bytes, 32) == 0x46dd794eu);
  CHECK(crc32c(bytes + 10, 22, crc32c(bytes, 10)) == 0x46dd794eu);
  CHECK(crc32c(bytes, 0) == 0u);
}

TEST_CASE("checkpoint: what is saved is loaded, bit for bit, NaN and signed zero included") {
  Saved s;
  s.p.layer.bias[0] = -0.0f;
  s.p.layer.bias[1] = std::bit_cast<float>(0x7fc01234u);
  s.p.layer.bias[2] = std::bit_cast<float>(0x00000001u);
  CHECK(save<Net>(s.p, s.bytes, Bytes) == Status::Ok);
  Parameters<Net> p = {};
  CHECK(load<Net>(p, s.bytes, Bytes) == Status::Ok);
  CHECK(problem::same_bytes(p, s.p));
}

TEST_CASE("checkpoint: the bytes of the format") {
  const Saved s;
  const unsigned char head[] = {'I', 'N', 'S', 'U', 1, 0, 0, 0};
  CHECK(std::memcmp(s.bytes, head, sizeof head) == 0);
  std::uint64_t hash = 0;
  for (int k = 0; k < 8; ++k) hash |= static_cast<std::uint64_t>(s.bytes[8 + k]) << (8 * k);
  CHECK(hash == network_hash<Net>);
  const unsigned char rest[] = {Bytes, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 68, 0, 0, 0};
  CHECK(std::memcmp(s.bytes + 16, rest, sizeof rest) == 0);
  const auto bits = std::bit_cast<std::uint32_t>(s.p.layer.weights.data[0]);
  CHECK(s.bytes[32] == (bits & 255));
  CHECK(s.bytes[35] == bits >> 24);
}

TEST_CASE("checkpoint: every flipped bit is found, and the old parameters survive") {
  Saved s;
  for (int bit = 0; bit < Bytes * 8; ++bit) {
    s.bytes[bit / 8] = static_cast<unsigned char>(s.bytes[bit / 8] ^ 1 << bit % 8);
    bool whole;
    const Status status = loaded(s.bytes, Bytes, whole);
    if (status == Status::Ok || !whole) {
      CAPTURE(bit);
      CHECK(status != Status::Ok);
      CHECK(whole);
    }
    s.bytes[bit / 8] = static_cast<unsigned char>(s.bytes[bit / 8] ^ 1 << bit % 8);
  }
  CHECK_FALSE(refused(s.bytes, Bytes, Status::Damaged));  // right again
}

TEST_CASE("checkpoint: every truncation is found") {
  const Saved s;
  for (int count = 0; count < Bytes; ++count) {
    CAPTURE(count);
    CHECK(refused(s.bytes, count, Status::Truncated));
  }
  CHECK(refused(s.bytes, -1, Status::Truncated));
}

TEST_CASE("checkpoint: bytes behind the record do not matter, as in a flash page") {
  const Saved s;
  unsigned char page[Bytes + 100];
  std::memset(page, 0xff, sizeof page);
  std::memcpy(page, s.bytes, Bytes);
  Parameters<Net> p = {};
  CHECK(load<Net>(p, page, static_cast<int>(sizeof page)) == Status::Ok);
  CHECK(problem::same_bytes(p, s.p));
}

TEST_CASE("checkpoint: refused for the right reason, with a right checksum") {
  Saved s;
  unsigned char erased[Bytes];
  std::memset(erased, 0xff, sizeof erased);
  CHECK(refused(erased, Bytes, Status::NoRecord));
  std::memset(erased, 0, sizeof erased);
  CHECK(refused(erased, Bytes, Status::NoRecord));
  unsigned char b[Bytes];
  const auto forged = [&](int at, std::uint32_t word) {
    std::memcpy(b, s.bytes, Bytes);
    forge(b, at, word);
    return b;
  };
  CHECK(refused(forged(4, 2), Bytes, Status::Newer));
  CHECK(refused(forged(4, 0xffffffffu), Bytes, Status::Newer));
  CHECK(refused(forged(4, 0), Bytes, Status::Damaged));
  CHECK(refused(forged(8, 12345), Bytes, Status::OtherNetwork));
  CHECK(refused(forged(12, 12345), Bytes, Status::OtherNetwork));
  CHECK(refused(forged(16, 0), Bytes, Status::Damaged));
  CHECK(refused(forged(16, 0xfffffff0u), Bytes, Status::Truncated));
  CHECK(refused(forged(16, Bytes + 4), Bytes, Status::Truncated));
  CHECK(refused(forged(16, Bytes - 4), Bytes, Status::Damaged));
  CHECK(refused(forged(16, Bytes - 1), Bytes, Status::Damaged));
  CHECK(refused(forged(20, 0), Bytes, Status::Damaged));  // bytes that no section owns
  CHECK(refused(forged(20, 2), Bytes, Status::Damaged));
  CHECK(refused(forged(20, 0xffffffffu), Bytes, Status::Damaged));
  CHECK(refused(forged(24, 3), Bytes, Status::MissingSection));
  CHECK(refused(forged(28, 64), Bytes, Status::Damaged));
  CHECK(refused(forged(28, 72), Bytes, Status::Damaged));
  CHECK(refused(forged(28, 67), Bytes, Status::Damaged));
  CHECK(refused(forged(28, 0xfffffffcu), Bytes, Status::Damaged));
  forged(20, 2);
  forge(b, 28, 0xffffffd8u);  // -40: the next section would begin before the record
  CHECK(refused(b, Bytes, Status::Damaged));
}

TEST_CASE("checkpoint: another network's record is refused, a frozen one of the same text is not") {
  const Saved s;
  using Other = Network<Dense<2, 3, Relu>, Dense<3, 2, Softmax>>;
  Parameters<Other> other = {};
  const auto before = other;
  CHECK(load<Other>(other, s.bytes, Bytes) == Status::OtherNetwork);
  CHECK(problem::same_bytes(other, before));
  using Tuned = Network<Frozen<Dense<2, 3, Tanh>>, Dense<3, 2, Softmax>>;
  Parameters<Tuned> tuned = {};
  CHECK(load<Tuned>(tuned, s.bytes, Bytes) == Status::Ok);
}

TEST_CASE("checkpoint: TrainedLayers has two bits a layer, sixteen layers a word") {
  using L = Dense<2, 2>;
  CHECK(TrainedLayers<Net>().word[0] == 15u);
  CHECK(TrainedLayers<Network<Frozen<L>, L, BiasOnly<L>, Frozen<L>>>().word[0] == 0b00'01'11'00u);
  using Long = Network<L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, BiasOnly<L>, L>;
  CHECK(TrainedLayers<Long>::words == 2);
  CHECK(TrainedLayers<Long>().word[0] == 0x7fffffffu);
  CHECK(TrainedLayers<Long>().word[1] == 3u);
}

TEST_CASE("checkpoint: what is trained goes back into a network that freezes the same layers, and into no other") {
  // two mirrored networks: one text, one hash, and the same number of trained floats
  using First = Network<Frozen<Dense<3, 3, Tanh>>, Dense<3, 3, Tanh>>;
  using Second = Network<Dense<3, 3, Tanh>, Frozen<Dense<3, 3, Tanh>>>;
  using Whole = Network<Dense<3, 3, Tanh>, Dense<3, 3, Tanh>>;
  static_assert(network_hash<First> == network_hash<Second> && trained_bytes<First> == trained_bytes<Second>);
  static_assert(trained_bytes<First> == 24 + 12 + 8 + 12 * 4 + 4 && trained_bytes<Whole> == checkpoint_bytes<Whole>);
  Random random{3};
  Trained<First> first, read = {};
  problem::fill(first, random);
  unsigned char bytes[checkpoint_bytes<Whole>];
  CHECK(save_trained<First>(first, bytes, trained_bytes<First> - 1) == Status::BufferTooSmall);
  CHECK(save_trained<First>(first, bytes, trained_bytes<First>) == Status::Ok);
  CHECK(load_trained<First>(read, bytes, trained_bytes<First>) == Status::Ok);
  CHECK(problem::same_bytes(read, first));
  Trained<Second> second = {};
  const auto before = second;
  CHECK(load_trained<Second>(second, bytes, trained_bytes<First>) == Status::OtherLayers);
  CHECK(problem::same_bytes(second, before));
  Parameters<Whole> whole = {}, again;
  CHECK(load<Whole>(whole, bytes, trained_bytes<First>) == Status::MissingSection);

  // nothing frozen: the record is that of the parameters, old or new
  problem::fill(whole, random);
  unsigned char old[checkpoint_bytes<Whole>];
  CHECK(save<Whole>(whole, old, checkpoint_bytes<Whole>) == Status::Ok);
  CHECK(save_trained<Whole>(whole, bytes, checkpoint_bytes<Whole>) == Status::Ok);
  CHECK(std::memcmp(bytes, old, sizeof old) == 0);
  CHECK(load_trained<Whole>(again, old, checkpoint_bytes<Whole>) == Status::Ok);
  CHECK(problem::same_bytes(again, whole));
  CHECK(load_trained<First>(read, old, checkpoint_bytes<Whole>) == Status::MissingSection);
  CHECK(problem::same_bytes(read, first));
}

TEST_CASE("checkpoint: a section of the wrong size is not read") {
  Saved s;
  unsigned char bytes[256];
  RecordWriter writer(bytes, sizeof bytes, network_hash<Net>);
  writer.add(Section::Parameters, problem::floats(s.p), 16);
  CHECK(writer.end() == Status::Ok);
  CHECK(refused(bytes, writer.size(), Status::WrongSize));
}

TEST_CASE("checkpoint: too small a buffer is never overrun") {
  const Saved s;
  for (int capacity = 0; capacity < Bytes; ++capacity) {
    unsigned char bytes[Bytes];
    std::memset(bytes, 0xaa, sizeof bytes);
    CHECK(save<Net>(s.p, bytes, capacity) == Status::BufferTooSmall);
    int written = 0;
    for (int k = capacity; k < Bytes; ++k) written += bytes[k] != 0xaa;
    CHECK(written == 0);
  }
}

TEST_CASE("checkpoint: a training run goes on from its record as if it had not been stopped") {
  using Training = Trainer<Net, CrossEntropy, Adam, Batch<2>>;
  const problem::Data<Net, 2> data(4);
  static Training trainer{.optimizer = {.learning_rate = 0.05f}}, again{.optimizer = {.learning_rate = 0.05f}};
  Saved s;
  for (int k = 0; k < 5; ++k) trainer.step(s.p, data.inputs, data.labels);

  unsigned char bytes[512];
  const std::uint32_t step = 5;
  const float powers[2] = {trainer.optimizer.beta1_power, trainer.optimizer.beta2_power};
  constexpr int Kept = static_cast<int>(sizeof trainer.state / sizeof(float));
  RecordWriter writer(bytes, sizeof bytes, network_hash<Net>);
  writer.add(Section::Parameters, problem::floats(s.p), 17);
  writer.add(Section::Optimizer, problem::floats(trainer.state), Kept);
  writer.add(Section::User, powers, 2);
  writer.add(Section::Step, &step, 1);
  REQUIRE(writer.end() == Status::Ok);

  Parameters<Net> p;
  std::uint32_t restored = 0;
  float restored_powers[2] = {};
  RecordReader reader;
  REQUIRE(reader.open(bytes, writer.size(), network_hash<Net>) == Status::Ok);
  CHECK(reader.length(Section::Optimizer) == Kept);
  CHECK(reader.length(Section::Normalisation) == -1);
  CHECK(reader.read(Section::Step, &restored, 1) == Status::Ok);
  CHECK(restored == 5u);
  CHECK(reader.read(Section::Parameters, problem::floats(p), 17) == Status::Ok);
  CHECK(reader.read(Section::Optimizer, problem::floats(again.state), Kept) == Status::Ok);
  CHECK(reader.read(Section::User, restored_powers, 2) == Status::Ok);
  again.optimizer.beta1_power = restored_powers[0], again.optimizer.beta2_power = restored_powers[1];
  for (int k = 0; k < 5; ++k) {
    trainer.step(s.p, data.inputs, data.labels);
    again.step(p, data.inputs, data.labels);
  }
  CHECK(problem::same_bytes(p, s.p));
}

TEST_CASE("Status: a sentence for each") {
  for (int k = 0; k <= static_cast<int>(Status::NotSealed); ++k) {
    if (k > static_cast<int>(Status::BufferTooSmall) && k < static_cast<int>(Status::OtherLayers)) continue;  // the C interface's
    CHECK(std::strlen(text(static_cast<Status>(k))) > 1);
    CHECK(std::strcmp(text(static_cast<Status>(k)), "unknown status") != 0);
  }
}
