#include "report.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <sstream>

namespace insitu::peers {

const std::pair<std::string, double>* Result::best() const {
  const auto fastest = std::min_element(peers.begin(), peers.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  return fastest == peers.end() ? nullptr : &*fastest;
}
double Result::ratio() const { return best() == nullptr ? std::nan("") : best()->second / insitu; }

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

namespace {
/// Three digits and a unit that suits: 4.9 ns, 12.3 us, 2.41 ms.
std::string time_text(double microseconds) {
  char text[32];
  const auto [scale, unit] = microseconds < 1 ? std::pair{1e3, "ns"} : microseconds < 1000 ? std::pair{1.0, "us"} : std::pair{1e-3, "ms"};
  const double value = microseconds * scale;
  std::snprintf(text, sizeof text, value < 10 ? "%.2f %s" : value < 100 ? "%.1f %s" : "%.0f %s", value, unit);
  return text;
}
}  // namespace

void print_header(const std::vector<std::string>& peers) {
  std::printf("%-26s%10s%10s", "workload, batch", "floor", "insitu");
  for (const std::string& peer : peers) std::printf("%15s", peer.c_str());
  std::printf("%8s%10s\n", "ratio", "of floor");
}

void print_row(const Result& result, const std::vector<std::string>& peers) {
  std::printf("%-26s%10s%10s", result.workload.c_str(), time_text(result.floor).c_str(), time_text(result.insitu).c_str());
  for (const std::string& peer : peers) {
    const auto found = std::find_if(result.peers.begin(), result.peers.end(), [&](const auto& p) { return p.first == peer; });
    std::printf("%15s", found == result.peers.end() ? "-" : time_text(found->second).c_str());
  }
  if (result.best() == nullptr)
    std::printf("%8s", "-");
  else
    std::printf("%8.2f", result.ratio());
  std::printf("%9.0f%%\n", 100 * result.floor / result.insitu);
  std::fflush(stdout);
}

bool write_json(const std::string& file, const std::vector<Result>& results) {
  std::ofstream out(file);
  out.precision(6);
  out << "{\n  \"processor\": \"" << processor() << "\",\n  \"compiler\": \"" << __VERSION__ << "\",\n  \"workloads\": [";
  const char* between = "\n";
  for (const Result& r : results) {
    out << between << "    {\"workload\": \"" << r.workload << "\", \"floor_us\": " << r.floor << ", \"insitu_us\": " << r.insitu
        << ", \"peers\": {";
    const char* comma = "";
    for (const auto& [name, time] : r.peers) {
      out << comma << "\"" << name << "\": " << time;
      comma = ", ";
    }
    out << "}, \"ratio\": ";
    if (r.best() == nullptr)
      out << "null";
    else
      out << r.ratio();
    out << ", \"floor_percent\": " << 100 * r.floor / r.insitu << "}";
    between = ",\n";
  }
  out << "\n  ]\n}\n";
  return out.good();
}

bool write_markdown(const std::string& file, const std::vector<Result>& results) {
  std::ofstream out(file);
  out << processor() << ", one thread, compiler " << __VERSION__
      << "\n\n| workload | floor | insitu | best peer | ratio | of floor |\n|---|---|---|---|---|---|\n";
  for (const Result& r : results) {
    char ratio[16] = "-", percent[16];
    if (r.best() != nullptr) std::snprintf(ratio, sizeof ratio, "%.2f", r.ratio());
    std::snprintf(percent, sizeof percent, "%.0f %%", 100 * r.floor / r.insitu);
    out << "| " << r.workload << " | " << time_text(r.floor) << " | " << time_text(r.insitu) << " | "
        << (r.best() == nullptr ? "-" : r.best()->first + " " + time_text(r.best()->second)) << " | " << ratio << " | " << percent
        << " |\n";
  }
  return out.good();
}

bool write_picture(const std::string& file, const std::vector<Result>& results) {
  std::FILE* plot = popen("gnuplot 2>/dev/null", "w");
  if (plot == nullptr) return false;
  std::ostringstream data;
  int row = 0;
  for (const Result& r : results) {
    if (r.best() != nullptr) data << row++ << " " << r.ratio() << " \"" << r.workload << "\" \"" << r.best()->first << "\"\n";
  }
  std::fprintf(plot,
               "set terminal svg size 900,%d font 'sans,12' background 'white'\nset output '%s'\nset title 'best peer / insitu, medians "
               "(right of 1: insitu is faster)'\n"
               "set logscale x 2\nset xrange [0.25:16]\nset yrange [%d:-1]\nset grid xtics\nset ytics nomirror\nunset key\nset boxwidth "
               "0.7\nset style fill solid\n"
               "$data << END\n%sEND\n"
               "plot $data using (1):0:(1):($2 > 16 ? 16 : $2):($1-0.35):($1+0.35):($2 >= 1 ? 0x2a7ab0 : 0xb0532a):ytic(3) with boxxyerror "
               "lc rgb variable, "
               "$data using ($2 > 8 ? 8 : $2 < 1 ? 1 : $2):1:4 with labels left offset 0.7,0\n",
               140 + 20 * row, file.c_str(), row, data.str().c_str());
  return pclose(plot) == 0;
}

}  // namespace insitu::peers
