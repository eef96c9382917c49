/// Checkpoints of a network that is known when the program runs: the same bytes as those of the compiled network.
#pragma once

#include <string>

#include "../bytes.h"
#include "mlp.h"

namespace insitu::desktop {

/// The record: parameters and, where there is one, the normalisation; what save<Net> writes.
Bytes record_of(const Mlp& mlp);

/// The checkpoint at `path` of the network with this text. Where it holds only what a network with frozen layers trains, `factory` is the checkpoint that the
/// rest comes from. Throws Error as RecordFile does, and for whatever check() refuses.
Mlp read_checkpoint(const std::string& path, const std::string& network, const std::string& factory);

}  // namespace insitu::desktop
