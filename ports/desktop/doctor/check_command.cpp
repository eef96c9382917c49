#include "check_command.h"

#include <cstdio>

#include "../atomic_file.h"
#include "../error.h"
#include "command_parts.h"
#include "report.h"
#include "snippet.h"

namespace insitu::desktop::doctor {
namespace {

Architecture architecture_of(const ProbeOptions& options) {
  Architecture network = architecture(options.dims, options.activations, options.loss, options.mean);
  std::size_t parameters = 0;
  for (std::size_t l = 1; l < network.dims.size(); ++l) parameters += network.dims[l - 1] * network.dims[l] + network.dims[l];
  if (parameters > 10000000) throw Error("a probe of ", parameters, " parameters is too large: a smaller network has the same mistakes");
  return network;
}

}  // namespace

int check_gradients(const CheckOptions& options) {
  const ProbeFile file = read_probe(read_bytes(options.probe), options.probe);
  if (!file.slip.empty()) {
    std::fputs(report_slip(file.slip, file.probe, file.convention, options.json).c_str(), stdout);
    return 1;
  }
  const Diagnosis diagnosis = Examination(file.probe.network, file.probe.parameters, file.probe.batches).diagnose(file.gradients);
  std::fputs((options.json ? report_json : report)(diagnosis, file.probe, file.convention).c_str(), stdout);
  return diagnosis.verdict == Diagnosis::Verdict::Right ? 0 : 1;
}

int make_probe(const ProbeOptions& options) {
  const Architecture network = architecture_of(options);
  Convention convention;
  convention.layout = options.layout == "in_out" ? Layout::InOut : Layout::OutIn;
  convention.rows = options.samples.empty() ? options.layout == "in_out" : options.samples == "rows";
  Random random(options.seed);
  const Probe probe = draw(network, batch_sizes(network), random);
  const std::string code = options.out.substr(0, options.out.rfind('.')) + "_fill.py";
  write_probe(options.out, probe, convention);
  write_atomically(code, snippet(network, convention, options.out));
  std::printf("%s holds the network and two batches; put your backward pass into %s and run it, then: insitu doctor check --probe %s\n",
              options.out.c_str(), code.c_str(), options.out.c_str());
  return 0;
}

}  // namespace insitu::desktop::doctor
