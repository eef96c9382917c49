// Squares from L1 to memory.
#include <cstdio>
#include <fstream>

#include "products.h"

namespace insitu::growth {
namespace {

/// Bytes that programs can still have; as many as one likes where the system does not say.
double available() {
  std::ifstream file("/proc/meminfo");
  for (std::string word; file >> word;) {
    if (word == "MemAvailable:") {
      double kilobytes = 0;
      file >> kilobytes;
      return 1024 * kilobytes;
    }
  }
  return 1e18;
}

template <int N>
void square(std::vector<Point>& points) {
  constexpr double Bytes = 4.0 * N * N;
  try {
    // the weights, or the array by which the bandwidth is measured before; half as much for everything else
    if (1.5 * Bytes > available()) throw std::bad_alloc();
    products<N, N, 1, 16>(
        points, "width",
        [](int batch) {
          return std::pair{N, " " + std::to_string(batch)};
        },
        2.0);
  } catch (const std::bad_alloc&) {
    std::printf("%d x %d is left out: there is not enough memory for its %.0f MB of weights\n", N, N, Bytes / (1 << 20));
  }
}

}  // namespace

std::vector<Point> widths() {
  std::vector<Point> points;
  square<16>(points), square<32>(points), square<64>(points), square<128>(points), square<256>(points), square<512>(points);
  square<776>(points);  // as 3000: rows that are no multiple of 4,096 bytes
  square<1024>(points), square<2048>(points), square<3000>(points), square<4096>(points), square<8192>(points);
  return points;
}

}  // namespace insitu::growth
