// growth [-o folder]: sweeps width, batch and depth; a table each, growth.json and growth.svg.
#include "growth.h"

#include <cstdio>
#include <cstring>

#include "bench/peers/limits.h"
#include "bench/peers/report.h"

namespace insitu::growth {
namespace {

std::string size_text(double bytes) {
  char text[32];
  std::snprintf(text, sizeof text, bytes < 1 << 20 ? "%.3g KB" : "%.4g MB", bytes / (bytes < 1 << 20 ? 1 << 10 : 1 << 20));
  return text;
}

/// A line for each place of the sweep, two columns for each work.
void print(const std::vector<Point>& points) {
  if (points.empty()) return;
  std::printf("\n| %s | weights |", points[0].sweep.c_str());
  std::size_t works = 0;
  while (works < points.size() && points[works].at == points[0].at) std::printf(" %s | of floor |", points[works++].work.c_str());
  std::printf("\n|---|---|");
  for (std::size_t k = 0; k < works; ++k) std::printf("---|---|");
  for (std::size_t k = 0; k < points.size(); ++k) {
    if (k % works == 0) std::printf("\n| %d | %s |", points[k].at, size_text(points[k].weight_bytes).c_str());
    std::printf(" %.4f | %.0f%% |", points[k].time * 1e9, points[k].of_floor());
  }
  std::printf("\n");
  std::fflush(stdout);
}

int run(const std::string& folder) {
  std::printf(
      "%s, one thread, compiler %s; peak %.1f GFLOP/s\nns for one multiply-add, medians of 15 interleaved rounds; floors as `make peers` "
      "has them\n",
      peers::processor().c_str(), __VERSION__, peers::peak() * 1e-9);
  std::vector<Point> all;
  for (const auto sweep : {widths, batches, depths}) {
    const std::vector<Point> points = sweep();
    print(points);
    all.insert(all.end(), points.begin(), points.end());
  }
  const std::string json = folder + "/growth.json", picture = folder + "/growth.svg";
  if (!write_json(json, all)) {
    std::fprintf(stderr, "cannot write %s\n", json.c_str());
    return 1;
  }
  std::printf("\nwrote %s%s%s\n", json.c_str(), write_picture(picture, all) ? " and " : "; no gnuplot, no ", picture.c_str());
  return 0;
}

}  // namespace
}  // namespace insitu::growth

int main(int argc, char** argv) {
  std::string folder = "build";
  if (argc == 3 && std::strcmp(argv[1], "-o") == 0) folder = argv[2];
  return insitu::growth::run(folder);
}
