#include "ports/desktop/exchange/mlp.h"

#include <doctest/doctest.h>

#include <limits>

#include "ports/desktop/error.h"
#include "ports/desktop/exchange/network_header.h"
#include "sample.h"

namespace insitu::desktop {
namespace {

template <class Net>
void described_as_compiled() {
  const std::string text = Text<Net>().characters;
  CAPTURE(text);
  CHECK(parse_network(text).text() == text);
  CHECK(hash_of(text) == network_hash<Net>);
}

}  // namespace

TEST_CASE("Mlp: text and hash are those of the compiled network") {
  described_as_compiled<Network<Dense<64, 32, Relu>, Dense<32, 10, Softmax>>>();
  described_as_compiled<Network<Dense<3, 5, Tanh>, Dense<5, 4, LeakyRelu>, Dense<4, 1, Sigmoid>>>();
  described_as_compiled<Network<Dense<7, 2>>>();
  CHECK(shape_of(parse_network("dense 64 32 relu; dense 32 10")) == "64-32-10");
}

TEST_CASE("Mlp: a text that describes no dense network") {
  CHECK_THROWS_WITH_AS(parse_network(""), doctest::Contains("a network begins with its first layer"), Error);
  for (const char* text : {"conv 3 3", "dense 0 3", "dense 3", "dense 3 -1", "dense 3 3 relu relu", "dense 99999999999 1", ";"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH_AS(parse_network(text), doctest::Contains("files of other libraries are exchanged for dense layers alone"), Error);
  }
  CHECK_THROWS_WITH_AS(parse_network("dense 3 3 gelu"), doctest::Contains("there is no activation 'gelu'"), Error);
}

TEST_CASE("Mlp: each slope of leaky ReLU has one name") {
  CHECK(leaky_relu(0.01f) == "leaky_relu");
  CHECK(leaky_relu(0.1f) == "leaky_relu_0.1");
  CHECK(leaky_slope("leaky_relu_0.1") == 0.1f);
  CHECK(leaky_slope("relu") == 0);
  for (const char* name :
       {"leaky_relu_0.10", "leaky_relu_0.01", "leaky_relu_", "leaky_relu_-1", "leaky_relu_0", "leaky_relu_inf", "leaky_relu_1x"}) {
    CAPTURE(name);
    CHECK_THROWS_AS(check_activation(name), Error);
  }
  CHECK_THROWS_WITH_AS(leaky_relu(-0.5f), "leaky ReLU of slope -0.5, and insitu's slopes are finite and above 0", Error);
}

TEST_CASE("Mlp: layers that do not fit, softmax before the last, numbers that are not finite") {
  const Mlp good = sample("dense 3 4 relu; dense 4 2");
  CHECK_NOTHROW(check(good, "x"));
  CHECK_THROWS_WITH_AS(check(sample("dense 3 4; dense 5 2"), "x"), "x: layer 1 takes 5 inputs, and the layer before it gives 4 outputs",
                       Error);
  CHECK_THROWS_WITH_AS(check(sample("dense 3 4 softmax; dense 4 2"), "x"),
                       "x: layer 0 ends in softmax, which insitu has in the last layer only", Error);
  Mlp bad = good;
  bad.layers[1].bias[1] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH_AS(check(bad, "x"), "x: layer 1 has a bias that is no finite float32", Error);
  bad = good;
  bad.layers[0].weights.pop_back();
  CHECK_THROWS_WITH_AS(check(bad, "x"), "x: layer 0, 3 to 4, has 11 weights and 4 biases", Error);
  bad = good;
  bad.normalisation = {{1, 2}, {1, 2}};
  CHECK_THROWS_WITH_AS(check(bad, "x"), "x: the normalisation is for 2 inputs, and the network has 3", Error);
  CHECK_THROWS_AS(check(Mlp{}, "x"), Error);
}

TEST_CASE("network_header: the form of the tree's own headers") {
  CHECK(network_header(parse_network("dense 64 32 relu; dense 32 10 softmax"), "some/where/digits.onnx") ==
        "/// Imported from digits.onnx: dense 64 32 relu; dense 32 10 softmax.\n#pragma once\n\n#include <insitu/insitu.h>\n\n"
        "using Model = insitu::Network<insitu::Dense<64, 32, insitu::Relu>, insitu::Dense<32, 10, insitu::Softmax>>;\n");
  const std::string own = network_header(
      parse_network("dense 2 3 leaky_relu_0.1; dense 3 3 leaky_relu_0.1; dense 3 3 leaky_relu; dense 3 3 tanh; dense 3 1"), "x");
  CHECK(own.find("struct LeakyRelu_0_1 {") != std::string::npos);
  CHECK(own.find("struct LeakyRelu_0_1 {") == own.rfind("struct LeakyRelu_0_1 {"));
  CHECK(own.find("    return select(z > V::broadcast(0.0f), z, z * V::broadcast(0.1f));") != std::string::npos);
  CHECK(own.find(
            "insitu::Network<insitu::Dense<2, 3, LeakyRelu_0_1>,\n                              insitu::Dense<3, 3, LeakyRelu_0_1>,\n") !=
        std::string::npos);
  CHECK(network_header(parse_network("dense 1 1"), "a\nb\\.npz").starts_with("/// Imported from a?b?.npz: dense 1 1.\n#pragma"));
  CHECK(identifier("a/digits-64.v2.onnx") == "digits_64_v2");
  CHECK(identifier("64.npz") == "network_64");
  CHECK_THROWS_AS(check_identifier("a b"), Error);
}

}  // namespace insitu::desktop
