/// Files of other libraries by their endings: .safetensors, .npz, .onnx.
#pragma once

#include <string>
#include <vector>

#include "../bytes.h"
#include "tensors.h"

namespace insitu::desktop {

/// Throws Error for a file that is damaged, holds no dense network, or has an ending that is not read.
Mlp read_network(const std::string& path, const TensorRoles& roles);
/// The same of bytes: `path` is for its ending and for messages.
Mlp read_network(const Bytes& bytes, const std::string& path, const TensorRoles& roles);

/// The bytes of a file with the ending of `path`. `layers` as in layer_names().
Bytes network_file(const Mlp& mlp, const std::string& path, const std::vector<std::string>& layers);

}  // namespace insitu::desktop
