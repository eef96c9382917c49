/// TrainingLoop: epochs of steps, with progress, checkpoints, early stopping and Ctrl-C.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "curves.h"
#include "evaluate.h"
#include "interrupt.h"
#include "progress.h"
#include "report.h"
#include "shuffle.h"
#include "trained_model.h"
#include "training_sets.h"

namespace insitu::desktop {

/// R is the Recipe, T the trainer type (R::Plain or R::Clipped).
template <class R, class T>
class TrainingLoop {
 public:
  using Net = typename T::Network;

  /// The model comes with its settings, its run and the learning rate; the sets are normalised.
  TrainingLoop(TrainedModel<T>& model, const TrainingSets& sets, std::string folder)
      : model_(model), run_(model.run), sets_(sets), folder_(std::move(folder)), rate_(run_.rate) {}

  /// Trains to the end. False where the user stopped it; it can then go on from file().
  bool run() {
    const Interrupt interrupt;
    Progress progress(sets_.training.rows * run_.epochs, "samples", samples_done());
    while (run_.epoch() < run_.epochs && !run_.stops_early()) {
      train_epoch(interrupt, progress);
      if (run_.step_in_epoch() == 0) finish_epoch(progress);
      if (interrupt.requested()) {
        model_.save(file());
        return false;
      }
    }
    model_.save(file());
    if (!model_.best.empty()) std::memcpy(&model_.parameters, model_.best.data(), sizeof(model_.parameters));
    return true;
  }

  /// Where the run goes on from: the model itself, unless that is the best of several epochs.
  std::string file() const { return folder_ + (run_.patience > 0 ? "/last.insitu" : "/model.insitu"); }

 private:
  using Clock = std::chrono::steady_clock;
  TrainedModel<T>& model_;
  Run& run_;
  const TrainingSets& sets_;
  std::string folder_;
  float rate_;
  Clock::time_point saved_ = Clock::now();
  std::unique_ptr<typename T::Inputs> inputs_ = std::make_unique<typename T::Inputs>();
  std::unique_ptr<Matrix<T::batch, Net::outputs>> targets_ = std::make_unique<Matrix<T::batch, Net::outputs>>();

  std::size_t samples_done() const { return run_.epoch() * sets_.training.rows + run_.step_in_epoch() * T::batch; }

  /// The rest of an epoch, or up to the step in which Ctrl-C came. Its last batch may be a partial one.
  void train_epoch(const Interrupt& interrupt, Progress& progress) {
    const std::uint64_t epoch = run_.epoch();
    const std::vector<std::uint32_t> order = epoch_order(sets_.training.rows, run_.seed, epoch);
    const std::string note = "epoch " + std::to_string(epoch + 1) + " of " + std::to_string(run_.epochs);
    for (std::size_t begin = run_.step_in_epoch() * T::batch; begin < order.size() && !interrupt.requested(); begin += T::batch) {
      const auto rows = std::span(order).subspan(begin, std::min<std::size_t>(T::batch, order.size() - begin));
      fill(*inputs_, *targets_, sets_.training, rows);
      unclipped(model_.trainer.optimizer).learning_rate = rate_at(run_, rate_, run_.step);
      const float loss = model_.trainer.step(model_.parameters, *inputs_, *targets_, static_cast<int>(rows.size()));
      if (!std::isfinite(loss)) diverged(loss, progress);
      run_.loss_sum += static_cast<double>(loss) * static_cast<double>(rows.size());
      ++run_.step;
      progress.update(epoch * order.size() + begin + rows.size(), note);
    }
  }

  [[noreturn]] void diverged(float loss, Progress& progress) const {
    progress.clear();
    throw Error("the loss became ", loss, " in step ", run_.step + 1, " (epoch ", run_.epoch() + 1, "), and a finite number was expected: ",
                model_.normalisation.offset.empty() ? "normalise the inputs (--normalise standard) or lower the learning rate"
                                                    : "lower the learning rate",
                " (--rate, now ", rate_, ")");
  }

  void finish_epoch(Progress& progress) {
    const std::uint64_t epoch = run_.epoch();
    const double training_loss = run_.loss_sum / static_cast<double>(sets_.training.rows);
    run_.loss_sum = 0;
    std::string line = add_points("training", sets_.training, training_loss, epoch);
    double watched_loss = training_loss;
    if (sets_.test) line += add_points("test", *sets_.test, watched_loss = loss_of(model_.trainer, model_.parameters, *sets_.test), epoch);
    if (sets_.validation)
      line +=
          add_points("validation", *sets_.validation, watched_loss = loss_of(model_.trainer, model_.parameters, *sets_.validation), epoch);
    const bool better = watched_loss < run_.best_loss;
    if (better) {
      run_.best_loss = watched_loss;
      run_.best_epoch = epoch;
    }
    const std::uint64_t every = (run_.epochs + 39) / 40;
    if (epoch % every == 0 || epoch == run_.epochs || run_.stops_early()) {
      progress.clear();
      std::printf("epoch %*d/%d%s\n", static_cast<int>(std::to_string(run_.epochs).size()), static_cast<int>(epoch),
                  static_cast<int>(run_.epochs), line.c_str());
      std::fflush(stdout);
    }
    keep(better);
  }

  /// The best model at once, the last state every two seconds.
  void keep(bool better) {
    if (run_.patience > 0 && better) {
      const float* parameters = reinterpret_cast<const float*>(&model_.parameters);
      model_.best.assign(parameters, parameters + float_count<Parameters<Net>>);
      model_.save(folder_ + "/model.insitu");
    }
    if (Clock::now() - saved_ < std::chrono::seconds(2)) return;
    model_.save(file());
    saved_ = Clock::now();
  }

  /// Adds a set's loss and score to the curves; returns both as text.
  std::string add_points(const std::string& name, const Dataset& dataset, double loss, std::uint64_t epoch) {
    const double value = score(outputs_of<Net, R::logits>(model_.parameters, dataset), dataset);
    add_point(run_.curves, name + " loss", epoch, loss);
    add_point(run_.curves, name + " " + score_name(R::task), epoch, value);
    char text[64];
    std::snprintf(text, sizeof text, "  %s: loss %.4g, ", name.c_str(), loss);
    return text + std::string(score_name(R::task)) + " " + score_text(R::task, value);
  }
};

}  // namespace insitu::desktop
