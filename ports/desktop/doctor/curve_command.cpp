#include "curve_command.h"

#include <algorithm>
#include <cstdio>

#include "../atomic_file.h"
#include "curve_report.h"

namespace insitu::desktop::doctor {

int explain_curve(const CurveOptions& options) {
  const CurveExamination examination = examine(read_case(options), options.goal.value_or(0));
  if (!options.svg.empty()) write_atomically(options.svg, report_svg(examination));
  std::fputs((options.json ? report_json : report)(examination).c_str(), stdout);
  const bool learns = !examination.trials || examination.trials->as_it_is.ending == Ending::Learns;
  const bool alarm = std::any_of(examination.findings.begin(), examination.findings.end(), [](const Finding& f) { return f.alarm; });
  return learns && !alarm ? 0 : 1;
}

}  // namespace insitu::desktop::doctor
