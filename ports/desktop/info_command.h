/// info: the command that prints what a network is, and what a checkpoint holds.
#pragma once

#include <cstdio>

#include "recipe.h"
#include "trained_model.h"

namespace insitu::desktop {

template <class Net, int I = 0>
void print_layers() {
  using L = typename Net::template Layer<I>;
  const std::string shape = std::to_string(L::inputs) + " x " + std::to_string(L::outputs);
  const char* kept = !Part<L>::bias ? "  frozen" : !Part<L>::weights ? "  bias only" : "";
  std::printf("  %-8s %-14s %-12s %12d parameters%s\n", L::name, shape.c_str(), L::Activation::name,
              float_count<typename Part<L>::Whole::template Tensors<float>>, kept);
  if constexpr (I + 1 < Net::depth) print_layers<Net, I + 1>();
}

inline void print_run(const Run& run) {
  std::printf("  run: %s, batch %llu, rate %g, %s schedule, seed %llu, %llu samples\n", run.optimizer.c_str(),
              static_cast<unsigned long long>(run.batch), static_cast<double>(run.rate), run.schedule.c_str(),
              static_cast<unsigned long long>(run.seed), static_cast<unsigned long long>(run.rows));
  std::printf("  at step %llu: epoch %llu of %llu\n", static_cast<unsigned long long>(run.step),
              static_cast<unsigned long long>(run.epoch()), static_cast<unsigned long long>(run.epochs));
  for (const Curve& curve : run.curves) {
    if (!curve.values.empty()) std::printf("  %s: %.5g\n", curve.name.c_str(), curve.values.back());
  }
  for (std::size_t c = 0; c < run.classes.size(); ++c) std::printf("  class %zu: %s\n", c, run.classes[c].c_str());
}

/// `Training` as the network header declares it, frozen layers and all.
template <class Training>
int info(const InfoOptions& options) {
  using Net = typename Training::Network;
  using Inference = Budget<Net>;
  using Learning = Budget<Net, Training>;
  std::printf("%s\n", network_text<Net>().c_str());
  print_layers<Net>();
  std::printf("  in all %d parameters, %d bytes\n", Net::parameter_count, Inference::parameters);
  std::printf("inference: flash %d bytes, ram %d bytes, %lld flops a sample\n", Inference::flash, Inference::ram, Inference::flops);
  std::printf("training (%s, %s, batch %d): flash %d bytes, ram %d bytes (the trainer %d), %lld flops a sample\n", Training::Loss::name,
              Training::Inner::name, Training::batch, Learning::flash, Learning::ram, Learning::trainer, Learning::flops);
  if (options.model.empty()) return 0;

  const RecordFile file(options.model, network_hash<Net>, network_text<Net>());
  std::printf("%s: %zu bytes, undamaged, of this network\n", options.model.c_str(), file.bytes());
  constexpr std::pair<Section, const char*> Sections[] = {{Section::Parameters, "parameters"},
                                                          {Section::Trained, "trained part"},
                                                          {Section::Normalisation, "normalisation"},
                                                          {Section::Optimizer, "optimizer"},
                                                          {Section::Step, "step"},
                                                          {BestSection, "best parameters"}};
  for (const auto& [section, name] : Sections) {
    if (file.length(section) >= 0) std::printf("  %s: %d numbers\n", name, file.length(section));
  }
  if (const std::optional<Run> run = file.run()) print_run(*run);
  return 0;
}

}  // namespace insitu::desktop
