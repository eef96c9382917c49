#include "exchange.h"

#include <CLI/CLI.hpp>

#include "../error.h"

namespace insitu::desktop {
namespace {

constexpr const char* LayersHelp =
    "names of the dense layers in order, such as encoder,decoder (default: numbers say it, as in 0.weight, 2.weight)";
constexpr const char* NetworkHelp = "text of the network, as import and info print it, such as 'dense 64 32 relu; dense 32 10'";

void add_import(CLI::App& app, ExchangeCommand& command, const std::function<void()>& chosen) {
  CLI::App* verb = app.add_subcommand("import", "make a network header and a checkpoint of a file of another library");
  ImportOptions& options = command.from;
  verb->add_option("file,--file", options.file, "model.onnx, or weights with PyTorch's names: .safetensors, .npz")->required();
  verb->add_option("--out", options.out, "folder for <name>.h and <name>.insitu")->capture_default_str();
  verb->add_option("--name", options.name, "of the network (default: the file's)");
  verb->add_option("--activations", options.roles.activations, "what follows each layer, where the file does not say it: relu,identity")
      ->delimiter(',');
  verb->add_option("--layers", options.roles.layers, LayersHelp)->delimiter(',');
  verb->callback([&command, chosen] {
    command.verb = ExchangeCommand::Verb::Import;
    chosen();
  });
}

void add_export(CLI::App& app, ExchangeCommand& command, bool compiled, const std::string& model, const std::function<void()>& chosen) {
  CLI::App* verb =
      app.add_subcommand("export", "write the weights of a checkpoint for another library, with PyTorch's names and [out, in]");
  ExportOptions& options = command.to;
  options.model = model;
  CLI::Option* from = verb->add_option("--model", options.model, "checkpoint");
  if (compiled)
    from->capture_default_str();
  else
    from->required();
  verb->add_option("--out", options.out, "file.safetensors, file.npz or file.onnx")->required();
  verb->add_option("--layers", options.layers, LayersHelp)->delimiter(',');
  verb->add_option("--factory", options.factory, "checkpoint with the device's factory weights, where layers are frozen");
  if (!compiled) verb->add_option("--network", options.network, NetworkHelp)->required();
  verb->callback([&command, chosen] {
    command.verb = ExchangeCommand::Verb::Export;
    chosen();
  });
}

}  // namespace

void add_exchange(CLI::App& app, ExchangeCommand& command, bool compiled, const std::string& model, const std::function<void()>& chosen) {
  add_import(app, command, chosen);
  add_export(app, command, compiled, model, chosen);
}

int exchange_weights(const ExchangeCommand& command, const std::string& network) {
  switch (command.verb) {
    case ExchangeCommand::Verb::Import:
      return import_network(command.from);
    case ExchangeCommand::Verb::Export: {
      ExportOptions options = command.to;
      if (!network.empty()) options.network = network;
      return export_network(options);
    }
  }
  return 0;
}

}  // namespace insitu::desktop
