#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>

#include "plot.h"

namespace insitu::desktop {
namespace {

constexpr char Marks[] = {'*', 'o', '+', 'x', '#', '%'};
constexpr int Margin = 10;  // of the numbers at the y axis and the axis itself

/// Where a value is drawn; NaN where it is not.
double height_of(const Plot& plot, double value) {
  if (!std::isfinite(value)) return std::numeric_limits<double>::quiet_NaN();
  if (!plot.logarithmic) return value;
  return value > 0 ? std::log10(value) : std::numeric_limits<double>::quiet_NaN();
}

/// The curve at a position between two epochs, on a straight line of what is drawn.
double at(const Plot& plot, const Curve& curve, double position) {
  const auto left = static_cast<std::size_t>(position);
  const double y = height_of(plot, curve.values[left]), part = position - std::floor(position);
  if (part < 1e-9 || left + 1 >= curve.values.size()) return y;
  return y + part * (height_of(plot, curve.values[left + 1]) - y);
}

std::string padded(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

}  // namespace

std::string text_plot(const Plot& plot, int width, int height) {
  const int columns = std::max(width - Margin, 8), rows = std::max(height - 3, 3);
  double low = std::numeric_limits<double>::infinity(), high = -low;
  std::size_t epochs = 0;
  for (const Curve& curve : plot.curves) {
    epochs = std::max(epochs, curve.values.size());
    for (const double value : curve.values) {
      const double y = height_of(plot, value);
      if (std::isnan(y)) continue;
      low = std::min(low, y);
      high = std::max(high, y);
    }
  }
  if (!(low <= high)) return plot.title + ": nothing to draw\n";
  if (high - low < 1e-12) {
    low -= 0.5;
    high += 0.5;
  }

  std::vector<std::string> canvas(static_cast<std::size_t>(rows), std::string(static_cast<std::size_t>(columns), ' '));
  for (std::size_t c = 0; c < plot.curves.size(); ++c) {
    const Curve& curve = plot.curves[c];
    for (int x = 0; x < columns && !curve.values.empty(); ++x) {
      const double each = epochs < 2 ? 0.0 : static_cast<double>(epochs - 1) / (columns - 1), position = x * each;
      if (position > static_cast<double>(curve.values.size() - 1) || (epochs < 2 && x > 0)) break;
      const auto mark = [&](double y) {
        if (std::isnan(y)) return;
        const long row = std::lround((high - y) / (high - low) * (rows - 1));
        canvas[static_cast<std::size_t>(std::clamp(row, 0l, static_cast<long>(rows) - 1))][static_cast<std::size_t>(x)] =
            Marks[c % std::size(Marks)];
      };
      mark(at(plot, curve, position));
      // of many epochs in a column each is marked: a peak of one epoch is seen
      for (auto e = static_cast<std::size_t>(position) + 1; static_cast<double>(e) < position + each && e < curve.values.size(); ++e)
        if (each > 1) mark(height_of(plot, curve.values[e]));
    }
  }

  std::string text = plot.title + (plot.logarithmic ? " (logarithmic)" : "") + "  ";
  for (std::size_t c = 0; c < plot.curves.size(); ++c) text += std::string("  ") + Marks[c % std::size(Marks)] + " " + plot.curves[c].name;
  text += "\n";
  for (int r = 0; r < rows; ++r) {
    const double y = high - (high - low) * r / (rows - 1);
    const bool numbered = r % 3 == 0 || r == rows - 1;
    text += numbered ? padded("%8.3g", plot.logarithmic ? std::pow(10.0, y) : y) : std::string(8, ' ');
    std::string line = canvas[static_cast<std::size_t>(r)];
    line.erase(line.find_last_not_of(' ') + 1);
    text += (numbered ? " +" : " |") + line + "\n";
  }
  const std::string last = plot.x + " " + std::to_string(epochs);
  text += std::string(9, ' ') + "+" + std::string(static_cast<std::size_t>(columns), '-') + "\n" +
          std::string(static_cast<std::size_t>(Margin), ' ') + "1";
  text += std::string(static_cast<std::size_t>(std::max(1, columns - 1 - static_cast<int>(last.size()))), ' ') + last + "\n";
  return text;
}

}  // namespace insitu::desktop
