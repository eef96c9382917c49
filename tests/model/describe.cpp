#include "model/describe.h"

#include <doctest/doctest.h>
#include <string>

using namespace insitu;

namespace {

using Digits = Network<Dense<64, 32, Relu>, Dense<32, 10, Softmax>>;
using Same = Network<Frozen<Dense<64, 32, Relu>>, BiasOnly<Dense<32, 10, Softmax>>>;

/// 64-bit FNV-1a again, at run time.
std::uint64_t fnv(const std::string& text) {
  std::uint64_t hash = 14695981039346656037ull;
  for (char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return hash;
}

}  // namespace

TEST_CASE("describe: the canonical text") {
  CHECK(std::string(Text<Digits>{}.characters) == "dense 64 32 relu; dense 32 10 softmax");
  CHECK(std::string(Text<Network<Dense<12288, 1>>>{}.characters) == "dense 12288 1");
  CHECK(std::string(Text<Network<Dense<2, 3, Tanh>, Dense<3, 4, LeakyRelu>, Dense<4, 1, Sigmoid>>>{}.characters) ==
        "dense 2 3 tanh; dense 3 4 leaky_relu; dense 4 1 sigmoid");
}

TEST_CASE("describe: freezing does not show, everything else does") {
  static_assert(network_hash<Digits> == network_hash<Same>);
  CHECK(std::string(Text<Same>{}.characters) == Text<Digits>{}.characters);
  static_assert(network_hash<Digits> != network_hash<Network<Dense<64, 32, Tanh>, Dense<32, 10, Softmax>>>);
  static_assert(network_hash<Digits> != network_hash<Network<Dense<64, 33, Relu>, Dense<33, 10, Softmax>>>);
  static_assert(network_hash<Digits> != network_hash<Network<Dense<64, 32, Relu>>>);
}

TEST_CASE("network_hash: FNV-1a of the text, pinned for records on disks and devices") {
  CHECK(fnv("") == 0xcbf29ce484222325ull);
  CHECK(fnv("foobar") == 0x85944171f73967e8ull);  // of the authors' test vectors
  CHECK(network_hash<Digits> == fnv("dense 64 32 relu; dense 32 10 softmax"));
  CHECK(network_hash<Network<Dense<2, 3, Sigmoid>, Dense<3, 1, Sigmoid>>> == fnv("dense 2 3 sigmoid; dense 3 1 sigmoid"));
}
