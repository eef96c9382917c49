/// insitu doctor: what says why a training does not do what it should; each question is a subcommand.
#pragma once

#include "../command.h"

namespace CLI {
class App;
}

namespace insitu::desktop {

/// Adds `doctor` with its subcommands. One more is an entry here, a Verb and its options in command.h, and a case in command_line.h.
void add_doctor(CLI::App& app, Command& command);

}  // namespace insitu::desktop
