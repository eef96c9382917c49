/// cure: whether a run learns, which changes make it learn, and which of them to prescribe.
///
/// A run learns, or is cured, where its loss is a finite number at every step, and its mean over the last tenth of the steps is at most `goal`: unless the user says
/// otherwise, a half of what the best constant output gives (the entropy of the labels, or the variance of the targets). A change cures where the run with it learns
/// from the same start and from two more that are a thousandth away. A change is prescribed only if it was tried and cures: the least invasive one.
#pragma once

#include "trial.h"

namespace insitu::desktop::doctor {

enum class Outcome {
  Cures,
  Unsure,  ///< from this start, but not from ones a thousandth away
  Fails,
};

/// What became of a run that does not learn, or that it learns.
enum class Ending { Learns, NotFinite, Dead, Slow, Stuck };

struct Trial {
  Change change;
  Course course;
  Outcome outcome = Outcome::Fails;
  Ending ending = Ending::Stuck;
  double end = 0;               ///< mean loss of the last tenth
  std::size_t learned = Never;  ///< from this step on the loss stays at or below the goal
};

/// The loss of the best constant output: with it a network has learnt nothing of its inputs.
double constant_loss(const Architecture& network, const Tensor& targets);

struct Trials {
  double constant = 0, goal = 0;
  Trial as_it_is;
  std::vector<Trial> changes;              ///< the single ones; where none of them cures, pairs up to the first that does
  std::size_t prescribed = Never;          ///< of the changes; Never: none cures, or none is needed
  std::optional<Trial> prescribed_mended;  ///< the same with the gradient mended, where the prescribed change leaves it wrong

  const Trial* prescription() const { return prescribed == Never ? nullptr : &changes[prescribed]; }
};

/// `goal`: 0 for the half of the constant loss.
Trials try_changes(const TrainingRun& run, double goal = 0);

}  // namespace insitu::desktop::doctor
