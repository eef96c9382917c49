/// train: the command that trains a network and says how well it went.
#pragma once

#include <filesystem>
#include <memory>

#include "recipe.h"
#include "training_loop.h"

namespace insitu::desktop {

/// A shell's exit code for a program that Ctrl-C ended.
inline constexpr int Interrupted = 130;

inline constexpr std::uint64_t MaxSteps = 2147483647;

/// "64-32-10"
template <class Net, int I = 0>
std::string shape_of() {
  std::string text = I == 0 ? std::to_string(Net::inputs) : "";
  text.append("-").append(std::to_string(Net::template Layer<I>::outputs));
  if constexpr (I + 1 < Net::depth) text += shape_of<Net, I + 1>();
  return text;
}

/// He's distribution for layers before ReLU, Glorot's for others, by the first layer's activation.
template <class Net>
void initialize_weights(Parameters<Net>& parameters, std::uint64_t seed) {
  using First = typename Net::template Layer<0>::Activation;
  if constexpr (std::is_same_v<First, Relu> || std::is_same_v<First, LeakyRelu>) {
    initialize(parameters, He{}, Random(seed));
  } else {
    initialize(parameters, Glorot{}, Random(seed));
  }
}

inline void make_folder(const std::string& path) {
  std::error_code problem;
  std::filesystem::create_directories(path, problem);
  if (problem || !std::filesystem::is_directory(path))
    throw Error(path, " cannot be made a folder: ", problem ? problem.message() : "it is a file");
}

template <class R, class T>
int train_with(const TrainOptions& options, const Run& run, TrainingSets sets) {
  using Net = typename T::Network;
  const auto model = std::make_unique<TrainedModel<T>>();
  if (options.resume.empty()) {
    initialize_weights<Net>(model->parameters, run.seed);
    model->normalisation = Normalisation::of(sets.training, options.normalise);
  } else {
    model->load(options.resume);
  }
  for (Dataset* dataset : {&sets.training, sets.validation ? &*sets.validation : nullptr, sets.test ? &*sets.test : nullptr}) {
    if (dataset) model->normalisation.apply(*dataset);
  }
  const std::uint32_t crc = crc_of(sets.training);
  if (!options.resume.empty() && (run.rows != sets.training.rows || run.samples_crc != crc)) {
    throw Error(options.resume, " was trained on other samples than ", options.data, " holds, and a run goes on with its own");
  }
  model->run = run;
  model->run.network = network_text<Net>();
  model->run.optimizer = T::Inner::name;
  model->run.batch = T::batch;
  model->run.rows = sets.training.rows;
  model->run.samples_crc = crc;
  if (run.epochs > MaxSteps / model->run.steps_per_epoch())
    throw Error("--epochs ", run.epochs, " takes more than ", MaxSteps, " steps, the most that are counted");
  model->run.classes = sets.training.classes;
  if (model->run.rate == 0) model->run.rate = unclipped(model->trainer.optimizer).learning_rate;
  if constexpr (T::clips) {
    if (run.clip > 0) model->trainer.optimizer.max_norm = run.clip;
  }
  if constexpr (has_class_weights<typename R::Loss>) {
    const std::vector<float> weights = class_weights(run.class_weights, sets.training);
    std::copy_n(weights.data(), weights.size(), model->trainer.loss.weights.data);
  } else if (!run.class_weights.empty()) {
    throw Error("--class-weights needs a network that ends in softmax, and this one is ", model->run.network);
  }

  std::printf("%s, %d parameters, %s, %s, rate %g, batch %d, %zu samples%s\n", shape_of<Net>().c_str(), Net::parameter_count, R::loss_name,
              T::Inner::name, static_cast<double>(model->run.rate), T::batch, sets.training.rows,
              R::thawed ? "; frozen layers are trained here, too" : "");
  if (!options.resume.empty())
    std::printf("going on after step %d (epoch %d)\n", static_cast<int>(run.step), static_cast<int>(model->run.epoch()));
  make_folder(options.out);
  TrainingLoop<R, T> loop(*model, sets, options.out);
  const bool finished = loop.run();
  const Run& done = model->run;
  if (!finished) {
    std::printf("stopped in epoch %d after step %d; %s is saved, and --resume %s goes on from there\n", static_cast<int>(done.epoch()) + 1,
                static_cast<int>(done.step), loop.file().c_str(), loop.file().c_str());
    return Interrupted;
  }
  if (done.stops_early() && done.epoch() < done.epochs)
    std::printf("stopped after epoch %d: %d epochs without improvement\n", static_cast<int>(done.epoch()), static_cast<int>(done.patience));
  if (done.patience > 0) std::printf("the best epoch is %d\n", static_cast<int>(done.best_epoch));

  if (done.epoch() > 1) std::printf("%s", text_plot(plots_of(done.curves)[0]).c_str());
  std::printf("%s\nwrote %s/model.insitu\n", write_curves(options.out, done.curves).c_str(), options.out.c_str());
  const Dataset& judged = sets.test ? *sets.test : sets.validation ? *sets.validation : sets.training;
  const char* what = sets.test ? "test" : sets.validation ? "validation" : "training";
  std::printf("%s", report(outputs_of<Net, R::logits>(model->parameters, judged), judged, what).c_str());
  return 0;
}

template <class Training>
int train(const TrainOptions& options) {
  using R = Recipe<Training>;
  using Net = typename R::Network;
  std::optional<Run> resumed;
  if (!options.resume.empty()) resumed = RecordFile(options.resume, network_hash<Net>, network_text<Net>()).run();
  const Run run = settle(options, resumed);
  TrainingSets sets = read_sets(options, R::shape, run);
  if (run.patience > 0 && !sets.watched())
    throw Error("--patience watches the loss on other samples than those trained on: give --validation or --test");
  if (run.clip > 0 || R::always_clips) return train_with<R, typename R::Clipped>(options, run, std::move(sets));
  return train_with<R, typename R::Plain>(options, run, std::move(sets));
}

}  // namespace insitu::desktop
