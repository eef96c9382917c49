/// SvgPage: a page that grows downwards: text in lines, and curves in frames.
#pragma once

#include <string>
#include <vector>

namespace insitu::desktop::doctor {

struct Frame {
  double left, top, width, height;
};

/// What a y axis shows, logarithmic, and how many steps the x axis has.
struct Axes {
  double low, high;
  std::size_t steps;
};

class SvgPage {
 public:
  static constexpr double Width = 820, Margin = 24;

  double bottom = Margin;  ///< of what is there; the next line goes below

  /// Words in lines, from `left` on, below `bottom`, which moves down. Sizes in pixels; "700" is bold.
  void paragraph(const std::string& text, double left, double size, const std::string& colour = "#222222", const char* weight = "400");
  /// One line at a place; what is too long for `room` pixels is cut.
  void label(const std::string& text, double x, double y, double size, const std::string& colour, const char* anchor = "start",
             double room = 0);
  void box(const Frame& frame, const std::string& fill, const std::string& stroke);
  /// Powers of ten, where they are few 2 and 5 times them too, with their numbers, and the last step.
  void axes(const Frame& frame, const Axes& axes, const std::string& x);
  void level(const Frame& frame, const Axes& axes, double value);
  /// `steps[k]` is where `values[k]` stands; those that are no number, or not above zero, end a line. Of more than one value in a pixel the lowest and highest are drawn.
  void curve(const Frame& frame, const Axes& axes, const std::vector<double>& steps, const std::vector<double>& values,
             const std::string& colour, double width);

  std::string text() const;

 private:
  std::string content_;
};

}  // namespace insitu::desktop::doctor
