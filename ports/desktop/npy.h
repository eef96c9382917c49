/// NPY, numpy's file of one array: versions 1, 2 and 3; integers of 1 to 8 bytes, float32, float64, bool; both byte orders; C and Fortran order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "array.h"

namespace insitu::desktop {

bool is_npy(std::span<const unsigned char> bytes);

/// Throws Error, which begins with `name`, for whatever is not a whole file of this format with at least one number.
Array read_npy(std::span<const unsigned char> bytes, const std::string& name);

/// An NPY file that is not decoded yet; of any shape, () too. `content` is within the file's bytes.
struct Npy {
  std::string name, descr;
  bool fortran_order;
  std::vector<std::uint64_t> shape;
  std::span<const unsigned char> content;

  bool holds_text() const { return descr.size() > 2 && (descr[1] == 'U' || descr[1] == 'S'); }
};
Npy split_npy(std::span<const unsigned char> bytes, const std::string& name);

/// The numbers as they are stored, in C order; Error as for read_npy.
std::vector<double> doubles(const Npy& npy);
/// Texts of a fixed width, numpy's <U7 or |S7; what is not ASCII becomes '?'.
std::vector<std::string> texts(const Npy& npy);

/// The bytes of an NPY file of float64, in C order; of texts, () where there is one.
std::string npy_file(std::span<const double> values, const std::vector<std::size_t>& shape);
std::string npy_file(const std::vector<std::string>& texts, const std::vector<std::size_t>& shape);

}  // namespace insitu::desktop
