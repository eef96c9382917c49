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

void add_embed(CLI::App& app, ExchangeCommand& command, const std::string& model, const std::function<void()>& chosen) {
  CLI::App* verb = app.add_subcommand("embed", "write a checkpoint as C, to lie in flash");
  EmbedOptions& options = command.embed;
  options.model = model;
  verb->add_option("--model", options.model, "checkpoint")->required(model.empty());
  verb->add_option("--out", options.out, "name.h, for C and constexpr C++; or name.c, with a name.h that declares it")->required();
  verb->add_option("--name", options.name, "of the network: the array is <name>_checkpoint (default: the name of the checkpoint)");
  verb->add_flag("--whole", options.whole, "with what a training run needs to go on, too");
  verb->callback([&command, chosen] {
    command.verb = ExchangeCommand::Verb::Embed;
    chosen();
  });
}

void add_fleet(CLI::App& app, ExchangeCommand& command, bool compiled, const std::function<void()>& chosen) {
  CLI::App* fleet = app.add_subcommand("fleet", "what many devices have learnt");
  fleet->require_subcommand(1);
  CLI::App* verb = fleet->add_subcommand(
      "merge", "average checkpoints, weighted by samples: exact, and so in any order the same; exit code 1 where some were refused");
  FleetOptions& options = command.fleet;
  verb->add_option("files", options.files, "checkpoints, each FILE or FILE=SAMPLES (default: the steps that it holds, times --batch)");
  verb->add_option("--list", options.list, "more of them: lines of FILE,SAMPLES");
  verb->add_option("--batch", options.batch, "samples of a step (default 1)")->check(CLI::PositiveNumber);
  verb->add_option("--like", options.like, "checkpoint, the factory's say, whose trained layers and normalisation the others must have");
  verb->add_option("--out", options.out, "checkpoint for the average")->required();
  if (!compiled) verb->add_option("--network", options.network, NetworkHelp);
  verb->callback([&command, chosen] {
    command.verb = ExchangeCommand::Verb::Fleet;
    chosen();
  });
}

}  // namespace

void add_exchange(CLI::App& app, ExchangeCommand& command, bool compiled, const std::string& model, const std::function<void()>& chosen) {
  add_import(app, command, chosen);
  add_export(app, command, compiled, model, chosen);
  add_embed(app, command, model, chosen);
  add_fleet(app, command, compiled, chosen);
}

int exchange_weights(ExchangeCommand command, const std::string& network) {
  if (!network.empty()) command.to.network = command.embed.network = command.fleet.network = network;
  switch (command.verb) {
    case ExchangeCommand::Verb::Import:
      return import_network(command.from);
    case ExchangeCommand::Verb::Export:
      return export_network(command.to);
    case ExchangeCommand::Verb::Embed:
      return embed_checkpoint(command.embed);
    case ExchangeCommand::Verb::Fleet:
      return merge_fleet(command.fleet);
  }
  return 0;
}

}  // namespace insitu::desktop
