#include "training_run.h"

#include <cmath>
#include <cstdlib>

#include "../error.h"
#include "model/initialize.h"

namespace insitu::desktop::doctor {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::vector<Change> changes(const TrainingRun& run) {
  std::vector<Change> all;
  if (run.posted.wrong()) all.push_back({.mended = true});
  for (const double divisor : {3.0, 10.0, 100.0}) all.push_back({.rate = 1 / divisor});
  for (const Scaling scaling : {Scaling::Centred, Scaling::Standardised}) all.push_back({.scaling = scaling});
  all.push_back({.clipped = true});
  all.push_back({.guarded = true});
  all.push_back({.fresh = true});
  // last: a curve that only creeps has too low a rate
  for (const double factor : {10.0, 100.0}) all.push_back({.rate = factor});
  return all;
}

/// Both together; nothing where they change the same thing.
bool together(const Change& a, const Change& b, Change& both) {
  both = {a.mended || b.mended,   a.rate * b.rate,        a.scaling == Scaling::None ? b.scaling : a.scaling,
          a.clipped || b.clipped, a.guarded || b.guarded, a.fresh || b.fresh};
  return (a.rate == 1 || b.rate == 1) && (a.scaling == Scaling::None || b.scaling == Scaling::None);
}

template <class Distribution>
Layers drawn(const Architecture& network, const Distribution& distribution, std::uint64_t seed) {
  Random random(seed);
  Layers layers(1);
  for (std::size_t l = 1; l <= network.layers(); ++l) {
    const int in = static_cast<int>(network.dims[l - 1]), out = static_cast<int>(network.dims[l]);
    Tensor w =
        map(Tensor(network.dims[l - 1], network.dims[l]), [&](double) { return static_cast<double>(distribution(random, in, out)); });
    layers.push_back({std::move(w), Tensor(1, network.dims[l])});
  }
  return layers;
}

}  // namespace

int Change::count() const { return mended + (rate != 1) + (scaling != Scaling::None) + clipped + guarded + fresh; }

std::vector<Change> single_changes(const TrainingRun& run) { return changes(run); }

std::vector<Change> pairs_of_changes(const TrainingRun& run) {
  const std::vector<Change> single = changes(run);
  std::vector<Change> pairs;
  for (std::size_t k = 0; k < single.size(); ++k) {
    for (std::size_t other = k + 1; other < single.size(); ++other) {
      if (Change both; together(single[k], single[other], both)) pairs.push_back(both);
    }
  }
  return pairs;
}

std::string name(const Change& change) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : " + ") + part; };
  if (change.mended) add("gradient mended");
  if (change.rate < 1) add("rate / " + number(1 / change.rate));
  if (change.rate > 1) add("rate x " + number(change.rate));
  if (change.scaling == Scaling::Centred) add("inputs centred");
  if (change.scaling == Scaling::Standardised) add("inputs standardised");
  if (change.clipped) add("gradient clipped");
  if (change.guarded) add("guard");
  if (change.fresh) add("another start");
  return text.empty() ? "as it is" : text;
}

std::string instruction(const Change& change, const TrainingRun& run) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : "; ") + part; };
  if (change.mended) add("mend the gradient, and change nothing else");
  if (change.rate != 1) add("train at a learning rate of " + number(change.rate * run.rate) + " instead of " + number(run.rate));
  if (change.scaling == Scaling::Centred) add("subtract from each feature its mean over the training set, for prediction too");
  if (change.scaling == Scaling::Standardised)
    add("scale each feature to mean 0 and deviation 1, (x - mean) / deviation, both of the training set, for prediction too");
  if (change.clipped) add("shorten the gradient to norm 1 where it is longer: g *= min(1, 1 / |g|), |g| over all tensors");
  if (change.guarded)
    add("keep a copy of the parameters; where the loss rises by more than 5 %, go back to it and halve the rate (SafeTrainer does)");
  if (change.fresh) add("start from other weights: He's for ReLU, otherwise Glorot's, biases 0");
  if (change.mended && change.count() > 1) text.replace(0, text.find(';'), "mend the gradient");
  return text;
}

Layers initial_parameters(const Architecture& network, const std::string& init, std::uint64_t seed) {
  const bool relu = network.activations[1] == Activation::Relu || network.activations[1] == Activation::LeakyRelu;
  if (init == "he" || (init.empty() && relu)) return drawn(network, He{}, seed);
  if (init == "glorot" || init.empty()) return drawn(network, Glorot{}, seed);
  char* end = nullptr;
  const double deviation = std::strtod(init.c_str(), &end);
  if (*end != '\0' || !(deviation > 0 && deviation < 1e6))
    throw Error("--init takes he, glorot, or a deviation of normal weights such as 0.01, and '", init.substr(0, 40), "' is none");
  return drawn(network, Normal{static_cast<float>(deviation)}, seed);
}

}  // namespace insitu::desktop::doctor
