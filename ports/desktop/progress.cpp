#include "progress.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace insitu::desktop {
namespace {

constexpr int Bar = 24;
using Seconds = std::chrono::duration<double>;

/// "0:08", "12:34", "1:02:03"
std::string time_text(double seconds) {
  const auto all = static_cast<long>(std::min(std::ceil(seconds), 359999.0));
  char text[32];
  if (all >= 3600) {
    std::snprintf(text, sizeof text, "%ld:%02ld:%02ld", all / 3600, all / 60 % 60, all % 60);
  } else {
    std::snprintf(text, sizeof text, "%ld:%02ld", all / 60, all % 60);
  }
  return text;
}

}  // namespace

Progress::Progress(std::size_t total, std::string unit, std::size_t begun, std::FILE* out)
    : total_(total),
      begun_(begun),
      unit_(std::move(unit)),
      out_(out),
      terminal_(::isatty(fileno(out)) == 1),
      start_(Clock::now()),
      last_(start_) {}

std::string Progress::line(std::size_t done, std::size_t total, double rate, const std::string& unit, int width) {
  const double share = total == 0 ? 1.0 : static_cast<double>(done) / static_cast<double>(total);
  const auto filled = static_cast<std::size_t>(share * width);
  std::string text = "[";
  text.append(filled, '=');
  if (filled < static_cast<std::size_t>(width)) text.append(1, '>').append(static_cast<std::size_t>(width) - filled - 1, ' ');
  char numbers[64];
  std::snprintf(numbers, sizeof numbers, "] %3.0f %%  %.0f ", std::floor(100 * share), rate);
  text += numbers + unit + "/s";
  if (rate > 0 && done < total) text += "  " + time_text(static_cast<double>(total - done) / rate) + " left";
  return text;
}

void Progress::update(std::size_t done, const std::string& note) {
  const Clock::time_point now = Clock::now();
  if (Seconds(now - last_).count() < (terminal_ ? 0.1 : 5.0)) return;
  last_ = now;
  const double rate = static_cast<double>(done - begun_) / Seconds(now - start_).count();
  const std::string text = line(done, total_, rate, unit_, Bar) + "  " + note;
  std::fprintf(out_, terminal_ ? "\r\033[K%s" : "%s\n", text.c_str());
  std::fflush(out_);
  drawn_ = terminal_;
}

void Progress::clear() {
  if (!drawn_) return;
  std::fputs("\r\033[K", out_);
  std::fflush(out_);
  drawn_ = false;
}

}  // namespace insitu::desktop
