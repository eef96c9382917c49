/// Array: numbers of any shape read from a file, as float.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace insitu::desktop {

/// values in C order (the last index runs fastest); shape[0] counts samples. Always at least one number.
struct Array {
  std::string name;  ///< where it comes from, for messages
  std::vector<std::size_t> shape;
  std::vector<float> values;

  std::size_t rows() const { return shape[0]; }
  std::size_t columns() const { return values.size() / shape[0]; }
};

/// How a file stores a number: kind 'f' float, 'i' signed, 'u' unsigned, 'b' truth value; size in bytes.
struct Element {
  char kind;
  std::size_t size;
  bool big_endian;
};

/// Decodes bytes.size() / element.size numbers; as float or double.
template <class T = float>
std::vector<T> decode(Element element, std::span<const unsigned char> bytes);

/// Adds the numbers to the end of `bytes`, as 4 bytes each, little-endian.
void append(std::vector<unsigned char>& bytes, const std::vector<float>& values);

/// Checks a shape that a file claims against the bytes that follow it. Throws Error when a dimension is zero and when the product of shape and
/// `size` is not exactly `available`, also where that product overflows.
void check_shape(const std::string& name, const std::vector<std::uint64_t>& shape, std::size_t size, std::size_t available);

/// "209 x 64 x 64 x 3"
template <class T>
std::string shape_text(const std::vector<T>& shape) {
  std::string text;
  for (const T n : shape) text += (text.empty() ? "" : " x ") + std::to_string(n);
  return text;
}

}  // namespace insitu::desktop
