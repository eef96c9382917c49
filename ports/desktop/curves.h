/// Curves of a run: values are added epoch by epoch, and shown as plots.
#pragma once

#include <string>
#include <vector>

#include "plot.h"

namespace insitu::desktop {

/// Puts the value of an epoch (from 1) at the end of the curve of that name, which is made where there is none; NaN for epochs without a value.
void add_point(std::vector<Curve>& curves, const std::string& name, std::size_t epoch, double value);

/// Two plots: the curves whose name ends in "loss", logarithmic, and the others.
std::vector<Plot> plots_of(const std::vector<Curve>& curves);

/// Writes curves.csv and, where gnuplot is there, curves.svg into the folder. Returns a sentence that says what was written, and what not and why.
std::string write_curves(const std::string& folder, const std::vector<Curve>& curves);

}  // namespace insitu::desktop
