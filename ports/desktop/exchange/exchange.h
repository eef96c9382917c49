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

struct ExchangeCommand {
  enum class Verb { Import, Export } verb = Verb::Import;
  ImportOptions from;
  ExportOptions to;
};

/// Adds the commands to a command line. `network`: the text of the network that the program is compiled for; without one, --network says it. `chosen` is
/// called where the user asks for one of them.
void add_exchange(CLI::App& app, ExchangeCommand& command, bool compiled, const std::string& model, const std::function<void()>& chosen);

/// The exit code. `network`: the text of the compiled network, or empty. Throws Error.
int exchange_weights(const ExchangeCommand& command, const std::string& network);

/// Writes <out>/<name>.h and <out>/<name>.insitu.
int import_network(const ImportOptions& options);
/// Writes the weights of a checkpoint as the ending of --out says.
int export_network(const ExportOptions& options);

}  // namespace insitu::desktop
