#include "command_parts.h"

#include <cstdlib>
#include <sstream>

#include "../error.h"

namespace insitu::desktop::doctor {
namespace {

std::vector<std::string> parts(const std::string& list) {
  std::vector<std::string> parts;
  std::istringstream text(list);
  for (std::string part; std::getline(text, part, ',');) parts.push_back(part);
  return parts;
}

}  // namespace

Architecture architecture(const std::string& dims, const std::string& activations, const std::string& loss, const std::string& mean) {
  Architecture network;
  for (const std::string& part : parts(dims)) {
    char* end = nullptr;
    const double n = std::strtod(part.c_str(), &end);
    if (part.empty() || *end != '\0' || !(n >= 1 && n <= 100000 && n == static_cast<double>(static_cast<std::size_t>(n))))
      throw Error("--dims takes sizes of layers such as 4,5,3, and '", part.substr(0, 40), "' is none");
    network.dims.push_back(static_cast<std::size_t>(n));
  }
  if (network.dims.size() > 101) throw Error("--dims takes up to 100 layers");
  network.activations = {Activation::Identity};
  for (const std::string& part : parts(activations)) network.activations.push_back(find_activation(part));
  network.loss = find_loss(loss);
  network.mean = mean.empty() ? usual_mean(network.loss) : find_mean(mean);
  check(network);
  return network;
}

}  // namespace insitu::desktop::doctor
