// One shape, more and more samples.
#include "products.h"

namespace insitu::growth {

std::vector<Point> batches() {
  std::vector<Point> points;
  products<784, 128, 1, 2, 4, 8, 10, 16, 32, 64>(
      points, "batch",
      [](int batch) {
        return std::pair{batch, std::string()};
      },
      4.0);
  return points;
}

}  // namespace insitu::growth
