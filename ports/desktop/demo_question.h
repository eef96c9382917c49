/// The network of the question, [12288, 64, 1], trained on ten pictures: as it was posted, and with one thing changed.
#pragma once

#include <chrono>
#include <limits>
#include <memory>

#include "demo_pictures.h"

namespace insitu::desktop::demo {

using Question = Network<Dense<Numbers, 64, Relu>, Dense<64, 1, Sigmoid>>;
using QuestionTrainer = Trainer<Question, BinaryCrossEntropy, Sgd, Batch<Pictures>>;
inline constexpr int Units = 64;

/// Whatever is large, on the heap and aligned.
template <class T>
struct alignas(Alignment) Aligned : T {};
template <class T>
std::unique_ptr<Aligned<T>> make_aligned() {
  return std::make_unique<Aligned<T>>();
}

/// What a run does differently from the others.
struct Version {
  std::string name;
  bool posted = false;  ///< dW1 = dZ1 X^T lacks the 1/m that every other gradient has
  bool standardised = false;
  float learning_rate = 0.1f;
};

/// The state before a step.
struct Moment {
  double loss = 0;
  int pushing_up = 0, pushing_down = 0;  ///< hidden units above zero for at least one picture whose W2 is positive, and the others
  float lowest = 0, highest = 0;         ///< of the ten outputs

  int alive() const { return pushing_up + pushing_down; }
};

inline bool finite(double x) { return std::abs(x) <= std::numeric_limits<double>::max(); }

/// How a run went. moments[k] is the network after k steps; the last one is the end.
struct Course {
  Version version;
  std::vector<Moment> moments;
  Matrix<Pictures, 1> outputs{};
  int not_finite = -1, all_dead = -1, learned = -1;  ///< the first step at which it was; -1: never
  double seconds = 0;

  double last() const { return moments.back().loss; }
  bool failed() const { return all_dead >= 0 || not_finite >= 0; }
  int steps() const { return static_cast<int>(moments.size()) - 1; }
  std::size_t peak() const {
    return static_cast<std::size_t>(
        std::max_element(moments.begin(), moments.end(), [](const Moment& a, const Moment& b) { return a.loss < b.loss; }) -
        moments.begin());
  }
};

inline constexpr double Learned = 0.01;

/// Everything that a run needs; 3 MB of parameters, and as much for a gradient that is asked for as a value.
class QuestionRun {
 public:
  QuestionRun(const Dataset& pictures, std::uint64_t seed) : seed_(seed) {
    std::copy(pictures.inputs.begin(), pictures.inputs.end(), inputs_->begin());
    std::copy(pictures.targets.begin(), pictures.targets.end(), targets_.begin());
  }

  /// W ~ 0.01 randn, b = 0.
  void begin(const Version& version) {
    version_ = version;
    trainer_->optimizer = {.learning_rate = version.learning_rate};
    initialize(static_cast<Parameters<Question>&>(*parameters_), Normal{0.01f}, Random{seed_});
  }

  /// The mean loss of the batch, and its gradient as the question has it.
  float posted_gradient(Parameters<Question>& gradient, int samples = Pictures) {
    const float loss = trainer_->gradient(*parameters_, *inputs_, targets_, gradient, samples);
    auto& dW1 = gradient.layer.weights;
    scale(static_cast<float>(samples), dW1.data, dW1.data, dW1.size);  // dW1 = dZ1 X^T: the 1/m undone
    return loss;
  }

  void step() {
    if (version_.posted) {
      if (!gradient_) gradient_ = make_aligned<Parameters<Question>>();
      posted_gradient(*gradient_);
      trainer_->apply(*parameters_, *gradient_);
    } else {
      trainer_->step(*parameters_, *inputs_, targets_, samples_);
    }
  }

  Moment look() {
    using Hidden = Dense<Numbers, Units, Relu>;
    Moment moment;
    moment.loss = static_cast<double>(trainer_->evaluate(*parameters_, *inputs_, targets_, samples_));
    Hidden::forward(parameters_->layer, *inputs_, hidden_, samples_);
    for (float& h : hidden_) h = std::max(h, 0.0f);
    for (int j = 0; j < Units; ++j) {
      bool alive = false;
      for (int s = 0; s < Pictures; ++s) alive = alive || hidden_(s, j) > 0.0f;
      if (alive) ++(parameters_->next.layer.weights(j, 0) > 0.0f ? moment.pushing_up : moment.pushing_down);
    }
    outputs_ = predict<Network<Dense<Units, 1, Sigmoid>>>(parameters_->next, hidden_);
    moment.lowest = *std::min_element(outputs_.begin(), outputs_.end());
    moment.highest = *std::max_element(outputs_.begin(), outputs_.end());
    return moment;
  }

  const Parameters<Question>& parameters() const { return *parameters_; }
  const QuestionTrainer::Inputs& inputs() const { return *inputs_; }
  const Matrix<Pictures, 1>& targets() const { return targets_; }
  const Matrix<Pictures, 1>& outputs() const { return outputs_; }

 private:
  std::uint64_t seed_;
  Version version_;
  int samples_ =
      Pictures;  // no constant: the kernels compile several times faster for a number of rows that is not known (measured under sanitizers, 3x)
  std::unique_ptr<Aligned<QuestionTrainer::Inputs>> inputs_ = make_aligned<QuestionTrainer::Inputs>();
  std::unique_ptr<Aligned<Parameters<Question>>> parameters_ = make_aligned<Parameters<Question>>(), gradient_;
  std::unique_ptr<Aligned<QuestionTrainer>> trainer_ = make_aligned<QuestionTrainer>();
  Matrix<Pictures, 1> targets_{};
  Matrix<Pictures, Units> hidden_{};
  Matrix<Pictures, 1> outputs_{};
};

/// Up to `steps` steps; ends early where the loss is not finite and, with `until_clear`, where the outcome can no longer change or is reached: all units
/// dead, or the loss below 0.01. `told(step, moment)` hears of each step.
template <class Told>
Course train(QuestionRun& run, const Version& version, int steps, bool until_clear, Told&& told) {
  Course course{.version = version, .moments = {}};
  run.begin(version);
  const auto start = std::chrono::steady_clock::now();
  for (int k = 0;; ++k) {
    const Moment now = run.look();
    course.moments.push_back(now);
    told(k, now);
    if (!finite(now.loss)) course.not_finite = k;
    if (now.alive() == 0 && course.all_dead < 0) course.all_dead = k;
    if (now.loss < Learned && course.learned < 0) course.learned = k;
    const bool clear = until_clear && (course.all_dead >= 0 || course.learned >= 0);
    if (k == steps || course.not_finite >= 0 || clear) break;
    run.step();
  }
  course.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  course.outputs = run.outputs();
  return course;
}

}  // namespace insitu::desktop::demo
