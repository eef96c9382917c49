#include "ports/desktop/exchange/tensors.h"

#include <doctest/doctest.h>

#include <functional>

#include "ports/desktop/error.h"
#include "ports/desktop/exchange/npz_file.h"
#include "ports/desktop/npz.h"
#include "sample.h"

namespace insitu::desktop {
namespace {

const TensorRoles TwoLayers{{}, {"relu", "identity"}};

Tensors renamed(const Tensors& tensors, const std::function<std::string(const std::string&)>& name) {
  Tensors result;
  for (const auto& [old, array] : tensors) result[name(old)] = array;
  return result;
}

}  // namespace

TEST_CASE("tensors: PyTorch's names and [out, in]") {
  const Mlp mlp = sample("dense 2 3 relu; dense 3 2");
  const Tensors tensors = tensors_of(mlp, {});
  REQUIRE(tensors.size() == 4);
  REQUIRE(tensors.contains("2.weight"));  // module 1 is the ReLU
  const Array& first = tensors.at("0.weight");
  CHECK(first.shape == std::vector<std::size_t>{3, 2});
  CHECK(first.values[1] == mlp.layers[0].weights[3]);  // output 0, input 1
  CHECK(same_bits(network_of(tensors, "x", TwoLayers), mlp));
  CHECK(tensors_of(sample("dense 2 3; dense 3 2"), {}).contains("1.weight"));
  CHECK(tensors_of(mlp, {"encoder", "decoder"}).contains("decoder.bias"));
  CHECK_THROWS_WITH_AS(tensors_of(mlp, {"one"}), "--layers has 1 names, and the network has 2 layers", Error);
  CHECK_THROWS_WITH_AS(tensors_of(mlp, {"one", "one"}), "--layers has a name twice", Error);
}

TEST_CASE("tensors: the order of layers is that of the numbers in their names, or is said") {
  const Mlp mlp = sample("dense 2 2; dense 2 2; dense 2 2");
  const TensorRoles roles{{}, {"identity", "identity", "identity"}};
  for (const std::vector<std::string>& names :
       {std::vector<std::string>{"0", "2", "10"}, {"net.a1.b9", "net.a1.b12", "net.a3.b0"}, {"fc08", "fc9", "fc010"}}) {
    CHECK(same_bits(network_of(tensors_of(mlp, names), "x", roles), mlp));
  }
  const Tensors named = tensors_of(mlp, {"stem", "body", "head"});
  CHECK_THROWS_WITH_AS(network_of(named, "x", roles), doctest::Contains("comes first: say --layers, all in order"), Error);
  CHECK(same_bits(network_of(named, "x", {{"stem", "body", "head"}, roles.activations}), mlp));
  CHECK_THROWS_WITH_AS(network_of(named, "x", {{"stem", "head"}, {"relu", "relu"}}),
                       "x: 'body.bias' (2) is no weight or bias of a dense layer, and insitu's networks have nothing else", Error);
  CHECK_THROWS_WITH_AS(network_of(named, "x", {{"tail"}, {"relu"}}), "x holds no tensor 'tail.weight'", Error);
}

TEST_CASE("tensors: a layer without bias has zeros; a normalisation is kept") {
  Mlp mlp = sample("dense 2 3 tanh");
  mlp.layers[0].bias = {0, 0, 0};
  mlp.normalisation = {{1, 2}, {3, 4}};
  Tensors tensors = tensors_of(mlp, {});
  tensors.erase("0.bias");
  CHECK(same_bits(network_of(tensors, "x", {{}, {"tanh"}}), mlp));
  tensors.erase("normalisation.scale");
  CHECK_THROWS_WITH_AS(network_of(tensors, "x", {{}, {"tanh"}}), "x holds only one of 'normalisation.offset' and 'normalisation.scale'",
                       Error);
}

TEST_CASE("tensors: what is no dense network is named") {
  const Tensors good = tensors_of(sample("dense 2 3 relu; dense 3 2"), {});
  const auto refused = [&](const std::string& name, const Array& array, const char* sentence) {
    Tensors tensors = good;
    tensors[name] = array;
    CHECK_THROWS_WITH_AS(network_of(tensors, "x", TwoLayers), sentence, Error);
  };
  refused("2.weight", {"", {2, 3, 1, 1}, {1, 2, 3, 4, 5, 6}},
          "x: '2.weight' is 2 x 3 x 1 x 1, and the weights of a dense layer are [out, in]: other layers are not insitu's");
  refused("2.bias", {"", {3}, {1, 2, 3}}, "x: '2.bias' is 3, and '2.weight' has 2 outputs");
  refused("1.running_mean", {"", {3}, {1, 2, 3}},
          "x: '1.running_mean' (3) is no weight or bias of a dense layer, and insitu's networks have nothing else");
  refused("2.weight", {"", {2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}},
          "x: layer '2' takes 4 inputs, and '0' before it gives 3 outputs (weights are [out, in])");
  CHECK_THROWS_WITH_AS(network_of(good, "x", {}),
                       "x does not say what follows each layer, 2-3-2: say --activations and 2 names, such as relu,...,identity", Error);
  CHECK_THROWS_WITH_AS(network_of(good, "x", {{}, {"relu"}}), "there are 1 --activations, and x has 2 layers", Error);
  CHECK_THROWS_WITH_AS(network_of({}, "x", {}), doctest::Contains("x holds no tensor called <layer>.weight"), Error);
  const Tensors kernels = renamed(good, [](const std::string& name) { return name + "_v"; });
  CHECK_THROWS_AS(network_of(kernels, "x", TwoLayers), Error);
}

TEST_CASE("NPZ: what is written is read again to the bit; the same tensors are the same bytes") {
  const Mlp mlp = sample("dense 3 4 relu; dense 4 1");
  const Bytes bytes = write_npz(tensors_of(mlp, {}));
  CHECK(bytes == write_npz(tensors_of(mlp, {})));
  CHECK(Npz(bytes, "x.npz").names() == std::vector<std::string>{"0.bias", "0.weight", "2.bias", "2.weight"});
  CHECK(same_bits(network_of(read_npz(bytes, "x.npz"), "x.npz", TwoLayers), mlp));
}

}  // namespace insitu::desktop
