#include "ports/desktop/exchange/checkpoint_file.h"

#include <doctest/doctest.h>

#include "../temporary_folder.h"
#include "ports/desktop/error.h"
#include "ports/desktop/normalisation.h"
#include "ports/desktop/record_file.h"
#include "sample.h"

namespace insitu::desktop {
namespace {

using Net = Network<Dense<5, 4, Relu>, Dense<4, 3, Softmax>>;
using Part = Network<Frozen<Dense<5, 4, Relu>>, Dense<4, 3, Softmax>>;
const std::string Name = "dense 5 4 relu; dense 4 3 softmax";

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

template <class Save>
Bytes record(int size, const Save& save) {
  Bytes bytes(static_cast<std::size_t>(size));
  REQUIRE(save(bytes.data(), size) == Status::Ok);
  return bytes;
}

}  // namespace

TEST_CASE("checkpoint: the bytes that the compiled network saves, and back to the bit") {
  const TemporaryFolder folder;
  Mlp mlp = sample(Name);
  const Parameters<Net> parameters = compiled<Net>(mlp);
  const Bytes plain = record(checkpoint_bytes<Net>, [&](unsigned char* to, int room) { return save<Net>(parameters, to, room); });
  CHECK(record_of(mlp) == plain);
  CHECK(same_bits(read_checkpoint(folder.write("plain", text_of(plain)), Name, ""), mlp));

  mlp.normalisation = {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}};
  const Bytes normalised = record_of(mlp);
  RecordReader reader;
  REQUIRE(reader.open(normalised.data(), static_cast<int>(normalised.size()), network_hash<Net>) == Status::Ok);
  CHECK(reader.length(Section::Normalisation) == 10);
  CHECK(same_bits(read_checkpoint(folder.write("normalised", text_of(normalised)), Name, ""), mlp));
}

TEST_CASE("checkpoint: what a device trained above frozen layers, with the factory's rest") {
  const TemporaryFolder folder;
  Mlp factory = sample(Name, 1);
  const Mlp other = sample(Name, 2);
  factory.normalisation = {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}};
  Trained<Part> trained{};
  const Parameters<Net> parameters = compiled<Net>(other);
  get<1>(trained) = get<1>(parameters);
  const Bytes bytes = record(trained_bytes<Part>, [&](unsigned char* to, int room) { return save_trained<Part>(trained, to, room); });
  const std::string device = folder.write("device", text_of(bytes)), base = folder.write("factory", text_of(record_of(factory)));
  CHECK_THROWS_WITH_AS(read_checkpoint(device, Name, ""), doctest::Contains("holds only the layers that were trained: say --factory"),
                       Error);
  Mlp expected = factory;
  expected.layers[1] = other.layers[1];
  CHECK(same_bits(read_checkpoint(device, Name, base), expected));
}

TEST_CASE("checkpoint: of another network, of the wrong size, with a number that is not finite") {
  const TemporaryFolder folder;
  const Mlp mlp = sample(Name);
  const std::string path = folder.write("a", text_of(record_of(mlp)));
  CHECK_THROWS_WITH_AS(read_checkpoint(path, "dense 5 4; dense 4 3", ""), doctest::Contains("found those of another"), Error);
  Mlp lying = mlp;
  lying.layers[1].bias.pop_back();
  CHECK_THROWS_WITH_AS(read_checkpoint(folder.write("b", text_of(record_of(lying))), Name, ""),
                       doctest::Contains("expected 39 parameters, found 38"), Error);
  Mlp infinite = mlp;
  infinite.layers[0].bias[0] = std::numeric_limits<float>::infinity();
  CHECK_THROWS_WITH_AS(read_checkpoint(folder.write("c", text_of(record_of(infinite))), Name, ""),
                       doctest::Contains("layer 0 has a bias that is no finite float32"), Error);
}

}  // namespace insitu::desktop
