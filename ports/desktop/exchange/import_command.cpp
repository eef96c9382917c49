// import: a header and a checkpoint of a file of another library.
#include <cstdio>
#include <filesystem>

#include "../atomic_file.h"
#include "../error.h"
#include "checkpoint_file.h"
#include "exchange.h"
#include "network_file.h"
#include "network_header.h"

namespace insitu::desktop {

int import_network(const ImportOptions& options) {
  const std::string name = options.name.empty() ? identifier(options.file) : options.name;
  check_identifier(name);
  const Mlp mlp = read_network(options.file, options.roles);
  const Bytes record = record_of(mlp);
  std::error_code problem;
  std::filesystem::create_directories(options.out, problem);
  if (problem) throw Error(options.out, " cannot be made a folder: ", problem.message());
  const std::string base = (std::filesystem::path(options.out) / name).string();
  write_atomically(base + ".h", network_header(mlp, options.file));
  write_atomically(base + ".insitu", record);
  std::printf("%s: %s, %zu parameters%s\n%s\n", name.c_str(), shape_of(mlp).c_str(), mlp.parameter_count(),
              mlp.normalisation.offset.empty() ? "" : ", and a normalisation of its inputs", mlp.text().c_str());
  std::printf("%s.h and %s.insitu (%zu bytes) are written\n", base.c_str(), base.c_str(), record.size());
  return 0;
}

}  // namespace insitu::desktop
