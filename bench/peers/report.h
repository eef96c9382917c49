/// What was measured, as a table on the terminal, a JSON file and a picture.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace insitu::peers {

/// Times are medians, in microseconds.
struct Result {
  std::string workload;
  double floor, insitu, minimum;
  std::vector<std::pair<std::string, double>> peers;
  const std::pair<std::string, double>* best() const;  ///< the fastest peer, nullptr where there is none
  double ratio() const;                                ///< best peer / insitu; above 1 insitu is faster
};

void print_header(const std::vector<std::string>& peers);
void print_row(const Result& result, const std::vector<std::string>& peers);
bool write_json(const std::string& file, const std::vector<Result>& results);
/// The table of the README.
bool write_markdown(const std::string& file, const std::vector<Result>& results);
/// Needs gnuplot; false where there is none.
bool write_picture(const std::string& file, const std::vector<Result>& results);
std::string processor();

}  // namespace insitu::peers
