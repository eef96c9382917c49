#include <algorithm>
#include <cmath>

#include "curve_report.h"
#include "svg_page.h"

namespace insitu::desktop::doctor {
namespace {

constexpr const char *Red = "#b3261e", *Green = "#1e7d38", *Amber = "#a86400", *Blue = "#1f6fb4", *Grey = "#555555";

const char* colour_of(const Trial& trial) {
  return trial.outcome == Outcome::Cures ? Green : trial.outcome == Outcome::Unsure ? Amber : Red;
}

/// ending(), in the room of a frame
std::string short_ending(const Trial& trial) {
  if (trial.ending == Ending::Learns && trial.learned != Never) return "at the goal from step " + std::to_string(trial.learned);
  if (trial.ending == Ending::Dead) return "a layer dead from step " + std::to_string(trial.course.all_dead);
  if (trial.ending == Ending::NotFinite) return "no number from step " + std::to_string(trial.course.not_finite);
  return trial.ending == Ending::Slow ? "still falling" : ending(trial);
}

std::vector<double> numbered(std::size_t count) {
  std::vector<double> steps;
  for (std::size_t k = 0; k < count; ++k) steps.push_back(static_cast<double>(k));
  return steps;
}

/// Widened to whole decades; what lies far outside is drawn at the edge.
struct Range {
  double low = 1e300, high = 0;

  void take(const std::vector<double>& values) {
    for (const double v : values) {
      if (v > 0 && std::isfinite(v)) low = std::min(low, v), high = std::max(high, v);
    }
  }
  Axes axes(std::size_t steps) const {
    if (high <= 0) return {0.1, 1, steps};
    const double top = 1.1 * high, bottom = std::max(low / 1.1, top * 1e-9);
    return {std::min(bottom, top / 10), top, steps};
  }
};

void draw_observed(SvgPage& page, const CurveExamination& examination) {
  const Losses& observed = examination.given.observed;
  const Trial* base = examination.trials ? &examination.trials->as_it_is : nullptr;
  std::vector<double> steps, here;
  for (const double step : observed.steps) steps.push_back(step - observed.steps.front());
  if (base) here = observed.epochs ? base->course.by_epoch(*examination.given.run) : base->course.losses;
  Range range;
  range.take(observed.values), range.take(here);
  const std::size_t last = std::max(here.size(), steps.empty() ? 0 : static_cast<std::size_t>(steps.back()) + 1);
  const Axes axes = range.axes(std::max<std::size_t>(last, 2) - 1);
  const Frame frame{SvgPage::Margin + 44, page.bottom + 26, SvgPage::Width - 2 * SvgPage::Margin - 44, 230};
  page.box(frame, "#fbfbfb", "#c8c8c8");
  page.axes(frame, axes, observed.epochs ? "epoch" : "step");
  double legend = frame.left;
  const auto entry = [&](const std::string& text, const char* colour) {
    page.label(text, legend, frame.top - 8, 12, colour);
    legend += 8.0 * static_cast<double>(text.size()) + 24;
  };
  if (!observed.empty()) {
    page.curve(frame, axes, steps, observed.values, Blue, 4);
    entry("loss, observed", Blue);
  }
  if (base) {
    page.curve(frame, axes, numbered(here.size()), here, "#222222", 1.3);
    entry(std::string("loss ") + title(*base, examination) + ", run again here", "#222222");
  }
  page.bottom = frame.top + frame.height + 20;
}

void draw_findings(SvgPage& page, const CurveExamination& examination) {
  page.bottom += 8;
  page.paragraph(examination.findings.empty() ? "Found: nothing that is known to spoil a training" : "Found", SvgPage::Margin, 15,
                 "#222222", "700");
  for (const Finding& finding : examination.findings) {
    page.bottom += 3;
    page.paragraph(finding.seen, SvgPage::Margin + 12, 12, finding.alarm ? Red : "#222222");
    page.paragraph(finding.means, SvgPage::Margin + 30, 11, Grey);
    page.paragraph("> " + finding.todo, SvgPage::Margin + 30, 11, "#222222");
  }
}

void draw_layers(SvgPage& page, const CurveExamination& examination) {
  page.bottom += 8;
  page.paragraph("Layers", SvgPage::Margin, 15, "#222222", "700");
  for (std::size_t l = 1; l < examination.start.size(); ++l) {
    const LayerState& s = examination.start[l];
    std::string text =
        std::to_string(l) + ": " + std::to_string(s.units) + " units, " + percent(s.dead) + " dead, " + percent(s.saturated) + " saturated";
    if (!examination.end.empty())
      text += " (at the end " + percent(examination.end[l].dead) + ", " + percent(examination.end[l].saturated) + ")";
    page.paragraph(text + "; |dW| " + number(s.gradient, 3) + ", |W| " + number(s.weights, 3) + ", rate |dW| / |W| " + number(s.update, 2),
                   SvgPage::Margin + 12, 11);
  }
  page.paragraph("rate x largest eigenvalue of the Gauss-Newton matrix / 2: " + number(examination.stability, 3) +
                     " (above 1 steps overshoot; a weak witness)",
                 SvgPage::Margin + 12, 11);
}

/// A frame for each change: its name, whether it cures, its curve, peak and end.
void draw_trials(SvgPage& page, const CurveExamination& examination) {
  constexpr std::size_t Side = 4;
  constexpr double Gap = 12, Height = 74, Width = (SvgPage::Width - 2 * SvgPage::Margin - (Side - 1) * Gap) / Side;
  const std::vector<const Trial*> trials = shown_trials(examination);
  page.bottom += 8;
  page.paragraph("Tried: the same steps again, with one thing changed", SvgPage::Margin, 15, "#222222", "700");
  page.paragraph(definition(examination) + ". The dashed line is that loss; all frames have the same axes.", SvgPage::Margin, 11, Grey);
  const double goal = examination.trials->goal;
  Range range;
  range.take({goal});
  for (const Trial* trial : trials) range.take(trial->course.losses);
  range.low = std::max(range.low, goal / 1000), range.high = std::min(range.high, goal * 1000);
  const Axes axes = range.axes(examination.given.run->steps);
  for (std::size_t k = 0; k < trials.size(); ++k) {
    const Trial& trial = *trials[k];
    const bool chosen = &trial == prescription(examination);
    if (k % Side == 0) page.bottom += k == 0 ? 10 : Height + 58;
    const Frame frame{SvgPage::Margin + static_cast<double>(k % Side) * (Width + Gap), page.bottom + 18, Width, Height};
    const char* colour = colour_of(trial);
    if (chosen) page.box({frame.left - 4, page.bottom, Width + 8, Height + 50}, "#eaf5ec", Green);
    page.box(frame, "#ffffff", "#c8c8c8");
    page.label(title(trial, examination), frame.left, frame.top - 5, 12, "#222222", "start", Width - 42);
    page.label(&trial == &examination.trials->as_it_is && trial.outcome == Outcome::Cures ? "learns" : outcome(trial), frame.left + Width,
               frame.top - 5, 12, colour, "end");
    page.level(frame, axes, goal);
    page.curve(frame, axes, numbered(trial.course.losses.size()), trial.course.losses, colour, 1.6);
    page.label("peak " + number(trial.course.losses[trial.course.peak()], 3) + "   end " + number(trial.end, 3), frame.left,
               frame.top + Height + 13, 11, Grey);
    page.label(short_ending(trial), frame.left, frame.top + Height + 26, 10, Grey, "start", Width);
  }
  page.bottom += Height + 62;
}

}  // namespace

std::string report_svg(const CurveExamination& examination) {
  SvgPage page;
  page.paragraph("Why the loss does that", SvgPage::Margin, 22, "#222222", "700");
  page.paragraph(subject(examination), SvgPage::Margin, 12, Grey);
  for (const std::string& note : examination.given.notes) page.paragraph("note: " + note, SvgPage::Margin, 11, Amber);
  page.bottom += 8;
  const bool nothing = prescribed(examination).empty();
  page.paragraph(nothing ? "Prescribed: nothing" : "Prescribed", SvgPage::Margin, 15, nothing ? "#222222" : Green, "700");
  for (const std::string& line : advice(examination)) page.paragraph(line, SvgPage::Margin + 12, 12);
  draw_observed(page, examination);
  draw_findings(page, examination);
  if (!examination.start.empty()) draw_layers(page, examination);
  if (examination.trials) draw_trials(page, examination);
  return page.text();
}

}  // namespace insitu::desktop::doctor
