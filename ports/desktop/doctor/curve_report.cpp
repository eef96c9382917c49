#include "curve_report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "../plot.h"

namespace insitu::desktop::doctor {
namespace {

constexpr std::size_t Width = 118;

/// Words in lines of up to Width columns, those after the first indented.
std::string wrapped(const std::string& text, std::size_t first, std::size_t indent) {
  std::string result(first, ' ');
  std::size_t column = first, at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (column + end - at > Width && column > indent) {
      result.erase(result.find_last_not_of(' ') + 1);
      result.append("\n").append(indent, ' ');
      column = indent;
    }
    result.append(text, at, end - at).append(end < text.size() ? " " : "");
    column += end - at + 1;
    at = end + 1;
  }
  return result + "\n";
}

std::string padded(std::string text, std::size_t width, bool right = false) {
  if (text.size() < width) text.insert(right ? 0 : text.size(), width - text.size(), ' ');
  return text;
}

/// A curve at each step from the first observed one
std::vector<double> at_steps(const Losses& losses) {
  std::vector<double> values;
  for (std::size_t k = 0; k < losses.values.size(); ++k) {
    const double at = losses.steps[k] - losses.steps[0];
    if (at >= 1e6 || at < static_cast<double>(values.size())) return losses.values;
    values.resize(static_cast<std::size_t>(at), std::numeric_limits<double>::quiet_NaN());
    values.push_back(losses.values[k]);
  }
  return values;
}

std::string plotted(const CurveExamination& examination) {
  Plot plot{"loss", true, {}, examination.given.observed.epochs ? "epoch" : "step"};
  if (!examination.given.observed.empty()) plot.curves.push_back({"observed", at_steps(examination.given.observed)});
  if (examination.trials) {
    const Course& course = examination.trials->as_it_is.course;
    plot.curves.push_back({title(examination.trials->as_it_is, examination) + ", here",
                           examination.given.observed.epochs ? course.by_epoch(*examination.given.run) : course.losses});
  }
  return plot.curves.empty() ? "" : text_plot(plot, 100, 16);
}

std::string layer_table(const CurveExamination& examination) {
  std::string text =
      "\nlayers             before the first step                                       after the last\n"
      "  layer   units    dead  saturated       |dW|        |W|  rate |dW| / |W|    dead  saturated\n";
  for (std::size_t l = 1; l < examination.start.size(); ++l) {
    const LayerState& s = examination.start[l];
    char line[200];
    std::snprintf(line, sizeof line, "  %5zu %7zu %7s %10s %10.3g %10.3g %16.2g", l, s.units, percent(s.dead).c_str(),
                  percent(s.saturated).c_str(), s.gradient, s.weights, s.update);
    text += line;
    if (!examination.end.empty())
      text += padded(percent(examination.end[l].dead), 8, true) + padded(percent(examination.end[l].saturated), 11, true);
    text += "\n";
  }
  return text + "  rate x largest eigenvalue of the Gauss-Newton matrix / 2: " + number(examination.stability, 3) +
         " (above 1 steps overshoot; a weak witness)\n";
}

/// Small curves, four side by side, all on the same logarithmic axes. '-' is the goal.
std::string small_curves(const CurveExamination& examination) {
  constexpr std::size_t Columns = 26, Rows = 6, Side = 4;
  const std::vector<const Trial*> trials = shown_trials(examination);
  const double goal = examination.trials->goal;
  double low = goal, high = goal;
  for (const Trial* trial : trials) {
    for (const double v : trial->course.losses) {
      if (v > 0 && std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
    }
  }
  low = std::log(std::max(low, goal / 300)), high = std::log(std::min(high, goal * 300)) + 1e-9;
  const auto row_of = [&](double v) {
    return static_cast<std::size_t>(std::lround((high - std::clamp(std::log(v), low, high)) / (high - low) * (Rows - 1)));
  };
  std::string text;
  for (std::size_t begin = 0; begin < trials.size(); begin += Side) {
    std::vector<std::string> lines(Rows + 2, "");
    for (std::size_t k = begin; k < std::min(begin + Side, trials.size()); ++k) {
      const std::vector<double>& losses = trials[k]->course.losses;
      std::vector<std::string> panel(Rows, std::string(Columns, ' '));
      panel[row_of(goal)] = std::string(Columns, '-');
      const std::size_t steps = std::max<std::size_t>(examination.given.run->steps, 1);
      for (std::size_t s = 0; s < losses.size(); ++s) {
        if (losses[s] >= 0 && std::isfinite(losses[s]))
          panel[row_of(std::max(losses[s], 1e-300))][std::min(s * Columns / steps, Columns - 1)] = '*';
      }
      lines[0] += padded(title(*trials[k], examination).substr(0, Columns), Columns + 2);
      for (std::size_t r = 0; r < Rows; ++r) lines[r + 1].append("|").append(panel[r]).append(" ");
      lines[Rows + 1].append("+").append(Columns - 1, '-').append("  ");
    }
    for (std::string& line : lines) {
      line.erase(line.find_last_not_of(' ') + 1);
      text.append("  ").append(line).append("\n");
    }
  }
  return text;
}

std::string trial_table(const CurveExamination& examination) {
  const Trials& trials = *examination.trials;
  std::string text = "\ntried: the same steps again, with one thing changed\n  " + padded("change", 40) + padded("cures", 8) +
                     padded("peak", 11, true) + padded("end", 11, true) + "  how it goes\n";
  for (const Trial* trial : shown_trials(examination)) {
    const bool chosen = trial == prescription(examination);
    text += (chosen ? "> " : "  ") + padded(title(*trial, examination), 40) +
            padded(trial == &trials.as_it_is && trial->outcome == Outcome::Cures ? "learns" : outcome(*trial), 8) +
            padded(number(trial->course.losses[trial->course.peak()]), 11, true) + padded(number(trial->end), 11, true) + "  " +
            ending(*trial) + "\n";
  }
  const auto pairs = static_cast<std::size_t>(
      std::count_if(trials.changes.begin(), trials.changes.end(), [](const Trial& t) { return t.change.count() > 1; }));
  if (pairs > 0)
    text += "  no single change cures; " + std::to_string(pairs) + " pairs of them were tried" +
            (trials.prescribed == Never ? ", and none cures\n" : ", up to the first that does\n");
  return text + wrapped(definition(examination), 2, 10) + "\n" + small_curves(examination);
}

}  // namespace

std::string report(const CurveExamination& examination) {
  const CurveCase& given = examination.given;
  std::string text = wrapped(subject(examination), 0, 2);
  if (examination.follows != Never)
    text += "the run here follows the observed curve to within 1 % for " + std::to_string(examination.follows) + " of " +
            std::to_string(given.observed.values.size()) + " losses\n";
  for (const std::string& note : given.notes) text += wrapped("note: " + note, 0, 6);
  text.append("\n").append(plotted(examination));
  text += examination.findings.empty() ? "\nfound: nothing that is known to spoil a training\n" : "\nfound\n";
  for (const Finding& finding : examination.findings) {
    text += wrapped((finding.alarm ? "! " : "- ") + finding.seen, 2, 4);
    text += wrapped("means  " + finding.means, 6, 13) + wrapped("do     " + finding.todo, 6, 13);
  }
  if (!examination.start.empty()) text += layer_table(examination);
  if (examination.trials) text += trial_table(examination);
  text += prescribed(examination).empty() ? "\nprescribed: nothing\n" : "\nprescribed\n";
  for (const std::string& line : advice(examination)) text += wrapped(line, 2, 4);
  return text;
}

}  // namespace insitu::desktop::doctor
