/// The header of a network, as NETWORK= takes it.
#pragma once

#include <string>

#include "mlp.h"

namespace insitu::desktop {

/// `using Model = insitu::Network<...>;`, and an activation of its own where the network has one that insitu has not (another slope of leaky ReLU).
/// `source` is the file that it comes from.
std::string network_header(const Mlp& mlp, const std::string& source);

/// A file's name as a C identifier: "digits-64.v2.onnx" becomes "digits_64_v2".
std::string identifier(const std::string& path);
/// Throws Error for what is none.
void check_identifier(const std::string& name);

}  // namespace insitu::desktop
