#include "ports/desktop/plot.h"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <cmath>
#include <limits>
#include <sstream>

#include "ports/desktop/error.h"
#include "temporary_folder.h"

namespace insitu::desktop {
namespace {

const double NaN = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("text_plot: the size asked for, both curves, numbers at the axes") {
  const Plot plot{"loss", true, {{"train", {1, 0.1, 0.01}}, {"test", {1, 0.5, NaN}}}};
  const std::string text = text_plot(plot, 72, 14);
  const std::vector<std::string> lines = lines_of(text);
  REQUIRE(lines.size() == 14);
  for (const std::string& line : lines) CHECK(line.size() <= 72);
  CHECK(lines[0] == "loss (logarithmic)    * train  o test");
  CHECK(lines[1].starts_with("       1 +o"));  // both begin at 1, the later curve above
  CHECK(lines[1].size() < 30);                 // and what is NaN is nowhere
  CHECK(lines[6][41] == '*');                  // 0.1, half way to the right and down: no o where the second curve ends in NaN
  CHECK(lines[11].starts_with("    0.01 +"));
  CHECK(lines[11].back() == '*');
  CHECK(lines[13].ends_with("epoch 3"));
  CHECK(lines[13].size() == 72);
}

TEST_CASE("text_plot: linear axis, one epoch, constant and missing values") {
  CHECK(lines_of(text_plot({"accuracy", false, {{"train", {50, 75, 100}}}}))[1].starts_with("     100 +"));
  CHECK(text_plot({"loss", true, {{"train", {0.5}}}}).find('*', 20) != std::string::npos);
  CHECK(text_plot({"loss", false, {{"train", {2, 2, 2}}}}).find("*****") != std::string::npos);
  CHECK(text_plot({"loss", true, {{"train", {NaN, -1, 0}}}}) == "loss: nothing to draw\n");
  CHECK(text_plot({"loss", true, {}}) == "loss: nothing to draw\n");
  CHECK(text_plot({"loss", true, {{"train", {1, std::numeric_limits<double>::infinity(), 2}}}}).find('*', 20) != std::string::npos);
}

TEST_CASE("text_plot: a peak of one epoch of many is seen; the axis says what is counted") {
  std::vector<double> values(1000, 1.0);
  values[503] = 10;
  Plot plot{"loss", true, {{"train", values}}};
  plot.x = "step";
  const std::vector<std::string> lines = lines_of(text_plot(plot));
  CHECK(lines[1] == "      10 +" + std::string(30, ' ') + "*");
  CHECK(lines.back().ends_with("step 1000"));
}

TEST_CASE("curves_csv: a column for each curve, empty where a value is missing") {
  const Plot plots[] = {{"loss", true, {{"train loss", {0.5, 0.25}}, {"test loss", {0.75}}}},
                        {"accuracy", false, {{"accuracy", {NaN, 90}}}}};
  CHECK(curves_csv(plots) == "epoch,train loss,test loss,accuracy\n1,0.5,0.75,\n2,0.25,,90\n");
}

TEST_CASE("write_svg: a picture with both curves; quotes in a title are no commands") {
  if (std::system("command -v gnuplot >/dev/null") != 0) {
    MESSAGE("skipped: gnuplot is not installed");
    return;
  }
  const TemporaryFolder folder;
  const std::string path = folder / "it's `touch x` $(touch y).svg";
  const Plot plots[] = {{"it's'; system('touch " + (folder / "z") + "') #", true, {{"train", {1, 0.5, 0.25}}, {"test", {NaN, NaN}}}},
                        {"accuracy", false, {{"train", {50, 90, 95}}}}};
  write_svg(path, plots);
  CHECK(folder.files() == 1);
  const std::string picture = file_text(path);
  CHECK(picture.find("<svg") != std::string::npos);
  CHECK(picture.find("accuracy") != std::string::npos);
  CHECK(picture.find("system(") != std::string::npos);
}

TEST_CASE("write_svg: without gnuplot a sentence says so") {
  const TemporaryFolder folder;
  const std::string path = std::getenv("PATH");
  setenv("PATH", folder.path().c_str(), 1);
  const Plot plots[] = {{"loss", true, {{"train", {1, 0.5}}}}};
  CHECK_THROWS_WITH_AS(write_svg(folder / "a.svg", plots), "gnuplot is not installed, so no picture of the curves was drawn", Error);
  setenv("PATH", path.c_str(), 1);
  CHECK(folder.files() == 0);
}

}  // namespace insitu::desktop
