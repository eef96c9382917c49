#include "array.h"

#include <bit>
#include <cstring>

#include "error.h"

namespace insitu::desktop {
namespace {

std::uint64_t load(Element element, const unsigned char* p) {
  std::uint64_t bits = 0;
  for (std::size_t k = 0; k < element.size; ++k) {
    const std::size_t from_top = element.big_endian ? k : element.size - 1 - k;
    bits = bits << 8 | p[from_top];
  }
  return bits;
}

template <class T>
T number(Element element, std::uint64_t bits) {
  if (element.kind == 'f') {
    if (element.size == 4) return static_cast<T>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    return static_cast<T>(std::bit_cast<double>(bits));
  }
  if (element.kind == 'b') return bits != 0 ? T(1) : T(0);
  if (element.kind == 'u') return static_cast<T>(bits);
  const auto unused = static_cast<int>(64 - 8 * element.size);
  return static_cast<T>(static_cast<std::int64_t>(bits << unused) >> unused);
}

}  // namespace

template <class T>
std::vector<T> decode(Element element, std::span<const unsigned char> bytes) {
  std::vector<T> values(bytes.size() / element.size);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = number<T>(element, load(element, bytes.data() + k * element.size));
  return values;
}
template std::vector<float> decode<float>(Element, std::span<const unsigned char>);
template std::vector<double> decode<double>(Element, std::span<const unsigned char>);

void append(std::vector<unsigned char>& bytes, const std::vector<float>& values) {
  bytes.reserve(bytes.size() + 4 * values.size());
  for (const float value : values) {
    const std::uint32_t bits = std::bit_cast<std::uint32_t>(value);
    for (int k = 0; k < 4; ++k) bytes.push_back(static_cast<unsigned char>(bits >> (8 * k)));
  }
}

void check_shape(const std::string& name, const std::vector<std::uint64_t>& shape, std::size_t size, std::size_t available) {
  std::uint64_t bytes = size;
  bool fits = true;
  for (const std::uint64_t n : shape) {
    if (n == 0) throw Error(name, " holds no samples: its shape is ", shape_text(shape));
    fits = fits && n <= available / bytes;
    if (fits) bytes *= n;
  }
  if (fits && bytes == available) return;
  if (fits)
    throw Error(name, " promises ", shape_text(shape), " numbers of ", size, " bytes, ", bytes, " in all, and ", available,
                " bytes follow");
  throw Error(name, " promises ", shape_text(shape), " numbers of ", size, " bytes, and only ", available, " bytes follow");
}

}  // namespace insitu::desktop
