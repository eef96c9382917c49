#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "../process.h"
#include "ports/desktop/error.h"
#include "ports/desktop/exchange/checkpoint_file.h"
#include "ports/desktop/exchange/exchange.h"
#include "ports/desktop/record_file.h"
#include "sample.h"

namespace insitu::desktop {
namespace {

using Net = Network<Dense<5, 4, Relu>, Dense<4, 3, Softmax>>;
using Part = Network<Frozen<Dense<5, 4, Relu>>, Dense<4, 3, Softmax>>;
using Biases = Network<Frozen<Dense<5, 4, Relu>>, BiasOnly<Dense<4, 3, Softmax>>>;
const std::string Name = "dense 5 4 relu; dense 4 3 softmax";

std::string text_of(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

template <class Device>
std::string trained_record(std::uint64_t seed) {
  Trained<Device> trained{};
  Random random(seed);
  float* to = reinterpret_cast<float*>(&trained);
  for (int k = 0; k < float_count<Trained<Device>>; ++k) to[k] = normal(random);
  Bytes bytes(trained_bytes<Device>);
  REQUIRE(save_trained<Device>(trained, bytes.data(), trained_bytes<Device>) == Status::Ok);
  return text_of(bytes);
}

Outcome merged(const FleetOptions& options) {
  return apart([&] {
    try {
      return merge_fleet(options);
    } catch (const Error& problem) {
      std::fprintf(stderr, "%s\n", problem.what());
      return 2;
    }
  });
}

}  // namespace

TEST_CASE("fleet merge: the average by samples, in any order the same bytes") {
  const TemporaryFolder folder;
  FleetOptions options{{}, "", "", folder / "out", Name, 1};
  std::vector<Mlp> fleet;
  for (std::uint64_t k = 0; k < 7; ++k) {
    fleet.push_back(sample(Name, k));
    const std::string path = folder.write("d" + std::to_string(k), text_of(record_of(fleet.back())));
    options.files.push_back(path + "=" + std::to_string(10 + 3 * k));
  }
  const Outcome outcome = merged(options);
  CAPTURE(outcome.err);
  CHECK(outcome.code == 0);
  CHECK(outcome.out == options.out + ": the average of 7 records, 133 samples\n");
  const std::string record = file_text(options.out);
  const Mlp mean = read_checkpoint(options.out, Name, "");
  for (std::size_t w = 3; w < 20; ++w) {
    double expected = 0;
    for (std::size_t k = 0; k < 7; ++k)
      expected += static_cast<double>(fleet[k].layers[0].weights[w]) * static_cast<double>(10 + 3 * k) / 133;
    CHECK(static_cast<double>(mean.layers[0].weights[w]) == doctest::Approx(expected).epsilon(1e-6));
  }
  CHECK(mean.layers[0].weights[2] == -std::numeric_limits<float>::max());  // what all have is what comes out, though the sum is no float
  std::string list;
  for (std::size_t k = options.files.size(); k-- > 0;) {
    std::string line = options.files[k];
    list += line.replace(line.rfind('='), 1, ",") + "\n";
  }
  options.files.clear();
  options.list = folder.write("list.csv", list);
  CHECK(merged(options).code == 0);
  CHECK(file_text(options.out) == record);
}

TEST_CASE("fleet merge: damaged, foreign and senseless records are refused by name, and the others averaged") {
  const TemporaryFolder folder;
  const Mlp good = sample(Name);
  Mlp spoilt = good;
  spoilt.layers[1].weights[0] = std::numeric_limits<float>::quiet_NaN();
  std::string damaged = text_of(record_of(good));
  damaged[60] = static_cast<char>(damaged[60] ^ 4);
  const std::string whole = folder.write("good", text_of(record_of(good)));
  FleetOptions options{
      {whole + "=5", folder.write("foreign", text_of(record_of(sample("dense 5 4 tanh; dense 4 3 softmax")))) + "=5",
       folder.write("damaged", damaged) + "=5", folder.write("spoilt", text_of(record_of(spoilt))) + "=5", folder / "absent=5",
       whole + "=0", whole + "=1099511627776", whole, folder.write("part", trained_record<Part>(1)) + "=5"},
      "",
      whole,
      folder / "out",
      Name,
      1};
  const Outcome outcome = merged(options);
  CHECK(outcome.code == 1);
  CHECK(outcome.out.ends_with(": the average of 1 records, 5 samples; 8 refused\n"));
  CHECK(bytes_of(file_text(options.out)) == record_of(good));
  for (const char* sentence :
       {"/foreign: expected weights of this network", "/damaged: expected an undamaged record",
        "/spoilt holds a weight that is NaN or infinite", "/absent cannot be opened", "/good has learnt from 0 samples",
        "/good has learnt from 1099511627776 samples", "/good does not say how many samples it has learnt from", "/part and "}) {
    CAPTURE(sentence);
    CHECK(outcome.err.find(sentence) != std::string::npos);
  }
  options.files = {folder / "absent=5"};
  std::filesystem::remove(options.out);
  CHECK(merged(options).err.find("there is nothing to merge: 1 records are refused") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(options.out));
  options.network = options.like = "";
  CHECK(merged(options).err.starts_with("nothing says which network is merged"));
  options.list = folder.write("list.csv", "a,b\n");
  options.network = Name;
  CHECK(merged(options).err.find("list.csv, line 1: a line is a file, and after a comma the number of its samples") != std::string::npos);
}

TEST_CASE("fleet merge: what devices trained above frozen layers; without --like, records that differ end it in any order") {
  const TemporaryFolder folder;
  const std::string a = folder.write("a", trained_record<Part>(1)) + "=1", b = folder.write("b", trained_record<Part>(2)) + "=3",
                    other = folder.write("other", trained_record<Biases>(3)) + "=1";
  FleetOptions options{{a, b}, "", "", folder / "out", Name, 1};
  CHECK(merged(options).code == 0);
  Trained<Part> trained{};
  const std::string record = file_text(options.out);
  REQUIRE(load_trained<Part>(trained, reinterpret_cast<const unsigned char*>(record.data()), static_cast<int>(record.size())) ==
          Status::Ok);
  for (const std::vector<std::string>& files : {std::vector<std::string>{a, other}, {other, a}}) {
    options.files = files;
    const Outcome outcome = merged(options);
    CHECK(outcome.code == 2);
    CHECK(outcome.err.find("hold different trained layers, and nothing says which is right") != std::string::npos);
  }
  options.files = {other, a, b};
  options.like = folder / "a";
  options.network.clear();
  const Outcome outcome = merged(options);
  CHECK(outcome.code == 1);
  CHECK(outcome.err.find("/other and ") != std::string::npos);
  CHECK(file_text(options.out) == record);
}

TEST_CASE("fleet merge: samples by the steps of a record; the normalisation is kept, and must be the same") {
  const TemporaryFolder folder;
  Mlp one = sample(Name, 1), two = sample(Name, 2);
  one.normalisation = two.normalisation = {{1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}};
  const auto stepped = [&](const Mlp& mlp, std::uint32_t step) {
    const Parameters<Net> parameters = compiled<Net>(mlp);
    Bytes bytes(1000);
    RecordWriter writer(bytes.data(), 1000, network_hash<Net>);
    writer.add(Section::Parameters, reinterpret_cast<const float*>(&parameters), float_count<Parameters<Net>>);
    add_normalisation(writer, mlp.normalisation);
    writer.add(Section::Step, &step, 1);
    REQUIRE(writer.end() == Status::Ok);
    bytes.resize(static_cast<std::size_t>(writer.size()));
    return text_of(bytes);
  };
  FleetOptions options{{folder.write("a", stepped(one, 30)), folder.write("b", stepped(two, 10))}, "", "", folder / "out", Name, 8};
  CHECK(merged(options).out.ends_with("2 records, 320 samples\n"));
  const Mlp mean = read_checkpoint(options.out, Name, "");
  CHECK(same_bits(mean.normalisation.scale, one.normalisation.scale));
  CHECK(mean.layers[1].bias[0] == doctest::Approx(static_cast<double>(0.75f * one.layers[1].bias[0] + 0.25f * two.layers[1].bias[0])));
  two.normalisation.offset[4] = 0;
  folder.write("b", stepped(two, 10));
  CHECK(merged(options).err.find("hold different normalisations of the inputs, and nothing says which is right") != std::string::npos);
}

}  // namespace insitu::desktop
