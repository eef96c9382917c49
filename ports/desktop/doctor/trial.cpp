#include "trial.h"

#include <algorithm>
#include <cmath>

#include "../shuffle.h"
#include "guard.h"
#include "turned_inputs.h"

namespace insitu::desktop::doctor {
namespace {

double square_norm(const Layers& layers) {
  double sum = 0;
  for (const Layer& layer : layers) {
    for (const Tensor* t : {&layer.W, &layer.b}) {
      for (const double v : t->values) sum += v * v;
    }
  }
  return sum;
}

void subtract(Layers& parameters, double rate, const Layers& gradient) {
  for (std::size_t l = 1; l < parameters.size(); ++l) {
    const auto step = [rate](Tensor& to, const Tensor& g) {
      for (std::size_t k = 0; k < to.values.size(); ++k) to.values[k] -= rate * g.values[k];
    };
    step(parameters[l].W, gradient[l].W);
    step(parameters[l].b, gradient[l].b);
  }
}

/// The samples of each step.
class Batches {
 public:
  explicit Batches(const TrainingRun& run, const Batch& samples) : run_(run), samples_(samples) {}

  const Batch& at(std::size_t step) {
    if (run_.batch >= samples_.samples()) return samples_;
    const std::size_t epoch = step / run_.steps_per_epoch(), begin = step % run_.steps_per_epoch() * run_.batch;
    if (epoch != epoch_ || order_.empty()) order_ = epoch_order(samples_.samples(), run_.seed, epoch_ = epoch);
    const std::size_t end = std::min(begin + run_.batch, order_.size());
    part_ = {Tensor(end - begin, samples_.inputs.columns), Tensor(end - begin, samples_.targets.columns)};
    for (std::size_t s = begin; s < end; ++s) {
      const auto copy_row = [&](const Tensor& from, Tensor& to) { std::copy_n(from.row(order_[s]), from.columns, to.row(s - begin)); };
      copy_row(samples_.inputs, part_.inputs);
      copy_row(samples_.targets, part_.targets);
    }
    return part_;
  }

 private:
  const TrainingRun& run_;
  const Batch& samples_;
  Batch part_;
  std::vector<std::uint32_t> order_;
  std::size_t epoch_ = 0;
};

bool has_dead_layer(const Architecture& network, const Pass& pass) {
  for (std::size_t l = 1; l < network.layers(); ++l) {
    if (dead_share(network, pass, l) == 1) return true;
  }
  return false;
}

void shake(Layers& parameters, std::uint64_t seed) {
  Random random(seed);
  for (Layer& layer : parameters) {
    for (double& w : layer.W.values) w *= 1 + 1e-3 * static_cast<double>(normal(random));
  }
}

}  // namespace

Tensor scaled(Tensor inputs, Scaling scaling) {
  if (scaling == Scaling::None) return inputs;
  const auto m = static_cast<double>(inputs.rows);
  for (std::size_t j = 0; j < inputs.columns; ++j) {
    double mean = 0, square = 0;
    for (std::size_t s = 0; s < inputs.rows; ++s) mean += inputs(s, j) / m;
    for (std::size_t s = 0; s < inputs.rows; ++s) square += (inputs(s, j) - mean) * (inputs(s, j) - mean) / m;
    const bool constant = !(square > 1e-20 * mean * mean);
    const double scale = constant ? 0 : scaling == Scaling::Centred ? 1 : 1 / std::sqrt(square);
    for (std::size_t s = 0; s < inputs.rows; ++s) inputs(s, j) = scale * (inputs(s, j) - mean);
  }
  return inputs;
}

double dead_share(const Architecture& network, const Pass& pass, std::size_t layer) {
  const Tensor slope = derivative(network, network.activations[layer], pass.z[layer], pass.a[layer]);
  std::size_t dead = 0;
  for (std::size_t j = 0; j < slope.columns; ++j) {
    bool passes = false;
    for (std::size_t s = 0; s < slope.rows && !passes; ++s) passes = slope(s, j) != 0;
    dead += !passes;
  }
  return static_cast<double>(dead) / static_cast<double>(slope.columns);
}

std::size_t Course::peak() const { return static_cast<std::size_t>(std::max_element(losses.begin(), losses.end()) - losses.begin()); }

std::vector<double> Course::by_epoch(const TrainingRun& run) const {
  const std::size_t steps = run.steps_per_epoch(), rows = run.samples.samples();
  std::vector<double> means;
  for (std::size_t k = 0; k + steps < losses.size(); k += steps) {
    double sum = 0;
    for (std::size_t step = 0; step < steps; ++step)
      sum += losses[k + step] * static_cast<double>(std::min(run.batch, rows - step * run.batch));  // the last batch may be smaller
    means.push_back(sum / static_cast<double>(rows));
  }
  return means;
}

Course run_again(const TrainingRun& run, const Change& change, std::uint64_t shaken) {
  Layers parameters = change.fresh ? initial_parameters(run.network, "", run.seed + 1) : run.start;
  if (shaken > 0) shake(parameters, shaken);
  Batch samples{scaled(run.samples.inputs, change.scaling), run.samples.targets};
  const FaultyGradient posted = change.mended ? FaultyGradient() : run.posted;
  Course course;
  course.network = run.network;
  if (posted.only_scales()) {
    TurnedInputs turned = turned_inputs(run.network, parameters, samples.inputs);
    course.network = turned.network;
    course.outside = turned.outside;
    parameters = std::move(turned.start);
    samples.inputs = std::move(turned.inputs);
  }
  course.samples = samples;
  course.rate = run.rate * change.rate;
  Batches batches(run, samples);
  Guard guard(run.batch >= samples.samples());
  Layers sum;  // where the gradient is not zeroed
  for (std::size_t step = 0; step < run.steps; ++step) {
    const Batch& batch = batches.at(step);
    const Question question(course.network, parameters, batch);
    const double now = loss(course.network, question.pass, batch.targets);
    course.losses.push_back(now);
    const bool dead = has_dead_layer(course.network, question.pass);
    if (change.guarded && !guard.approve(now, dead, parameters, course.rate)) {
      ++course.rollbacks;
      continue;
    }
    for (const double z : question.pass.z.back().values) {
      if (std::fabs(z) > course.largest_output) course.largest_output = std::fabs(z), course.largest_output_at = step;
    }
    if (!dead) course.all_dead = Never;
    if (dead && course.all_dead == Never) course.all_dead = step;
    Layers gradient = posted(question, sum);
    const double norm = std::sqrt(square_norm(gradient));
    if (!std::isfinite(now) || !std::isfinite(norm)) {
      if (change.guarded) {
        guard.roll_back(parameters, course.rate);
        ++course.rollbacks;
        continue;
      }
      course.not_finite = step;
      break;
    }
    subtract(parameters, course.rate * (change.clipped && norm > 1 ? 1 / norm : 1), gradient);
  }
  course.end = std::move(parameters);
  const Pass pass = forward(course.network, course.end, samples.inputs);
  if (!has_dead_layer(course.network, pass)) course.all_dead = Never;
  const double last = loss(course.network, pass, samples.targets);
  if (course.not_finite == Never) course.losses.push_back(last);
  if (course.not_finite == Never && !std::isfinite(last)) course.not_finite = run.steps;
  return course;
}

}  // namespace insitu::desktop::doctor
