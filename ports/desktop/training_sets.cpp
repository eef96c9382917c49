#include "training_sets.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "csv.h"
#include "error.h"
#include "model/schedule.h"

namespace insitu::desktop {
namespace {

Dataset labelled(const Samples& samples, const Shape& shape, const char* purpose) {
  Dataset dataset = make_dataset(samples, shape);
  if (!dataset.labelled())
    throw Error(dataset.name, " has no labels, and ", purpose, " needs them: a label column, a pair inputs,labels, or a folder with both");
  return dataset;
}

}  // namespace

TrainingSets read_sets(const TrainOptions& options, const Shape& shape, const Run& run) {
  const ReadOptions how = {shape, options.label, run.classes};
  const Source source = read_samples(options.data, how);
  TrainingSets sets{labelled(source.train, shape, "training"), std::nullopt, std::nullopt};
  if (!options.test.empty()) {
    const Source test = read_samples(options.test, {shape, options.label, sets.training.classes});
    sets.test = labelled(test.test ? *test.test : test.train, shape, "testing");
  } else if (source.test) {
    sets.test = labelled(*source.test, shape, "testing");
  }
  if (run.validation > 0) {
    auto [rest, part] = split(sets.training, run.validation, run.seed);
    sets.training = std::move(rest);
    sets.validation = std::move(part);
  }
  return sets;
}

Run settle(const TrainOptions& options, const std::optional<Run>& resumed) {
  Run run = resumed.value_or(Run{});
  if (resumed && options.seed && *options.seed != run.seed)
    throw Error(options.resume, " was begun with seed ", run.seed, ", and a run that goes on keeps its seed");
  if (resumed && options.validation > 0 && options.validation != run.validation) {
    throw Error(options.resume, " was begun with a validation set of ", run.validation, ", and a run that goes on keeps it");
  }
  if (!resumed) run.validation = options.validation;
  run.seed = options.seed.value_or(run.seed);
  run.epochs = options.epochs.value_or(run.epochs);
  run.warmup = options.warmup.value_or(run.warmup);
  run.patience = options.patience.value_or(run.patience);
  run.rate = options.rate.value_or(run.rate);
  run.clip = options.clip.value_or(run.clip);
  run.schedule = options.schedule.value_or(run.schedule);
  run.class_weights = options.class_weights.value_or(run.class_weights);
  return run;
}

std::uint32_t crc_of(const Dataset& dataset) {
  uLong crc = crc32_z(0, nullptr, 0);
  crc = crc32_z(crc, reinterpret_cast<const Bytef*>(dataset.inputs.data()), dataset.inputs.size() * sizeof(float));
  return static_cast<std::uint32_t>(
      crc32_z(crc, reinterpret_cast<const Bytef*>(dataset.targets.data()), dataset.targets.size() * sizeof(float)));
}

float rate_at(const Run& run, float rate, std::uint64_t step) {
  const std::uint64_t total = run.epochs * run.steps_per_epoch();
  const int warmup = static_cast<int>(std::min(run.warmup, total)), after = std::max(1, static_cast<int>(total) - warmup),
            now = static_cast<int>(step);
  if (run.schedule == "step") return StepSchedule{rate, std::max(1, (after + 2) / 3), 0.1f, {warmup}}(now);
  if (run.schedule == "cosine") return CosineSchedule{rate, after, 0.0f, {warmup}}(now);
  return ConstantSchedule{rate, {warmup}}(now);
}

std::vector<float> class_weights(const std::string& text, const Dataset& training) {
  if (text == "balanced") return balanced_weights(training);
  if (text.empty()) return std::vector<float>(training.shape.outputs, 1.0f);
  std::vector<float> weights;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    float weight = 0;
    if (!parse_number(part, weight) || !(weight > 0) || !std::isfinite(weight))
      throw Error("--class-weights: '", part, "' stands where 'balanced' or a number above 0 belongs");
    weights.push_back(weight);
  }
  if (weights.size() != training.shape.outputs)
    throw Error("--class-weights has ", weights.size(), " weights, and the network has ", training.shape.outputs, " classes");
  return weights;
}

}  // namespace insitu::desktop
