// export: the weights of a checkpoint for another library.
#include <cstdio>

#include "../atomic_file.h"
#include "../error.h"
#include "checkpoint_file.h"
#include "exchange.h"
#include "network_file.h"

namespace insitu::desktop {

int export_network(const ExportOptions& options) {
  const Mlp mlp = read_checkpoint(options.model, options.network, options.factory);
  write_atomically(options.out, network_file(mlp, options.out, options.layers));
  std::printf("%s: %s, %zu parameters\n", options.out.c_str(), mlp.text().c_str(), mlp.parameter_count());
  if (!mlp.normalisation.offset.empty()) {
    std::printf(
        "it takes inputs normalised by x' = (x - offset) * scale%s\n",
        options.out.ends_with(".onnx") ? ", which the graph begins with" : ", and holds both: normalisation.offset, normalisation.scale");
  }
  return 0;
}

}  // namespace insitu::desktop
