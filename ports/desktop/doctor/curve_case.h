/// CurveCase: what a user gave `insitu doctor curve`, read and checked.
#pragma once

#include "../command.h"
#include "library.h"
#include "losses_file.h"
#include "training_run.h"

namespace insitu::desktop::doctor {

struct CurveCase {
  Losses observed;                 ///< empty where none were given
  std::optional<TrainingRun> run;  ///< where network and samples are known
  bool again = false;              ///< the run can be run again: it is plain gradient descent, and its gradient is known or right
  std::vector<Wording> mistakes;   ///< of the user's gradient, by the probe
  bool unknown_mistake = false;    ///< it is wrong, and what goes wrong in the run is not known
  std::vector<std::string> notes;  ///< what the run that was observed has, and the run here has not
};

/// Throws Error in one sentence for whatever is missing, contradicts the rest, or is no such file.
CurveCase read_case(const CurveOptions& options);

}  // namespace insitu::desktop::doctor
