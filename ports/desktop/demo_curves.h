/// The curves of the demo's runs: in the terminal, and as files.
#pragma once

#include <cstdio>

#include "atomic_file.h"
#include "demo_question.h"
#include "plot.h"

namespace insitu::desktop::demo {

using Files = std::vector<std::string>;

/// Leaves out all but every so many values, from `begin` on: a picture needs no more.
inline void thin(Curve& curve, std::size_t every, std::size_t begin) {
  for (std::size_t e = begin; e < curve.values.size(); ++e) {
    if (e % every != 0) curve.values[e] = std::numeric_limits<double>::quiet_NaN();
  }
}

/// All figures as CSV, and a picture.
inline void draw(const std::string& stem, std::span<const Plot> figures, std::span<const Plot> picture, Files& files) {
  write_atomically(stem + ".csv", curves_csv(figures));
  files.push_back(stem + ".csv");
  try {
    write_svg(stem + ".svg", picture);
    files.push_back(stem + ".svg");
  } catch (const Error& problem) {
    std::printf("\n(%s.)\n", problem.what());
  }
}

/// Loss and living units of each run.
inline void plot_question(const std::vector<Course>& courses, const std::string& stem, Files& files) {
  constexpr std::size_t Shown = 100;
  Plot early{"loss", true, {}}, units{"units alive", false, {}}, whole{"loss, all steps", true, {}}, alive{"units alive", false, {}};
  for (const Course& course : courses) {
    const std::string& name = course.version.name;
    Curve loss{name, {}}, living{name, {}};
    for (const Moment& moment : course.moments) {
      loss.values.push_back(moment.loss);
      living.values.push_back(moment.alive());
    }
    whole.curves.push_back({"loss " + name, loss.values});
    alive.curves.push_back({"alive " + name, living.values});
    loss.values.resize(std::min(Shown, loss.values.size()));
    living.values.resize(std::min(Shown, living.values.size()));
    early.curves.push_back(loss);
    units.curves.push_back(living);
  }
  std::printf("\nThe first %zu steps; each is an epoch, as it sees all ten pictures.\n\n%s\n%s", Shown, text_plot(early, 98, 18).c_str(),
              text_plot(units, 98, 13).c_str());
  const Plot figures[] = {whole, alive};
  for (Curve& curve : whole.curves) thin(curve, 10, Shown);
  const Plot picture[] = {early, units, whole};
  draw(stem, figures, picture, files);
}

}  // namespace insitu::desktop::demo
