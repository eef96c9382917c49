#include "svg_page.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace insitu::desktop::doctor {
namespace {

constexpr double WidthOfLetter = 0.56;  // of the size, for a sans-serif face: a little more than the mean

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&')
      result += "&amp;";
    else if (c == '<')
      result += "&lt;";
    else if (c == '>')
      result += "&gt;";
    // names of files may be in any encoding, and a page is UTF-8
    else
      result += static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > 126 ? '?' : c;
  }
  return result;
}

std::string px(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

double y_of(const Frame& frame, const Axes& axes, double value) {
  const double part = (std::log(axes.high) - std::log(std::clamp(value, axes.low, axes.high))) / (std::log(axes.high) - std::log(axes.low));
  return frame.top + part * frame.height;
}

void line(std::string& to, double x1, double y1, double x2, double y2, const std::string& colour, const char* more = "") {
  to.append("<line x1=\"")
      .append(px(x1))
      .append("\" y1=\"")
      .append(px(y1))
      .append("\" x2=\"")
      .append(px(x2))
      .append("\" y2=\"")
      .append(px(y2));
  to.append("\" stroke=\"").append(colour).append("\" ").append(more).append("/>\n");
}

}  // namespace

void SvgPage::label(const std::string& text, double x, double y, double size, const std::string& colour, const char* anchor, double room) {
  const auto most = room > 0 ? static_cast<std::size_t>(room / (WidthOfLetter * size)) : text.size();
  content_.append("<text x=\"")
      .append(px(x))
      .append("\" y=\"")
      .append(px(y))
      .append("\" font-size=\"")
      .append(px(size))
      .append("\" fill=\"")
      .append(colour);
  content_.append("\" text-anchor=\"")
      .append(anchor)
      .append("\">")
      .append(escaped(text.size() > most ? text.substr(0, most - 2) + ".." : text))
      .append("</text>\n");
}

void SvgPage::paragraph(const std::string& text, double left, double size, const std::string& colour, const char* weight) {
  const auto room = static_cast<std::size_t>((Width - Margin - left) / (WidthOfLetter * size));
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = std::min(at + room, text.size());
    if (end < text.size()) {
      const std::size_t blank = text.rfind(' ', end);
      if (blank != std::string::npos && blank > at) end = blank;
    }
    bottom += 1.35 * size;
    content_.append("<g font-weight=\"").append(weight).append("\">");
    label(text.substr(at, end - at), left, bottom - 0.3 * size, size, colour);
    content_.append("</g>\n");
    at = end + (end < text.size() && text[end] == ' ');
  }
}

void SvgPage::box(const Frame& frame, const std::string& fill, const std::string& stroke) {
  content_.append("<rect x=\"")
      .append(px(frame.left))
      .append("\" y=\"")
      .append(px(frame.top))
      .append("\" width=\"")
      .append(px(frame.width));
  content_.append("\" height=\"")
      .append(px(frame.height))
      .append("\" fill=\"")
      .append(fill)
      .append("\" stroke=\"")
      .append(stroke)
      .append("\"/>\n");
}

void SvgPage::axes(const Frame& frame, const Axes& axes, const std::string& x) {
  const int first = static_cast<int>(std::floor(std::log10(axes.low))), last = static_cast<int>(std::floor(std::log10(axes.high)));
  const int every = std::max(1, (last - first) / 8 + 1);
  const std::vector<double> between = last - first < 3 ? std::vector<double>{1, 2, 5} : std::vector<double>{1};
  for (int power = first; power <= last; power += every) {
    for (const double times : between) {
      const double value = times * std::pow(10.0, power), y = y_of(frame, axes, value);
      if (value < axes.low || value > axes.high) continue;
      line(content_, frame.left, y, frame.left + frame.width, y, "#e3e3e3");
      char number[32];
      std::snprintf(number, sizeof number, "%g", value);
      label(number, frame.left - 6, y + 4, 11, "#555555", "end");
    }
  }
  label("0", frame.left, frame.top + frame.height + 15, 11, "#555555");
  label(x + " " + std::to_string(axes.steps), frame.left + frame.width, frame.top + frame.height + 15, 11, "#555555", "end");
}

void SvgPage::level(const Frame& frame, const Axes& axes, double value) {
  const double y = y_of(frame, axes, value);
  line(content_, frame.left, y, frame.left + frame.width, y, "#999999", "stroke-dasharray=\"3 3\"");
}

void SvgPage::curve(const Frame& frame, const Axes& axes, const std::vector<double>& steps, const std::vector<double>& values,
                    const std::string& colour, double width) {
  const auto shown = [](double v) { return v > 0 && std::isfinite(v); };
  const auto x_of = [&](std::size_t k) {
    return frame.left + steps[k] / static_cast<double>(std::max<std::size_t>(axes.steps, 1)) * frame.width;
  };
  std::string points;
  std::size_t count = 0;
  const auto finish = [&] {
    if (count > 0)
      content_.append("<polyline fill=\"none\" stroke-linejoin=\"round\" stroke-linecap=\"round\" stroke=\"")
          .append(colour)
          .append("\" stroke-width=\"")
          .append(px(width))
          .append("\" points=\"")
          .append(points)
          .append("\"/>\n");
    points.clear(), count = 0;
  };
  const auto add = [&](std::size_t k) {
    points.append(count++ ? " " : "").append(px(x_of(k))).append(",").append(px(y_of(frame, axes, values[k])));
  };
  for (std::size_t k = 0; k < values.size();) {
    if (!shown(values[k])) {
      finish();
      ++k;
      continue;
    }
    std::size_t low = k, high = k, next = k + 1;
    for (; next < values.size() && shown(values[next]) && x_of(next) < x_of(k) + 1; ++next) {
      if (values[next] < values[low]) low = next;
      if (values[next] > values[high]) high = next;
    }
    add(std::min(low, high));
    if (low != high) add(std::max(low, high));
    k = next;
  }
  if (count == 1) points += " " + points;  // a single point, with round ends
  finish();
}

std::string SvgPage::text() const {
  const std::string size = px(Width) + " " + px(bottom + Margin);
  std::string page =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + px(Width) + "\" height=\"" + px(bottom + Margin) + "\" viewBox=\"0 0 " + size;
  page += "\" font-family=\"Helvetica, Arial, DejaVu Sans, sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n";
  return page + content_ + "</svg>\n";
}

}  // namespace insitu::desktop::doctor
