/// exchange: the commands that bring weights in and out: import, export, embed, fleet merge. None of them knows the network before it runs.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tensors.h"

namespace CLI {
class App;
}

namespace insitu::desktop {

struct ImportOptions {
  std::string file, out = "build/import", name;
  TensorRoles roles;
};

struct ExportOptions {
  std::string model, factory, out, network;
  std::vector<std::string> layers;
};

struct EmbedOptions {
  std::string model, out, name, network;
  bool whole = false;
};

struct FleetOptions {
  std::vector<std::string> files;  ///< path, or path=samples
  std::string list, like, out, network;
  std::uint64_t batch = 1;
};

struct ExchangeCommand {
  enum class Verb { Import, Export, Embed, Fleet } verb = Verb::Import;
  ImportOptions from;
  ExportOptions to;
  EmbedOptions embed;
  FleetOptions fleet;
};

/// Adds the commands to a command line. `network`: the text of the network that the program is compiled for; without one, --network says it. `chosen` is
/// called where the user asks for one of them.
void add_exchange(CLI::App& app, ExchangeCommand& command, bool compiled, const std::string& model, const std::function<void()>& chosen);

/// The exit code. `network`: the text of the compiled network, or empty. Throws Error.
int exchange_weights(ExchangeCommand command, const std::string& network);

/// Writes <out>/<name>.h and <out>/<name>.insitu.
int import_network(const ImportOptions& options);
/// Writes the weights of a checkpoint as the ending of --out says.
int export_network(const ExportOptions& options);
/// Writes a checkpoint as C: a header with its bytes, or a source file and the header that declares it. `network` may be empty: whichever it is.
int embed_checkpoint(const EmbedOptions& options);
/// Averages records, weighted by their samples; 1 where some of them were refused. `network` may be empty where --like says it.
int merge_fleet(const FleetOptions& options);

}  // namespace insitu::desktop
