/// predict: the command that prints what a trained network says of samples.
#pragma once

#include <cstdio>
#include <memory>

#include "atomic_file.h"
#include "evaluate.h"
#include "recipe.h"
#include "report.h"
#include "trained_model.h"

namespace insitu::desktop {

template <class Training>
int predict_samples(const PredictOptions& options) {
  using R = Recipe<Training>;
  using Net = typename R::Network;
  const auto weights = std::make_unique<Weights<Net>>();
  weights->load(options.model);
  const std::vector<std::string> classes = weights->run ? weights->run->classes : std::vector<std::string>();
  const Source source = read_samples(options.data, {R::shape, options.label, classes});
  Dataset dataset = make_dataset(source.test ? *source.test : source.train, R::shape);
  weights->normalisation.apply(dataset);

  const std::vector<float> outputs = outputs_of<Net, R::logits>(weights->parameters, dataset);
  std::string text;
  for (std::size_t row = 0; row < dataset.rows; ++row) {
    text += prediction(std::span(outputs).subspan(row * R::shape.outputs, R::shape.outputs), R::task, dataset.classes) + "\n";
  }
  if (options.out.empty()) {
    std::printf("%s", text.c_str());
  } else {
    write_atomically(options.out, text);
    std::printf("wrote %zu predictions to %s\n", dataset.rows, options.out.c_str());
  }
  if (!dataset.labelled()) return 0;
  if (R::task == Task::Values) {
    std::printf("%s", report(outputs, dataset, "with labels:").c_str());
  } else {
    std::printf("accuracy: %s\n", score_text(R::task, score(outputs, dataset)).c_str());
  }
  return 0;
}

}  // namespace insitu::desktop
