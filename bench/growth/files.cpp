// growth.json and growth.svg.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "bench/peers/report.h"
#include "growth.h"

namespace insitu::growth {

bool write_json(const std::string& file, const std::vector<Point>& points) {
  std::ofstream out(file);
  out.precision(6);
  out << "{\n  \"processor\": \"" << peers::processor() << "\",\n  \"compiler\": \"" << __VERSION__ << "\",\n  \"points\": [";
  const char* between = "\n";
  for (const Point& p : points) {
    out << between << "    {\"sweep\": \"" << p.sweep << "\", \"work\": \"" << p.work << "\", \"at\": " << p.at
        << ", \"weight_bytes\": " << static_cast<long>(p.weight_bytes) << ", \"ns_per_multiply_add\": " << p.time * 1e9
        << ", \"floor_ns\": " << p.floor * 1e9 << "}";
    between = ",\n";
  }
  out << "\n  ]\n}\n";
  return out.good();
}

bool write_picture(const std::string& file, const std::vector<Point>& points) {
  std::FILE* plot = popen("gnuplot 2>/dev/null", "w");
  if (plot == nullptr) return false;
  std::fprintf(
      plot,
      "set terminal svg size 900,560 font 'sans,12' background 'white'\nset output '%s'\nset title 'One multiply-add of an N x N layer: "
      "measured (solid) and floor (dashed)'\nset xlabel 'weights'\nset ylabel 'ns'\nset logscale xy\nset grid\nset key top left\n"
      "set xtics ('1 KB' 1024, '4 KB' 4096, '16 KB' 16384, '64 KB' 65536, '256 KB' 262144, '1 MB' 1048576, '4 MB' 4194304, "
      "'16 MB' 16777216, '64 MB' 67108864, '256 MB' 268435456)\n",
      file.c_str());
  const char* works[] = {"forward 1", "update 1", "forward 16", "update 16"};
  const char* colors[] = {"#2a7ab0", "#b0532a", "#5aa02c", "#7a4fa0"};
  std::ostringstream lines;
  for (int w = 0; w < 4; ++w) {
    std::fprintf(plot, "$data%d << END\n", w);
    for (const Point& p : points) {
      if (p.sweep == "width" && p.work == works[w]) std::fprintf(plot, "%.0f %g %g\n", p.weight_bytes, p.time * 1e9, p.floor * 1e9);
    }
    std::fprintf(plot, "END\n");
    lines << (w == 0 ? "plot " : ", ") << "$data" << w << " using 1:2 with linespoints pt 7 ps 0.5 lw 2 lc rgb '" << colors[w]
          << "' title '" << works[w] << (w < 2 ? " sample" : " samples") << "', $data" << w << " using 1:3 with lines dt 2 lc rgb '"
          << colors[w] << "' notitle";
  }
  std::fprintf(plot, "%s\n", lines.str().c_str());
  return pclose(plot) == 0;
}

}  // namespace insitu::growth
