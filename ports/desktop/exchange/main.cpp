// insitu without a network of its own: the commands that learn it from the file.
#include <CLI/CLI.hpp>

#include "../error.h"
#include "../guarded.h"
#include "exchange.h"
#include "model/version.h"

namespace insitu::desktop {
namespace {

int obey(int argc, const char* const* argv) {
  ExchangeCommand command;
  CLI::App app("insitu " INSITU_VERSION ", for networks that it learns from files", "insitu");
  app.set_version_flag("--version", INSITU_VERSION);
  app.require_subcommand(1);
  add_exchange(app, command, false, "", [] {});
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& problem) {
    throw Error(problem.what(), " (insitu --help lists what there is)");
  }
  return exchange_weights(command, "");
}

}  // namespace
}  // namespace insitu::desktop

int main(int argc, char** argv) {
  return insitu::desktop::guarded([&] { return insitu::desktop::obey(argc, argv); });
}
