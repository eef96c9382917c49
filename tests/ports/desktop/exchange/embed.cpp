#include <doctest/doctest.h>

#include <sstream>

#include "../process.h"
#include "ports/desktop/error.h"
#include "ports/desktop/exchange/checkpoint_file.h"
#include "ports/desktop/exchange/exchange.h"
#include "sample.h"

namespace insitu::desktop {
namespace {

/// The numbers between the first brace behind `from` and the next.
Bytes array_in(const std::string& text, const std::string& from) {
  std::size_t begin = text.find(from);
  REQUIRE(begin != std::string::npos);
  begin = text.find('\n', begin);
  std::istringstream numbers(text.substr(begin, text.find('}', begin) - begin));
  Bytes bytes;
  int number = 0;
  for (char comma = 0; numbers >> number >> comma;) bytes.push_back(static_cast<unsigned char>(number));
  return bytes;
}

}  // namespace

TEST_CASE("embed: a header for C and C++, or a source file and its header, with the bytes of the record") {
  const TemporaryFolder folder;
  const Mlp mlp = sample("dense 3 4 relu; dense 4 2");
  const Bytes record = record_of(mlp);
  const std::string model = folder.write("my-net.insitu", {record.begin(), record.end()});
  const std::string size = std::to_string(record.size());
  const Outcome outcome = apart([&] { return embed_checkpoint({model, folder / "a.h", "", mlp.text(), false}); });
  CHECK(outcome.code == 0);
  CHECK(outcome.out == (folder / "a.h") + ": my_net_checkpoint[" + size + "]\n");
  const std::string header = file_text(folder / "a.h");
  CHECK(header.starts_with(
      "/* my-net.insitu, dense 3 4 relu; dense 4 2: a record of insitu, for its load and view. */\n#ifndef INSITU_MY_NET_CHECKPOINT_H\n"));
  CHECK(header.find("#define MY_NET_CHECKPOINT_SIZE " + size + "\n") != std::string::npos);
  CHECK(header.find("alignas(32) inline constexpr unsigned char my_net_checkpoint[MY_NET_CHECKPOINT_SIZE] = {\n") != std::string::npos);
  CHECK(array_in(header, "#endif") == record);

  CHECK(apart([&] { return embed_checkpoint({model, folder / "b.c", "gate", "", false}); }).code == 0);
  CHECK(array_in(file_text(folder / "b.c"), "const unsigned char gate_checkpoint[GATE_CHECKPOINT_SIZE]") == record);
  CHECK(file_text(folder / "b.c").find("#include \"b.h\"\n") != std::string::npos);
  CHECK(file_text(folder / "b.h").find("extern const unsigned char gate_checkpoint[GATE_CHECKPOINT_SIZE];\n") != std::string::npos);
}

TEST_CASE("embed: without what only training needs, or whole; what cannot be") {
  const TemporaryFolder folder;
  const Mlp mlp = sample("dense 2 1");
  const Bytes plain = record_of(mlp);
  Bytes long_one(1000);
  RecordWriter writer(long_one.data(), 1000, hash_of(mlp.text()));
  const std::uint32_t step = 7;
  writer.add(Section::Step, &step, 1);
  const float parameters[] = {mlp.layers[0].weights[0], mlp.layers[0].weights[1], mlp.layers[0].bias[0]};
  writer.add(Section::Parameters, parameters, 3);
  writer.add(Section::Optimizer, parameters, 3);
  REQUIRE(writer.end() == Status::Ok);
  long_one.resize(static_cast<std::size_t>(writer.size()));
  const std::string model = folder.write("m.insitu", {long_one.begin(), long_one.end()});
  CHECK(apart([&] {
          return embed_checkpoint({model, folder / "a.hpp", "m", "", false});
        }).out.find("[48], without 32 bytes of the training run") != std::string::npos);
  CHECK(array_in(file_text(folder / "a.hpp"), "#endif") == plain);
  CHECK(apart([&] { return embed_checkpoint({model, folder / "a.h", "m", "", true}); }).code == 0);
  CHECK(array_in(file_text(folder / "a.h"), "#endif") == long_one);
  CHECK_THROWS_WITH_AS(embed_checkpoint({model, folder / "a.h", "m", "dense 3 1", false}), doctest::Contains("found those of another"),
                       Error);
  CHECK_THROWS_WITH_AS(embed_checkpoint({model, folder / "a.txt", "m", "", false}),
                       doctest::Contains("ends in '.txt', and .h (or .hpp) and .c are written"), Error);
  CHECK_THROWS_AS(embed_checkpoint({model, folder / "a.h", "1m", "", false}), Error);
  CHECK_THROWS_WITH_AS(embed_checkpoint({folder.write("x", "hello, this is no record"), folder / "a.h", "m", "", false}),
                       doctest::Contains("expected an insitu record"), Error);
}

}  // namespace insitu::desktop
