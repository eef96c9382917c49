#include "curves.h"

#include <algorithm>
#include <limits>

#include "atomic_file.h"
#include "error.h"

namespace insitu::desktop {

void add_point(std::vector<Curve>& curves, const std::string& name, std::size_t epoch, double value) {
  auto curve = std::find_if(curves.begin(), curves.end(), [&](const Curve& c) { return c.name == name; });
  if (curve == curves.end()) curve = curves.insert(curves.end(), Curve{name, {}});
  curve->values.resize(epoch - 1, std::numeric_limits<double>::quiet_NaN());
  curve->values.push_back(value);
}

std::vector<Plot> plots_of(const std::vector<Curve>& curves) {
  std::vector<Plot> plots(2);
  plots[0].title = "loss";
  plots[0].logarithmic = true;
  for (const Curve& curve : curves) plots[curve.name.ends_with("loss") ? 0 : 1].curves.push_back(curve);
  if (plots[1].curves.empty())
    plots.pop_back();
  else
    plots[1].title = plots[1].curves[0].name.ends_with("accuracy") ? "accuracy, %" : "RMSE";
  return plots;
}

std::string write_curves(const std::string& folder, const std::vector<Curve>& curves) {
  const std::vector<Plot> plots = plots_of(curves);
  write_atomically(folder + "/curves.csv", curves_csv(plots));
  try {
    write_svg(folder + "/curves.svg", plots);
  } catch (const Error& problem) {
    return "wrote " + folder + "/curves.csv; " + problem.what();
  }
  return "wrote " + folder + "/curves.csv and curves.svg";
}

}  // namespace insitu::desktop
