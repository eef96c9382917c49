#include "doctor_command.h"

#include <CLI/CLI.hpp>

namespace insitu::desktop {
namespace {

void add_curve(CLI::App& curve, CurveOptions& options) {
  curve.add_option("--losses", options.losses,
                   "CSV of the losses that you saw: losses alone, step and loss, or a header with 'loss' in it");
  curve.add_option("--run", options.run, "checkpoint of `insitu train`: network, rate, order and curve");
  curve.add_option("--probe", options.probe,
                   "NPZ or JSON as for `doctor check`: network, start, samples, and the mistake in the gradients");
  curve.add_option("--dims", options.dims, "without a probe: inputs, then the units of each layer: 4,5,3");
  curve.add_option("--activations", options.activations, "of each layer: tanh,softmax");
  curve.add_option("--loss", options.loss, "mean_squared_error half_squared_error huber binary_cross_entropy cross_entropy");
  curve.add_option("--mean", options.mean, "what the loss is divided by: batch batch_and_outputs none (default: as PyTorch has it)");
  curve.add_option("--data", options.data, "samples as for `insitu train` (default: the first batch of the probe)");
  curve.add_option("--label", options.label, "label columns of CSV files, by name or number from 1 (default: the last)");
  curve.add_option("--start", options.start, "NPZ or JSON with W1 b1 ...: where the run started (default: the probe's)");
  curve.add_option("--init", options.init, "or drawn: he, glorot, or the deviation of normal weights (default: as `insitu train`)");
  curve.add_option("--seed", options.seed, "of the start and of the order of samples")->capture_default_str();
  curve.add_option("--rate", options.rate, "learning rate of the run");
  curve.add_option("--batch", options.batch, "samples of a step (default: all)");
  curve.add_option("--steps", options.steps, "that are run again (default: as many as were observed, up to 2000)");
  curve.add_option("--goal", options.goal, "loss that counts as cured (default: half of what the best constant output gives)");
  curve.add_flag("--json", options.json, "for programs");
  curve.add_option("--svg", options.svg, "file for the report as a page");
}

}  // namespace

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

  add_curve(*add("curve", "say why a loss does what it does; run the first steps again with one thing changed, and say what cures it",
                 Command::Verb::Curve),
            command.curve);

  CLI::App* replay = add("replay", "fly the record of a device's FlightRecorder again, and compare the bits", Command::Verb::Replay);
  replay->add_option("--flight", command.replay.flight, "the record")->required();
  replay->add_option("--factory", command.replay.factory, "checkpoint with the device's factory weights, where layers are frozen");
}

}  // namespace insitu::desktop
