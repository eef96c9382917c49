/// Progress: how far training is, how fast it goes and how long it will take.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <string>

namespace insitu::desktop {

/// On a terminal one line that is drawn again and again (10 times a second at most); elsewhere (a file, a pipe) a line every 5 seconds.
class Progress {
 public:
  using Clock = std::chrono::steady_clock;

  /// `total` units of work, called `unit` ("samples"); `begun` of them are done already.
  Progress(std::size_t total, std::string unit, std::size_t begun = 0, std::FILE* out = stderr);
  ~Progress() { clear(); }

  /// `done` units are done in all; `note` follows the bar ("epoch 3 of 20").
  void update(std::size_t done, const std::string& note);
  /// Takes the bar off a terminal, so that a line can be printed.
  void clear();

  /// The line for a share of the work done so far, at a rate (units a second): "[=====>    ]  52 %  12345 samples/s  0:08 left". Pure, for tests.
  static std::string line(std::size_t done, std::size_t total, double rate, const std::string& unit, int width);

 private:
  std::size_t total_, begun_;
  std::string unit_;
  std::FILE* out_;
  bool terminal_, drawn_ = false;
  Clock::time_point start_, last_;
};

}  // namespace insitu::desktop
