#include "check_command.h"

#include <cstdio>
#include <sstream>

#include "../atomic_file.h"
#include "../error.h"
#include "report.h"
#include "snippet.h"

namespace insitu::desktop::doctor {
namespace {

std::vector<std::string> parts(const std::string& list) {
  std::vector<std::string> parts;
  std::istringstream text(list);
  for (std::string part; std::getline(text, part, ',');) parts.push_back(part);
  return parts;
}

Architecture architecture(const ProbeOptions& options) {
  Architecture network;
  for (const std::string& part : parts(options.dims)) {
    char* end = nullptr;
    const double n = std::strtod(part.c_str(), &end);
    if (part.empty() || *end != '\0' || !(n >= 1 && n <= 100000 && n == static_cast<double>(static_cast<std::size_t>(n))))
      throw Error("--dims takes sizes of layers such as 4,5,3, and '", part.substr(0, 40), "' is none");
    network.dims.push_back(static_cast<std::size_t>(n));
  }
  if (network.dims.size() > 101) throw Error("--dims takes up to 100 layers");
  network.activations = {Activation::Identity};
  for (const std::string& part : parts(options.activations)) network.activations.push_back(find_activation(part));
  network.loss = find_loss(options.loss);
  network.mean = options.mean.empty() ? usual_mean(network.loss) : find_mean(options.mean);
  check(network);
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
  const Architecture network = architecture(options);
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
