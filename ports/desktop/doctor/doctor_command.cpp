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

  CLI::App* replay = add("replay", "fly the record of a device's FlightRecorder again, and compare the bits", Command::Verb::Replay);
  replay->add_option("--flight", command.replay.flight, "the record")->required();
  replay->add_option("--factory", command.replay.factory, "checkpoint with the device's factory weights, where layers are frozen");
}

}  // namespace insitu::desktop
