#include <algorithm>
#include <cmath>

#include "curve_report.h"

namespace insitu::desktop::doctor {
namespace {

constexpr const char* FromZ =
    "compute the loss from z, max(z, 0) - y z + log(1 + exp(-|z|)) (cross_entropy: log sum e^z - z of the class), and dZ = A - Y";

/// The user's loss became NaN or infinite where that of the same run here, which is computed from z, did not.
bool loss_overflows(const CurveExamination& examination) {
  const std::vector<double>& seen = examination.given.observed.values;
  const bool fused =
      examination.given.run->network.loss == LossKind::BinaryCrossEntropy || examination.given.run->network.loss == LossKind::CrossEntropy;
  return fused && examination.trials->as_it_is.course.not_finite == Never &&
         std::any_of(seen.begin(), seen.end(), [](double v) { return !std::isfinite(v); });
}

}  // namespace

std::string subject(const CurveExamination& examination) {
  const CurveCase& given = examination.given;
  if (!given.run) return given.observed.name + ": " + std::to_string(given.observed.values.size()) + " losses, without network and samples";
  const TrainingRun& run = *given.run;
  std::string text;
  for (const std::size_t n : run.network.dims) text.append(text.empty() ? "" : "-").append(std::to_string(n));
  for (std::size_t l = 1; l <= run.network.layers(); ++l) text += std::string(l == 1 ? " " : ", ") + name(run.network.activations[l]);
  text += std::string("; ") + name(run.network.loss) + "; " + std::to_string(run.samples.samples()) + " samples, ";
  text += run.batch < run.samples.samples() ? std::to_string(run.batch) + " a step" : "all in each step";
  text += "; rate " + number(run.rate);
  return given.again ? text + "; " + std::to_string(run.steps) + " steps run again" : text;
}

std::string ending(const Trial& trial) {
  switch (trial.ending) {
    case Ending::Learns:
      return trial.learned == Never ? "learns, with losses above the goal between"
                                    : "learns: at the goal from step " + std::to_string(trial.learned) + " on";
    case Ending::NotFinite:
      return "no number any more at step " + std::to_string(trial.course.not_finite);
    case Ending::Dead:
      return "all units of a layer dead from step " + std::to_string(trial.course.all_dead) + " on";
    case Ending::Slow:
      return "still falling: too slow for these steps";
    case Ending::Stuck:
      break;
  }
  return "does not fall any further";
}

const char* outcome(const Trial& trial) {
  return trial.outcome == Outcome::Cures ? "cures" : trial.outcome == Outcome::Unsure ? "unsure" : "no";
}

const Trial* prescription(const CurveExamination& examination) {
  return examination.trials && !examination.another_run() ? examination.trials->prescription() : nullptr;
}

std::string prescribed(const CurveExamination& examination) {
  if (const Trial* chosen = prescription(examination)) return name(chosen->change);
  if (!examination.trials || examination.another_run() || examination.trials->as_it_is.outcome != Outcome::Cures) return "";
  if (examination.given.unknown_mistake) return "gradient mended";
  return loss_overflows(examination) ? "loss from z" : "";
}

std::string definition(const CurveExamination& examination) {
  const Trials& trials = *examination.trials;
  const bool usual = trials.goal == trials.constant / 2;
  return "cures = the loss is a number at every step, and at most " + number(trials.goal) +
         (usual ? ", half of what the best constant output gives," : "") +
         " in the mean of the last tenth of the steps; from this start and from two a thousandth away (unsure: from this one alone)";
}

std::string title(const Trial& trial, const CurveExamination& examination) {
  const bool base = &trial == &examination.trials->as_it_is;
  return base && examination.given.unknown_mistake ? "with the right gradient" : name(trial.change);
}

std::vector<const Trial*> shown_trials(const CurveExamination& examination) {
  std::vector<const Trial*> shown = {&examination.trials->as_it_is};
  for (const Trial& trial : examination.trials->changes) {
    if (trial.change.count() == 1 || trial.outcome == Outcome::Cures) shown.push_back(&trial);
  }
  return shown;
}

std::vector<std::string> advice(const CurveExamination& examination) {
  const CurveCase& given = examination.given;
  if (!given.run)
    return {
        "nothing was tried: that needs the network, its samples and the rate (--probe or --dims, --data, --rate), so nothing is "
        "prescribed"};
  if (!examination.trials)
    return {given.again ? "nothing was tried: a constant output is right for these labels" : "nothing was tried, so nothing is prescribed"};
  const Trials& trials = *examination.trials;
  if (examination.another_run())
    return {"the run here is not the one that was observed: it parts from its curve after " + std::to_string(examination.follows) +
            " losses (other start, order, rate or optimizer?), so nothing is prescribed"};
  if (trials.as_it_is.outcome == Outcome::Cures) {
    if (given.unknown_mistake) return {"mend the gradient: with the right one the run learns, tried here"};
    if (loss_overflows(examination)) return {std::string(FromZ), "tried here: " + ending(trials.as_it_is)};
    return {"nothing to cure: the run learns as it is"};
  }
  std::vector<std::string> lines;
  const Trial* chosen = prescription(examination);
  if (chosen) {
    lines.push_back(name(chosen->change) + ": " + instruction(chosen->change, *given.run));
    if (chosen->change.mended && !given.mistakes.empty()) lines.push_back("the right formula: " + given.mistakes[0].should);
    lines.push_back("tried here: " + ending(*chosen) + ", " + number(chosen->end) + " at the end" +
                    (chosen->course.rollbacks > 0
                         ? ", after " + std::to_string(chosen->course.rollbacks) + " rollbacks at a rate of " + number(chosen->course.rate)
                         : ""));
  } else {
    lines.push_back("none of the " + std::to_string(trials.changes.size()) +
                    " changes that were tried cures, so none is prescribed; more --steps may show one that is only slow");
  }
  if (loss_overflows(examination))
    lines.push_back(std::string("and ") + FromZ + ", as the runs here do: yours became NaN where they did not");
  if (given.run->posted.wrong()) {
    const Trial& mended = trials.changes.front();
    lines.push_back(std::string("mending the gradient alone ") + (mended.outcome == Outcome::Cures ? "cures"
                                                                  : mended.outcome == Outcome::Unsure
                                                                      ? "cures from this start, but not from ones a thousandth away"
                                                                      : "does not cure: " + ending(mended)));
    if (trials.prescribed_mended)
      lines.push_back("with the gradient mended as well, as it should be, the change " +
                      std::string(trials.prescribed_mended->outcome == Outcome::Cures
                                      ? "cures too"
                                      : "does not cure surely: " + ending(*trials.prescribed_mended)));
  }
  return lines;
}

}  // namespace insitu::desktop::doctor
