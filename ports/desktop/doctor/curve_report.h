/// The examination of a curve in words, as JSON, and as a page.
#pragma once

#include <string>

#include "curve_examination.h"

namespace insitu::desktop::doctor {

/// For people, up to 118 columns: the curve, what was found, what was tried as a table and small curves, what to do.
std::string report(const CurveExamination& examination);

/// The same as one JSON object, and a line end. What is no number is null.
std::string report_json(const CurveExamination& examination);

/// The same as an SVG picture, one page.
std::string report_svg(const CurveExamination& examination);

/// The parts that they share. What was looked at, in a line.
std::string subject(const CurveExamination& examination);
/// How a trial ended: "learns", "NaN at step 7", ...
std::string ending(const Trial& trial);
/// "cures", "unsure", "no"
const char* outcome(const Trial& trial);
/// The change that is prescribed; none where the run here is not what was observed.
const Trial* prescription(const CurveExamination& examination);
/// Its name. The run as it is here may be the cure, too: "gradient mended" where what is wrong with the user's is not known, "loss from z" where theirs became NaN. Otherwise "".
std::string prescribed(const CurveExamination& examination);
/// Sentences: what to do, or why nothing is prescribed; what the trial showed; what mending the gradient alone does.
std::vector<std::string> advice(const CurveExamination& examination);
/// What counts as cured, with the numbers.
std::string definition(const CurveExamination& examination);
/// As it is, and each change that was tried; of pairs only one that cures.
std::vector<const Trial*> shown_trials(const CurveExamination& examination);
std::string title(const Trial& trial, const CurveExamination& examination);

}  // namespace insitu::desktop::doctor
