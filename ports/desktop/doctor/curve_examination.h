/// CurveExamination: why a loss does what it does, as data: what was found, what was tried, what to do. curve_report.h says it.
#pragma once

#include "cure.h"
#include "curve_case.h"
#include "layer_state.h"

namespace insitu::desktop::doctor {

/// Something that was seen, the figure, what it means, and what to do about it with a number. It is no prescription: that is what was tried.
struct Finding {
  std::string id;
  bool alarm = false;  ///< otherwise a remark
  double figure = 0;
  std::string seen, means, todo;
};

struct CurveExamination {
  CurveCase given;
  std::vector<Finding> findings;
  std::optional<Trials> trials;
  std::vector<LayerState> start, end;  ///< of each layer, before the first step and after the last of the run as it is
  double stability = 0;                ///< rate * largest eigenvalue of the Gauss-Newton matrix / 2, at the start
  std::size_t follows =
      Never;  ///< steps (epochs) for which the run here stays within a hundredth of the observed curve; Never: nothing to compare

  /// The run here is not what was observed: nothing can be said of a remedy.
  bool another_run() const;
};

CurveExamination examine(CurveCase given, double goal);

/// Of the curve alone; of samples and start; of the run as it is. `constant`: what the best constant output gives, 0 where it is not known.
void find_in_losses(const Losses& losses, double constant, std::vector<Finding>& findings);
void find_in_samples(const TrainingRun& run, std::vector<Finding>& findings);
void find_in_network(const CurveExamination& examination, std::vector<Finding>& findings);

/// "0.1234"
std::string number(double value, int digits = 4);
std::string percent(double share);

}  // namespace insitu::desktop::doctor
