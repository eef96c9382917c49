#include "plot.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <memory>

#include "atomic_file.h"
#include "error.h"

extern char** environ;

namespace insitu::desktop {
namespace {

constexpr std::size_t MaxPoints = 1000;  // of a curve in a picture, which is not wider in pixels

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

File temporary() {
  File file(std::tmpfile());
  if (!file) throw Error("a temporary file cannot be made: ", std::strerror(errno));
  return file;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

/// A gnuplot text in single quotes, inside which only the quote itself means something.
std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += c == '\n' ? ' ' : c;
  }
  return result + "'";
}

std::string script(std::span<const Plot> plots) {
  constexpr const char* Colours[] = {"#1f6fb4", "#d2601a", "#2a8c4a", "#8c3fa0"};
  std::string text, drawing;
  text = "set terminal svg noenhanced size " + std::to_string(560 * plots.size()) + ",400 font 'sans,12' background '#ffffff'\n";
  int block = 0;
  for (const Plot& plot : plots) {
    drawing += "set title " + quoted(plot.title) + "\nset xlabel " + quoted(plot.x) + "\nset grid\nset key top right\n" +
               (plot.logarithmic ? "set logscale y\n" : "unset logscale y\n") + "plot ";
    for (std::size_t c = 0; c < plot.curves.size(); ++c) {
      const std::string name = "$d" + std::to_string(block++);
      text += name + " << EOD\n";
      std::size_t points = 0;
      const std::size_t epochs = plot.curves[c].values.size(), every = epochs / MaxPoints + 1;
      for (std::size_t e = 0; e < epochs; e += every) {
        const double y = plot.curves[c].values[e];
        if (!std::isfinite(y) || (plot.logarithmic && y <= 0)) continue;
        text += std::to_string(e + 1) + " " + number(y) + "\n";
        ++points;
      }
      if (points == 0) text += "1 NaN\n";
      text += "EOD\n";
      drawing += (c > 0 ? ", " : "") + name + " using 1:2 with linespoints pt 7 ps 0.4 lw 2 lc rgb '" + Colours[c % std::size(Colours)] +
                 "' title " + quoted(plot.curves[c].name);
    }
    drawing += "\n";
  }
  return text + "set multiplot layout 1," + std::to_string(plots.size()) + "\n" + drawing + "unset multiplot\n";
}

/// Runs gnuplot on the script; what it prints is the picture.
std::string gnuplot(const std::string& commands) {
  const File input = temporary(), output = temporary(), problems = temporary();
  if (std::fwrite(commands.data(), 1, commands.size(), input.get()) != commands.size() || std::fflush(input.get()) != 0) {
    throw Error("a temporary file cannot be written: ", std::strerror(errno));
  }
  std::rewind(input.get());
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(input.get()), 0);
  posix_spawn_file_actions_adddup2(&actions, fileno(output.get()), 1);
  posix_spawn_file_actions_adddup2(&actions, fileno(problems.get()), 2);
  char program[] = "gnuplot", from_input[] = "-";
  char* arguments[] = {program, from_input, nullptr};
  pid_t child = 0;
  const int failed = posix_spawnp(&child, program, &actions, nullptr, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed == ENOENT) throw Error("gnuplot is not installed, so no picture of the curves was drawn");
  if (failed != 0) throw Error("gnuplot cannot be started: ", std::strerror(failed));
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw Error("gnuplot was lost: ", std::strerror(errno));
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw Error("gnuplot failed with status ", status, ", so no picture of the curves was drawn");
  std::string picture;
  std::rewind(output.get());
  char part[4096];
  while (const std::size_t got = std::fread(part, 1, sizeof part, output.get())) picture.append(part, got);
  if (picture.find("</svg>") == std::string::npos) throw Error("gnuplot printed no picture, so there is none of the curves");
  return picture;
}

}  // namespace

std::string curves_csv(std::span<const Plot> plots) {
  std::string text = "epoch";
  std::size_t epochs = 0;
  std::vector<const Curve*> curves;
  for (const Plot& plot : plots) {
    for (const Curve& curve : plot.curves) {
      curves.push_back(&curve);
      epochs = std::max(epochs, curve.values.size());
      text += "," + curve.name;
    }
  }
  text += "\n";
  for (std::size_t e = 0; e < epochs; ++e) {
    text += std::to_string(e + 1);
    for (const Curve* curve : curves) {
      text += ",";
      if (e < curve->values.size() && !std::isnan(curve->values[e])) text += number(curve->values[e]);
    }
    text += "\n";
  }
  return text;
}

void write_svg(const std::string& path, std::span<const Plot> plots) { write_atomically(path, gnuplot(script(plots))); }

}  // namespace insitu::desktop
