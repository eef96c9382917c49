#include "doctor_command.h"

#include <CLI/CLI.hpp>

namespace insitu::desktop {

void add_doctor(CLI::App& app, Command& command) {
  CLI::App* doctor = app.add_subcommand("doctor", "say why a training does not do what it should");
  doctor->require_subcommand(1);
  const auto add = [&](const char* name, const char* what, Command::Verb verb) {
    CLI::App* question = doctor->add_subcommand(name, what);
    question->callback([&command, verb] { command.verb = verb; });
    return question;
  };

  CLI::App* check = add("check", "say which of your gradients are wrong, and how: the line of mathematics", Command::Verb::Check);
  check->add_option("--probe", command.check.probe, "NPZ or JSON that `doctor probe` wrote and your code filled in")->required();
  check->add_flag("--json", command.check.json, "for programs");

  CLI::App* probe =
      add("probe", "write a network and two batches for `doctor check`, and numpy code that fills in your gradients", Command::Verb::Probe);
  probe->add_option("--dims", command.probe.dims, "inputs, then the units of each layer: 4,5,3")->required();
  probe
      ->add_option("--activations", command.probe.activations,
                   "of each layer, of identity relu leaky_relu tanh sigmoid softmax: tanh,softmax")
      ->required();
  probe->add_option("--loss", command.probe.loss, "mean_squared_error half_squared_error huber binary_cross_entropy cross_entropy")
      ->required();
  probe->add_option("--mean", command.probe.mean, "what the loss is divided by: batch batch_and_outputs none (default: as PyTorch has it)");
  probe->add_option("--layout", command.probe.layout, "of W: in_out for [In x Out], out_in for [Out x In]")
      ->required()
      ->check(CLI::IsMember({"in_out", "out_in"}));
  probe->add_option("--samples", command.probe.samples, "rows or columns (default: rows for in_out, columns for out_in)")
      ->check(CLI::IsMember({"rows", "columns"}));
  probe->add_option("--seed", command.probe.seed, "of weights and batches")->capture_default_str();
  probe->add_option("--out", command.probe.out, "the file, .npz or .json")->capture_default_str();

  CLI::App* replay = add("replay", "fly the record of a device's FlightRecorder again, and compare the bits", Command::Verb::Replay);
  replay->add_option("--flight", command.replay.flight, "the record")->required();
  replay->add_option("--factory", command.replay.factory, "checkpoint with the device's factory weights, where layers are frozen");
}

}  // namespace insitu::desktop
