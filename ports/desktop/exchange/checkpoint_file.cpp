#include "checkpoint_file.h"

#include <algorithm>
#include <optional>

#include "../error.h"
#include "../record_file.h"

namespace insitu::desktop {
namespace {

/// Layers in order, weights then bias: the floats of Parameters.
std::vector<float> flat(const Mlp& mlp) {
  std::vector<float> all;
  all.reserve(mlp.parameter_count());
  for (const DenseLayer& layer : mlp.layers) {
    all.insert(all.end(), layer.weights.begin(), layer.weights.end());
    all.insert(all.end(), layer.bias.begin(), layer.bias.end());
  }
  return all;
}

/// Puts what the record has into the layers that it names; TrainedLayers' two bits a layer: 0 nothing, 1 the bias, 3 all.
void read_trained(const RecordFile& file, const std::string& path, Mlp& mlp) {
  const std::vector<std::uint32_t> layers = file.words(Section::Layers);
  if (layers.size() != (mlp.layers.size() + 15) / 16) {
    throw Error(path, " names the trained layers in ", layers.size(), " words, and ", mlp.layers.size(), " layers take ",
                (mlp.layers.size() + 15) / 16);
  }
  const std::vector<std::uint32_t> words = file.words(Section::Trained);
  std::vector<std::vector<float>*> tensors;
  std::size_t expected = 0;
  for (std::size_t l = 0; l < mlp.layers.size(); ++l) {
    const std::uint32_t part = layers[l / 16] >> (2 * (l % 16)) & 3;
    if (part == 3) tensors.push_back(&mlp.layers[l].weights);
    if (part != 0) tensors.push_back(&mlp.layers[l].bias);
  }
  for (const std::vector<float>* tensor : tensors) expected += tensor->size();
  if (expected != words.size()) throw Error(path, ": expected ", expected, " trained numbers, found ", words.size());
  std::size_t at = 0;
  for (std::vector<float>* tensor : tensors) {
    for (float& number : *tensor) number = std::bit_cast<float>(words[at++]);
  }
}

}  // namespace

Bytes record_of(const Mlp& mlp) {
  const std::vector<float> parameters = flat(mlp);
  Bytes bytes(28 + 8 + 4 * parameters.size() + 8 + 8 * mlp.normalisation.offset.size());
  RecordWriter writer(bytes.data(), static_cast<int>(bytes.size()), hash_of(mlp.text()));
  writer.add(Section::Parameters, parameters.data(), static_cast<int>(parameters.size()));
  add_normalisation(writer, mlp.normalisation);
  if (const Status status = writer.end(); status != Status::Ok) throw Error("a record of ", mlp.text(), ": ", text(status));
  bytes.resize(static_cast<std::size_t>(writer.size()));
  return bytes;
}

Mlp read_checkpoint(const std::string& path, const std::string& network, const std::string& factory) {
  Mlp mlp = parse_network(network);
  const RecordFile file(path, hash_of(network), network);
  const bool part = file.length(Section::Parameters) < 0 && file.length(Section::Trained) >= 0;
  if (part && factory.empty()) {
    throw Error(path, " holds only the layers that were trained: say --factory and the checkpoint that the others come from");
  }
  std::optional<RecordFile> whole;
  if (part) whole.emplace(factory, hash_of(network), network);
  const RecordFile& from = part ? *whole : file;
  const std::vector<std::uint32_t> words = from.words(Section::Parameters);
  if (words.size() != mlp.parameter_count()) {
    throw Error(part ? factory : path, ": expected ", mlp.parameter_count(), " parameters, found ", words.size());
  }
  std::size_t at = 0;
  for (DenseLayer& layer : mlp.layers) {
    const std::size_t outputs = static_cast<std::size_t>(layer.outputs);
    layer.weights.resize(static_cast<std::size_t>(layer.inputs) * outputs);
    layer.bias.resize(outputs);
    for (float& w : layer.weights) w = std::bit_cast<float>(words[at++]);
    for (float& b : layer.bias) b = std::bit_cast<float>(words[at++]);
  }
  if (part) read_trained(file, path, mlp);
  mlp.normalisation = file.length(Section::Normalisation) < 0 && part ? from.normalisation(mlp.inputs()) : file.normalisation(mlp.inputs());
  check(mlp, path);
  return mlp;
}

}  // namespace insitu::desktop
