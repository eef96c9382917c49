/// Plot: curves over the epochs, as CSV, as SVG (by gnuplot) and as text for a terminal.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace insitu::desktop {

/// One value for each epoch, from epoch 1; NaN where there is none. Or for each of something else, see Plot::x.
struct Curve {
  std::string name;
  std::vector<double> values;
};

struct Plot {
  std::string title;
  bool logarithmic = false;  ///< y axis; what is not above zero is left out
  std::vector<Curve> curves;
  std::string x = "epoch";  ///< what is counted
};

/// A header `epoch,name,...` and a line for each epoch, 9 significant digits; an empty field where a value is missing. Curves of all plots side by side.
std::string curves_csv(std::span<const Plot> plots);

/// A picture with the plots side by side. gnuplot draws it; it is started without a shell, and is given no file name. Throws Error where gnuplot is
/// missing or fails, and where the file cannot be written.
void write_svg(const std::string& path, std::span<const Plot> plots);

/// `width` columns and `height` rows of characters, axes and a legend with the mark of each curve; ASCII, every line ended.
std::string text_plot(const Plot& plot, int width = 72, int height = 14);

}  // namespace insitu::desktop
