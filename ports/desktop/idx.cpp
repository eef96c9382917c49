#include "idx.h"

#include "error.h"

namespace insitu::desktop {
namespace {

/// The third byte of the file; size 0 where it is no type of IDX.
Element element(unsigned char type) {
  switch (type) {
    case 0x08:
      return {'u', 1, true};
    case 0x09:
      return {'i', 1, true};
    case 0x0b:
      return {'i', 2, true};
    case 0x0c:
      return {'i', 4, true};
    case 0x0d:
      return {'f', 4, true};
    case 0x0e:
      return {'f', 8, true};
    default:
      return {'?', 0, true};
  }
}

}  // namespace

bool is_idx(std::span<const unsigned char> bytes) {
  return bytes.size() >= 4 && bytes[0] == 0 && bytes[1] == 0 && element(bytes[2]).size > 0 && bytes[3] > 0;
}

Array read_idx(std::span<const unsigned char> bytes, const std::string& name) {
  if (!is_idx(bytes)) throw Error(name, " is not an IDX file: it does not begin with two zero bytes, a type and a number of dimensions");
  const std::size_t dimensions = bytes[3];
  const std::size_t start = 4 + 4 * dimensions;
  if (bytes.size() < start) throw Error(name, " is cut off: it ends within the sizes of its ", dimensions, " dimensions");
  std::vector<std::uint64_t> shape(dimensions);
  for (std::size_t d = 0; d < dimensions; ++d) {
    for (std::size_t k = 0; k < 4; ++k) shape[d] = shape[d] << 8 | bytes[4 + 4 * d + k];
  }
  const Element stored = element(bytes[2]);
  check_shape(name, shape, stored.size, bytes.size() - start);
  return {name, {shape.begin(), shape.end()}, decode(stored, bytes.subspan(start))};
}

}  // namespace insitu::desktop
