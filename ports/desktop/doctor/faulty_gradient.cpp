#include "faulty_gradient.h"

#include <algorithm>
#include <cmath>

#include "../error.h"

namespace insitu::desktop::doctor {
namespace {

Tensor& tensor_of(Layers& gradient, std::size_t t) {
  Layer& layer = gradient[layer_of(gradient, t)];
  return is_bias(t) ? layer.b : layer.W;
}

bool is(const Reading& reading, const char* id) { return reading.id == std::string(id); }

void clip(Layers& gradient, double bound) {
  double square = 0;
  for (std::size_t t = 0; t < tensors(gradient); ++t) {
    for (const double g : tensor(gradient, t).values) square += g * g;
  }
  const double norm = std::sqrt(square);
  if (!(norm > bound)) return;
  for (std::size_t t = 0; t < tensors(gradient); ++t) tensor_of(gradient, t) = (bound / norm) * tensor_of(gradient, t);
}

double factor(const Reading& reading, std::size_t samples) {
  return reading.factor * std::pow(static_cast<double>(samples), reading.power);
}

bool names(const Cause& cause, std::size_t t) { return std::find(cause.tensors.begin(), cause.tensors.end(), t) != cause.tensors.end(); }

}  // namespace

FaultyGradient::FaultyGradient(const Explanation& explanation, const Architecture& network) : explanation_(explanation) {
  for (const Cause& cause : explanation.causes) {
    if (cause.type != Cause::Type::Transposed) continue;
    for (const std::size_t t : cause.tensors) {
      const std::size_t l = network.layers() - t / 2;
      if (network.dims[l - 1] != network.dims[l]) throw Error("dW", l, " is transposed and not square, so that no update takes it");
    }
  }
}

bool FaultyGradient::only_scales() const {
  if (!explanation_) return true;
  return std::all_of(explanation_->causes.begin(), explanation_->causes.end(), [](const Cause& cause) {
    return cause.type == Cause::Type::Zero || (cause.type == Cause::Type::Scaled && !is(cause.readings[0], "clipped_by_norm"));
  });
}

double FaultyGradient::scale(std::size_t t, std::size_t samples) const {
  if (!explanation_ || !only_scales()) return 1;
  double scale = 1;
  for (const Cause& cause : explanation_->causes) {
    if (names(cause, t)) scale *= cause.type == Cause::Type::Zero ? 0 : factor(cause.readings[0], samples);
  }
  return scale;
}

Layers FaultyGradient::operator()(const Question& question, Layers& before) const {
  if (!explanation_) return gradient(question);
  const Cause& first = explanation_->causes[0];
  const bool fault = first.type == Cause::Type::Fault;
  Layers result = gradient(question, fault ? first.fault.kind->change(first.fault) : Factors());
  for (const Cause& cause : explanation_->causes) {
    for (const std::size_t t : cause.tensors) {
      Tensor& own = tensor_of(result, t);
      if (cause.type == Cause::Type::Zero) own = 0.0 * own;
      if (cause.type == Cause::Type::Transposed) own = transposed(own);
      if (cause.type == Cause::Type::Scaled && !is(cause.readings[0], "clipped_by_norm"))
        own = factor(cause.readings[0], question.samples()) * own;
    }
    if (cause.type == Cause::Type::Scaled && is(cause.readings[0], "clipped_by_norm")) clip(result, cause.readings[0].factor);
  }
  if (fault && first.fault.kind->id == std::string("not_zeroed")) {
    for (std::size_t l = 1; l < before.size(); ++l) result[l] = {result[l].W + before[l].W, result[l].b + before[l].b};
    before = result;
  }
  return result;
}

}  // namespace insitu::desktop::doctor
