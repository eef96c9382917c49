/// How the time of a multiply-add grows with the width of a layer, the depth of a network and the batch.
#pragma once

#include <string>
#include <vector>

namespace insitu::growth {

/// One measurement: `work` (a product, a training step) at one place of a sweep. Times are medians, in seconds for one multiply-add.
struct Point {
  std::string sweep, work;
  int at;               ///< width, depth or batch
  double weight_bytes;  ///< of all weights that the work passes over
  double time, floor;
  double of_floor() const { return 100 * floor / time; }
};

/// Squares of 16 x 16 (1 KB of weights) to 8192 x 8192 (256 MB), forward and update, one sample and 16.
std::vector<Point> widths();
/// 1 to 64 samples on 784 x 128, forward and update.
std::vector<Point> batches();
/// Networks of 1 to 20 layers, 64 wide: inference of one sample, a training step of 8.
std::vector<Point> depths();

bool write_json(const std::string& file, const std::vector<Point>& points);
/// ns for a multiply-add against bytes of weights, logarithmic, floors dashed. Needs gnuplot; false where there is none.
bool write_picture(const std::string& file, const std::vector<Point>& points);

}  // namespace insitu::growth
