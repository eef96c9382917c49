/// Networks with weights to exchange, and where the files of others are.
#pragma once

#include <bit>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include "model/insitu.h"
#include "ports/desktop/exchange/mlp.h"

namespace insitu::desktop {

/// A network of this text; among its weights -0, the smallest subnormal and the largest float, which must survive every journey.
inline Mlp sample(const std::string& text, std::uint64_t seed = 1) {
  Mlp mlp = parse_network(text);
  Random random(seed);
  for (DenseLayer& layer : mlp.layers) {
    layer.weights.resize(static_cast<std::size_t>(layer.inputs) * static_cast<std::size_t>(layer.outputs));
    layer.bias.resize(static_cast<std::size_t>(layer.outputs));
    for (float& w : layer.weights) w = normal(random);
    for (float& b : layer.bias) b = normal(random);
  }
  std::vector<float>& weights = mlp.layers[0].weights;
  const float special[] = {-0.0f, std::bit_cast<float>(1u), -3.4028234663852886e38f};
  for (std::size_t k = 0; k < 3 && k < weights.size(); ++k) weights[k] = special[k];
  return mlp;
}

/// Bit for bit: 0 and -0 are two numbers.
inline bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
}
inline bool same_bits(const Mlp& a, const Mlp& b) {
  bool same = a.text() == b.text() && same_bits(a.normalisation.offset, b.normalisation.offset) &&
              same_bits(a.normalisation.scale, b.normalisation.scale);
  for (std::size_t l = 0; same && l < a.layers.size(); ++l) {
    same = same_bits(a.layers[l].weights, b.layers[l].weights) && same_bits(a.layers[l].bias, b.layers[l].bias);
  }
  return same;
}

/// The parameters of the compiled network.
template <class Net>
Parameters<Net> compiled(const Mlp& mlp) {
  alignas(Alignment) Parameters<Net> parameters;
  float* to = reinterpret_cast<float*>(&parameters);
  for (const DenseLayer& layer : mlp.layers) {
    for (const float w : layer.weights) *to++ = w;
    for (const float b : layer.bias) *to++ = b;
  }
  return parameters;
}

/// A file that others made; empty where it is not on this machine.
inline std::string foreign(const std::string& name) {
  const char* named = std::getenv("INSITU_DATA");
  const std::string path = std::string(named ? named : "../shared/data") + "/foreign/" + name;
  return std::filesystem::exists(path) ? path : "";
}

}  // namespace insitu::desktop
