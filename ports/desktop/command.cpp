#include "command.h"

#include <CLI/CLI.hpp>

#include "doctor/doctor_command.h"
#include "error.h"
#include "model/version.h"

namespace insitu::desktop {
namespace {

constexpr const char* DataHelp =
    "samples: file.csv, inputs.npy,labels.npy, file.npz, an IDX pair, or a folder with train_x.npy train_y.npy test_x.npy test_y.npy; each "
    "may be gzip";
constexpr const char* LabelHelp = "label columns of CSV files, by name or number from 1 (default: the last)";

void add_train(CLI::App& app, Command& command, const std::string& folder) {
  TrainOptions& train = command.train;
  train.out = folder;
  CLI::App* verb = app.add_subcommand("train", "train from random weights, or go on from a checkpoint");
  verb->add_option("--data", train.data, DataHelp)->required();
  verb->add_option("--test", train.test, "samples that are only tested on, written like --data");
  verb->add_option("--validation", train.validation, "part of --data, 0 to 1, that is split off and not trained on")
      ->check(CLI::Range(0.0, 1.0));
  verb->add_option("--label", train.label, LabelHelp);
  verb->add_option("--epochs", train.epochs, "times that all samples are trained on (default 20)")->check(CLI::PositiveNumber);
  verb->add_option("--rate", train.rate, "learning rate (default: the optimizer's own)")->check(CLI::PositiveNumber);
  verb->add_option("--schedule", train.schedule, "of the learning rate (default constant)")
      ->check(CLI::IsMember({"constant", "step", "cosine"}));
  verb->add_option("--warmup", train.warmup, "steps in which the rate rises to its value (default 0)");
  verb->add_option("--seed", train.seed, "of the weights, the order and the split (default 1)");
  verb->add_option("--normalise,--normalize", train.normalise, "of the inputs (default standard)")
      ->check(CLI::IsMember({"none", "standard", "range"}));
  verb->add_option("--class-weights", train.class_weights, "balanced, or a weight for each class: 1,2.5,...");
  verb->add_option("--patience", train.patience, "stop after so many epochs without improvement, and keep the best")
      ->check(CLI::PositiveNumber);
  verb->add_option("--clip", train.clip, "largest norm of the gradient")->check(CLI::PositiveNumber);
  verb->add_option("--out", train.out, "folder for model.insitu, curves.csv and curves.svg")->capture_default_str();
  verb->add_option("--resume", train.resume, "checkpoint to go on from: the same bits as without the stop");
  verb->callback([&command] { command.verb = Command::Verb::Train; });
}

}  // namespace

Command read_command(int argc, const char* const* argv, const std::string& network) {
  const std::string folder = "build/train/" + network, model = folder + "/model.insitu";
  Command command;
  CLI::App app("insitu " INSITU_VERSION ", compiled for the network " + network, "insitu");
  app.set_version_flag("--version", INSITU_VERSION);
  app.require_subcommand(1);
  add_train(app, command, folder);

  command.predict.model = model;
  CLI::App* predict = app.add_subcommand("predict", "print the outputs for each sample; where there are labels, how many are right");
  predict->add_option("--model", command.predict.model, "checkpoint")->capture_default_str();
  predict->add_option("--data", command.predict.data, DataHelp)->required();
  predict->add_option("--label", command.predict.label, LabelHelp);
  predict->add_option("--out", command.predict.out, "file for the predictions (default: the terminal)");
  predict->callback([&command] { command.verb = Command::Verb::Predict; });

  CLI::App* info = app.add_subcommand("info", "print shapes, parameters and memory of the network, and what a checkpoint holds");
  info->add_option("--model", command.info.model, "checkpoint");
  info->callback([&command] { command.verb = Command::Verb::Info; });

  add_doctor(app, command);

  add_exchange(app, command.exchange, true, model, [&command] { command.verb = Command::Verb::Exchange; });

  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    app.exit(asked);
    command.verb = Command::Verb::Help;
  } catch (const CLI::ParseError& problem) {
    throw Error(problem.what(), " (insitu --help lists what there is)");
  }
  return command;
}

}  // namespace insitu::desktop
