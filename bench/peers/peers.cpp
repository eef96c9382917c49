// peers [-o folder] [-r rounds] [part of a workload's name]: the same work by insitu and by the libraries that one would use instead.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "frameworks.h"
#include "limits.h"
#include "report.h"
#include "workload.h"

namespace insitu::peers {
namespace {

/// The libraries that were not there when this was compiled.
constexpr const char* absent[] = {
#if !__has_include(<Eigen/Dense>)
    "Eigen",
#endif
#if !__has_include(<cblas.h>)
    "OpenBLAS",
#endif
#if !__has_include(<dnnl.h>)
    "oneDNN",
#endif
#if !__has_include(<libxsmm.h>)
    "libxsmm",
#endif
#if !__has_include(<floatfann.h>)
    "FANN",
#endif
    nullptr};

int run(const std::string& folder, int rounds, const std::string& filter) {
  std::printf("%s, one thread, compiler %s\n", processor().c_str(), __VERSION__);
  for (const char* library : absent) {
    if (library != nullptr) std::printf("%s is not installed: left out\n", library);
  }
  print_absent_frameworks();
  std::printf("peak %.1f GFLOP/s; fma %.2f ns, sigmoid %.1f ns, tanh %.1f ns from operand to result\n", peak() * 1e-9, fma_latency() * 1e9,
              sigmoid_latency() * 1e9, tanh_latency() * 1e9);
  for (const double bytes : {16e3, 128e3, 406e3, 3.146e6, 64e6}) {
    std::printf("%8.0f KB: read %.1f, read and write back %.1f GB/s\n", bytes / 1e3, read_bandwidth(bytes) * 1e-9,
                update_bandwidth(bytes) * 1e-9);
  }
  std::printf(
      "Medians of up to %d interleaved rounds. ratio: best peer / insitu. First all results are compared with insitu's, tolerance %.0e "
      "relative.\n\n",
      rounds, Tolerance);
  std::vector<std::string> columns = {"Eigen", "Eigen lazy", "Eigen by hand", "OpenBLAS", "oneDNN", "libxsmm", "FANN"};
  for (const Framework* framework : frameworks()) columns.push_back(framework->name());
  print_header(columns);
  std::vector<Result> results;
  int wrong = 0;
  for (const auto& group : {image_networks, digit_networks, small_networks, tiny_networks, autoencoder, products, elementwise}) {
    for (const Plan& plan : group()) {
      if (plan.name.find(filter) == std::string::npos) continue;
      Workload work = plan.make();
      for (const Difference& difference : work.differences) {
        if (difference.relative <= Tolerance) continue;
        std::printf("%s: %s differs from insitu by %.1e\n", work.name.c_str(), difference.peer.c_str(), difference.relative);
        ++wrong;
      }
      time_interleaved(work.candidates, rounds, 4.0);
      Result result{work.name, work.floor * 1e6, work.candidates[0].median() * 1e6, work.candidates[0].minimum() * 1e6, {}};
      for (std::size_t c = 1; c < work.candidates.size(); ++c)
        result.peers.emplace_back(work.candidates[c].name, work.candidates[c].median() * 1e6);
      print_row(result, columns);
      results.push_back(result);
    }
  }
  const std::string json = folder + "/peers.json", table = folder + "/peers.md", picture = folder + "/peers.svg";
  if (!write_json(json, results) || !write_markdown(table, results)) {
    std::fprintf(stderr, "cannot write %s or %s\n", json.c_str(), table.c_str());
    return 1;
  }
  std::printf("\nwrote %s, %s%s%s\n", json.c_str(), table.c_str(), write_picture(picture, results) ? " and " : "; no gnuplot, no ",
              picture.c_str());
  return wrong == 0 ? 0 : 1;
}

}  // namespace
}  // namespace insitu::peers

int main(int argc, char** argv) {
  // OpenBLAS and OpenMP read these before main: start again with them set.
  if (std::getenv("OPENBLAS_NUM_THREADS") == nullptr || std::getenv("OMP_NUM_THREADS") == nullptr) {
    setenv("OPENBLAS_NUM_THREADS", "1", 1);
    setenv("OMP_NUM_THREADS", "1", 1);
    execv("/proc/self/exe", argv);
  }
  std::string folder = "build", filter;
  int rounds = 41;
  for (int k = 1; k < argc; ++k) {
    if (std::strcmp(argv[k], "-o") == 0 && k + 1 < argc)
      folder = argv[++k];
    else if (std::strcmp(argv[k], "-r") == 0 && k + 1 < argc)
      rounds = std::atoi(argv[++k]);
    else
      filter = argv[k];
  }
  return insitu::peers::run(folder, rounds, filter);
}
