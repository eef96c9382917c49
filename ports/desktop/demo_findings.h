/// What the demo has to show, and whether it did.
#pragma once

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <string>
#include <vector>

namespace insitu::desktop::demo {

inline std::string text_of(const char* format, std::va_list arguments) {
  char text[1200];
  std::vsnprintf(text, sizeof text, format, arguments);
  return text;
}
[[gnu::format(printf, 1, 2)]] inline std::string text_of(const char* format, ...) {
  std::va_list arguments;
  va_start(arguments, format);
  std::string text = text_of(format, arguments);
  va_end(arguments);
  return text;
}

/// Where `needed`, the demo fails if it does not hold. What depends on the pictures must hold for those drawn here, not for the user's.
struct Finding {
  std::string text;
  bool held, needed = true;
};
using Findings = std::vector<Finding>;

inline bool all_hold(const Findings& findings) {
  return std::all_of(findings.begin(), findings.end(), [](const Finding& finding) { return finding.held || !finding.needed; });
}

inline void print_summary(const Findings& findings, const std::vector<std::string>& files, double seconds) {
  for (const Finding& finding : findings)
    std::printf("  %-8s  %s\n", finding.held ? "holds" : finding.needed ? "FAILS" : "not here", finding.text.c_str());
  std::printf("\n  files    ");
  for (const std::string& file : files) std::printf(" %s", file.c_str());
  std::printf("\n  time      %.0f s\n", seconds);
}

}  // namespace insitu::desktop::demo
