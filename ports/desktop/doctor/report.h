/// The diagnosis in words and as JSON.
#pragma once

#include <string>

#include "diagnosis.h"
#include "probe_file.h"

namespace insitu::desktop::doctor {

/// A cause in words: what is wrong, the formula as it is and as it should be.
Wording words(const Cause& cause, const Formulas& formulas);

/// For people: a line for each tensor, the first wrong layer, the cause, and how sure it is.
std::string report(const Diagnosis& diagnosis, const Probe& probe, Convention convention);

/// The same as one JSON object, and a line end.
std::string report_json(const Diagnosis& diagnosis, const Probe& probe, Convention convention);

/// Labels of one dimension, found by the shape of a gradient alone.
std::string report_slip(const std::string& slip, const Probe& probe, Convention convention, bool json);

}  // namespace insitu::desktop::doctor
