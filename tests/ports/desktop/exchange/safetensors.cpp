#include "ports/desktop/exchange/safetensors.h"

#include <doctest/doctest.h>

#include "../temporary_folder.h"
#include "ports/desktop/error.h"
#include "ports/desktop/exchange/network_file.h"
#include "sample.h"

namespace insitu::desktop {
namespace {

Bytes file(const std::string& header, const std::string& numbers) {
  return bytes_of(raw<std::uint64_t>({header.size()}) + header + numbers);
}

void refused(const Bytes& bytes, const std::string& sentence) {
  CHECK_THROWS_WITH_AS(read_safetensors(bytes, "x"), doctest::Contains(sentence.c_str()), Error);
}

}  // namespace

TEST_CASE("safetensors: what is written is read again to the bit, activations and normalisation with it") {
  Mlp mlp = sample("dense 3 4 leaky_relu_0.2; dense 4 1 sigmoid");
  mlp.normalisation = {{1, 2, 3}, {4, 5, 6}};
  const Bytes bytes = network_file(mlp, "x.safetensors", {});
  CHECK((bytes[0] | bytes[1] << 8) % 8 == 0);
  CHECK(same_bits(read_network(bytes, "x.safetensors", {}), mlp));
  CHECK(same_bits(
      read_network(network_file(mlp, "x.safetensors", {"a \"b\" \\", "z\xc3\xa9"}), "x.safetensors", {{"a \"b\" \\", "z\xc3\xa9"}, {}}),
      mlp));
  CHECK_THROWS_WITH_AS(network_file(mlp, "x.safetensors", {"a", "\xff"}), "the name of a layer is no UTF-8, and safetensors has no other",
                       Error);
}

TEST_CASE("safetensors: F16, BF16 and F64 as float") {
  const std::string halves = raw<std::uint16_t>({0x3c00, 0xc500, 0x0001, 0x8000});  // 1, -5, 2^-24, -0
  const std::string brains = raw<std::uint16_t>({0x3f80, 0xc0a0});                  // 1, -5
  const Safetensors read = read_safetensors(
      file(R"({"h":{"dtype":"F16","shape":[4],"data_offsets":[0,8]},"b":{"dtype":"BF16","shape":[2,1],"data_offsets":[8,12]},)"
           R"("d":{"dtype":"F64","shape":[1],"data_offsets":[12,20]}}  )",
           halves + brains + raw<double>({0.1})),
      "x");
  CHECK(same_bits(read.tensors.at("h").values, {1, -5, 5.9604644775390625e-08f, -0.0f}));
  CHECK(read.tensors.at("b").shape == std::vector<std::size_t>{2, 1});
  CHECK(same_bits(read.tensors.at("b").values, {1, -5}));
  CHECK(same_bits(read.tensors.at("d").values, {0.1f}));
  CHECK(read.network.empty());
}

TEST_CASE("safetensors: headers and places that do not hold") {
  const std::string number = raw<float>({1});
  refused(bytes_of("short"), "x is cut off: it ends within the length of its header");
  refused(bytes_of(raw<std::uint64_t>({100}) + "{}"), "x promises a header of 100 bytes, and only 2 follow");
  refused(bytes_of(raw<std::uint64_t>({~std::uint64_t{0}}) + "{}"), "x promises a header of 18446744073709551615 bytes, and only 2 follow");
  refused(file(std::string(LargestHeader + 1, ' '), ""), "1048576 are the most that is read");
  refused(file("{", ""), "x is no safetensors file: its header is no JSON");
  refused(file("[]", ""), "x has a header that is no JSON object");
  refused(file(R"({"a":1})", ""), "x: 'a' is not described by a JSON object");
  refused(file(R"({"a":{"dtype":"F32","shape":[[[[1]]]],"data_offsets":[0,4]}})", number), "x has a JSON header that is nested too deeply");
  refused(file(std::string(100000, '['), ""), "x has a JSON header that is nested too deeply");
  refused(file(R"({"a":{},"a":{}})", ""), "x has 'a' twice in its header");
  refused(file(R"({"a":{"dtype":"I8","shape":[1],"data_offsets":[0,4]}})", number), "x: 'a' holds numbers of type 'I8'");
  refused(file(R"({"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}})", number),
          "x: 'a' has no 'shape' that is a list of at most 8 whole numbers");
  refused(file(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", number), "x: 'a' has no 'shape'");
  refused(file(R"({"a":{"dtype":"F32","shape":[1],"offsets":[0,4]}})", number), "x: 'a' has no 'data_offsets'");
  refused(file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}})", number),
          "x: 'a' lies at data_offsets that are not within the 4 bytes");
  refused(file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}})", number), "x: 'a' lies at data_offsets that are not within");
  refused(file(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", number), "x: 'a' promises 2 numbers of 4 bytes");
  refused(file(R"({"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,4]}})", number), "x: 'a' promises");
  refused(file(R"({"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}})", ""), "x: 'a' holds no samples");
  refused(file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", number),
          "x has tensors that overlap, or a gap between them, at byte 0");
  refused(file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", number + number), "x has tensors that overlap, or a gap");
  refused(file(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", number + "x"), "x has 1 bytes behind its last tensor");
}

}  // namespace insitu::desktop
