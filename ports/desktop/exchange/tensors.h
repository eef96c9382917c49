/// Tensors: named arrays, as safetensors and NPZ hold them, and the network that PyTorch's names make of them.
///
/// A dense layer is `<layer>.weight` [out, in] and, where it has one, `<layer>.bias` [out]: `0.weight` and `2.weight` in a Sequential whose module 1 is an
/// activation. Numbers in the names say the order. A normalisation x' = (x - offset) * scale of the inputs is `normalisation.offset` and `normalisation.scale`.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "../array.h"
#include "mlp.h"

namespace insitu::desktop {

using Tensors = std::map<std::string, Array>;

/// What a file of tensors cannot say. `layers`: their names in order, where these have no number. `activations`: one a layer.
struct TensorRoles {
  std::vector<std::string> layers, activations;
};

/// Throws Error, which begins with `file`, for tensors that are no dense network: each is used or named. A layer without a bias gets zeros.
Mlp network_of(const Tensors& tensors, const std::string& file, const TensorRoles& roles);

/// The other way. `layers` are their names; where it is empty, those of a Sequential.
Tensors tensors_of(const Mlp& mlp, const std::vector<std::string>& layers);

/// `layers`, or the places of the dense layers in a Sequential of layers and activations: 0, 2, ... Throws Error where there are not as many as layers.
std::vector<std::string> layer_names(const Mlp& mlp, const std::vector<std::string>& layers);

}  // namespace insitu::desktop
