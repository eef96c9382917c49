#include "network_file.h"

#include <filesystem>

#include "../error.h"
#include "npz_file.h"
#include "onnx_file.h"
#include "safetensors.h"

namespace insitu::desktop {
namespace {

std::string ending(const std::string& path) { return std::filesystem::path(path).extension().string(); }

Mlp of_safetensors(const Bytes& bytes, const std::string& path, TensorRoles roles) {
  const Safetensors file = read_safetensors(bytes, path);
  if (roles.activations.empty() && !file.network.empty()) {
    for (const DenseLayer& layer : parse_network(file.network).layers) roles.activations.push_back(layer.activation);
  }
  return network_of(file.tensors, path, roles);
}

}  // namespace

Mlp read_network(const Bytes& bytes, const std::string& path, const TensorRoles& roles) {
  const std::string kind = ending(path);
  if (kind == ".safetensors") return of_safetensors(bytes, path, roles);
  if (kind == ".onnx") {
    if (!roles.activations.empty() || !roles.layers.empty())
      throw Error(path, " says itself what its layers are: --activations and --layers are for files of weights alone");
    return read_onnx(bytes, path);
  }
  if (kind == ".npz") return network_of(read_npz(bytes, path), path, roles);
  if (kind == ".pt" || kind == ".pth" || kind == ".pkl") {
    throw Error(
        path,
        " is a Python pickle, which is a program and not read: write the model with torch.onnx.export, or its state_dict with safetensors");
  }
  throw Error(path, " ends in '", kind, "', and .onnx, .safetensors and .npz are read");
}

Mlp read_network(const std::string& path, const TensorRoles& roles) { return read_network(read_stored(path), path, roles); }

Bytes network_file(const Mlp& mlp, const std::string& path, const std::vector<std::string>& layers) {
  const std::string kind = ending(path);
  if (kind == ".safetensors") return write_safetensors({tensors_of(mlp, layers), mlp.text()});
  if (kind == ".onnx") return write_onnx(mlp, layers);
  if (kind == ".npz") return write_npz(tensors_of(mlp, layers));
  throw Error(path, " ends in '", kind, "', and .onnx, .safetensors and .npz are written");
}

}  // namespace insitu::desktop
