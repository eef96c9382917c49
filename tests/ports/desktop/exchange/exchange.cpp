// The commands: files of others in, and out again.
#include "ports/desktop/exchange/exchange.h"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "../process.h"
#include "ports/desktop/error.h"
#include "ports/desktop/exchange/checkpoint_file.h"
#include "ports/desktop/exchange/network_file.h"
#include "ports/desktop/exchange/npz_file.h"
#include "ports/desktop/exchange/safetensors.h"
#include "sample.h"

namespace insitu::desktop {
namespace {

using Digits = Network<Dense<64, 32, Relu>, Dense<32, 10>>;
const std::string DigitsText = "dense 64 32 relu; dense 32 10";
const TensorRoles DigitsRoles{{}, {"relu", "identity"}};

/// Where the files of others are not on this machine, says so.
bool absent(const std::string& path, const char* name) {
  if (path.empty()) MESSAGE("skipped: there is no foreign/", name, " (INSITU_DATA names the folder)");
  return path.empty();
}

/// The largest error of the logits, relative to the largest logit of the same sample.
double error_of(const Parameters<Digits>& parameters, const nlohmann::json& expected) {
  double worst = 0;
  for (std::size_t s = 0; s < expected["inputs_raw"].size(); ++s) {
    Vector<64> input;
    for (int k = 0; k < 64; ++k) input[k] = expected["inputs_raw"][s][static_cast<std::size_t>(k)].get<float>() / 16;
    const Vector<10> logits = predict<Digits>(parameters, input);
    double largest = 0, error = 0;
    for (int k = 0; k < 10; ++k) {
      const double right = expected["logits_float64"][s][static_cast<std::size_t>(k)].get<double>();
      largest = std::max(largest, std::abs(right));
      error = std::max(error, std::abs(static_cast<double>(logits[k]) - right));
    }
    worst = std::max(worst, error / largest);
  }
  return worst;
}

}  // namespace

TEST_CASE("import: files written by PyTorch and numpy predict what PyTorch does, to 1e-6") {
  const std::string figures = foreign("digits_expected.json");
  if (absent(figures, "digits_expected.json")) return;
  const nlohmann::json expected = nlohmann::json::parse(file_text(figures));
  const TemporaryFolder folder;
  std::string first;
  for (const char* name : {"digits_64_32_10.safetensors", "digits_64_32_10.npz", "digits_64_32_10_deflate.npz", "digits_64_32_10.onnx"}) {
    const std::string path = foreign(name);
    if (absent(path, name)) continue;
    CAPTURE(name);
    const Bytes record = record_of(read_network(path, path.ends_with(".onnx") ? TensorRoles{} : DigitsRoles));
    alignas(Alignment) Parameters<Digits> parameters;
    REQUIRE(load<Digits>(parameters, record.data(), static_cast<int>(record.size())) == Status::Ok);
    const double error = error_of(parameters, expected);
    CHECK(error < 1e-6);
    const std::string text(record.begin(), record.end());
    CHECK((first.empty() || text == first));  // one network, in all of them
    first = text;
  }
}

TEST_CASE("export: a file of PyTorch's comes back with the same tensors, to the bit") {
  const TemporaryFolder folder;
  const std::string path = foreign("digits_64_32_10.safetensors");
  if (absent(path, "digits_64_32_10.safetensors")) return;
  const Tensors tensors = read_safetensors(read_stored(path), path).tensors;
  const Mlp mlp = read_network(path, DigitsRoles);
  const Tensors safe = read_safetensors(network_file(mlp, "x.safetensors", {}), "x").tensors,
                npz = read_npz(network_file(mlp, "x.npz", {}), "x");
  REQUIRE(safe.size() == tensors.size());
  REQUIRE(npz.size() == tensors.size());
  for (const auto& [name, array] : tensors) {
    CHECK(safe.at(name).shape == array.shape);
    CHECK(same_bits(safe.at(name).values, array.values));
    CHECK(npz.at(name).shape == array.shape);
    CHECK(same_bits(npz.at(name).values, array.values));
  }
  CHECK(same_bits(read_network(network_file(mlp, "x.onnx", {}), "x.onnx", {}), mlp));
}

TEST_CASE("import: ONNX as PyTorch exports it: MatMul and Add in three dimensions, no bias, softmax, another slope; GELU is refused") {
  const std::pair<const char*, const char*> Texts[] = {{"tiny_linear3d_matmul.onnx", "dense 4 3"},
                                                       {"tiny_sigmoid_softmax.onnx", "dense 4 3 sigmoid; dense 3 2 softmax"},
                                                       {"tiny_tanh_leaky_nobias.onnx", "dense 4 3 tanh; dense 3 2 leaky_relu_0.1"}};
  for (const auto& [name, text] : Texts) {
    const std::string path = foreign(name);
    if (absent(path, name)) continue;
    CHECK(read_network(path, {}).text() == text);
  }
  const std::string gelu = foreign("tiny_gelu.onnx");
  if (absent(gelu, "tiny_gelu.onnx")) return;
  CHECK_THROWS_WITH_AS(read_network(gelu, {}), doctest::Contains("node '/1/Div' (Div) is an operator that no layer of insitu computes"),
                       Error);
}

TEST_CASE("import and export: header and checkpoint are written, and the weights come back") {
  const TemporaryFolder folder;
  const Mlp mlp = sample("dense 3 4 relu; dense 4 2 softmax");
  for (const std::string ending : {".safetensors", ".npz", ".onnx"}) {
    const Bytes bytes = network_file(mlp, "x" + ending, {});
    const std::string path = folder.write("my-net" + ending, {bytes.begin(), bytes.end()});
    const Outcome imported = apart([&] {
      return import_network({path, folder / "a/b", "", ending == ".onnx" ? TensorRoles{} : TensorRoles{{}, {"relu", "softmax"}}});
    });
    CHECK(imported.code == 0);
    CHECK(imported.out.starts_with("my_net: 3-4-2, 26 parameters\ndense 3 4 relu; dense 4 2 softmax\n"));
    CHECK(file_text(folder / "a/b/my_net.h")
              .find("using Model = insitu::Network<insitu::Dense<3, 4, insitu::Relu>, insitu::Dense<4, 2, insitu::Softmax>>;\n") !=
          std::string::npos);
    const Bytes record = record_of(mlp);
    CHECK(bytes_of(file_text(folder / "a/b/my_net.insitu")) == record);
    const ExportOptions back{folder / "a/b/my_net.insitu", "", folder / ("back" + ending), mlp.text(), {}};
    CHECK(apart([&] { return export_network(back); }).code == 0);
    CHECK(bytes_of(file_text(folder / ("back" + ending))) == bytes);
  }
  CHECK_THROWS_WITH_AS(import_network({folder.write("a.pt", "x"), folder.path(), "", {}}),
                       doctest::Contains("is a Python pickle, which is a program and not read"), Error);
  CHECK_THROWS_WITH_AS(import_network({folder.write("a.txt", "x"), folder.path(), "", {}}),
                       doctest::Contains("ends in '.txt', and .onnx, .safetensors and .npz are read"), Error);
  CHECK_THROWS_WITH_AS(import_network({folder / "a.pt", folder.path(), "9", {}}), doctest::Contains("--name begins the names in C"), Error);
  CHECK_THROWS_WITH_AS(network_file(mlp, "a.txt", {}), doctest::Contains("and .onnx, .safetensors and .npz are written"), Error);
}

}  // namespace insitu::desktop
