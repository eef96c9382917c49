#include "npy.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <string_view>

#include "error.h"

namespace insitu::desktop {
namespace {

constexpr std::string_view Magic = "\x93NUMPY";
constexpr std::size_t MaxDimensions = 32;  // numpy's own limit

/// The header is a Python dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (209, 64), }
class Header {
 public:
  std::string descr;
  bool fortran_order = false;
  std::vector<std::uint64_t> shape;

  Header(std::string_view text, const std::string& name) : rest_(text), name_(name) {
    bool has_descr = false, has_order = false, has_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = quoted();
      expect(':');
      if (key == "descr") {
        if (peek() != '\'' && peek() != '"') throw Error(name_, " holds records of several fields, and an array of numbers belongs here");
        descr = quoted();
        has_descr = true;
      } else if (key == "fortran_order") {
        fortran_order = truth();
        has_order = true;
      } else if (key == "shape") {
        shape = tuple();
        has_shape = true;
      } else {
        fail("the unknown key '" + key + "'");
      }
      if (!accept(',') && peek() != '}') fail("no comma after '" + key + "'");
    }
    if (!has_descr || !has_order || !has_shape) fail("not all of 'descr', 'fortran_order' and 'shape'");
  }

 private:
  std::string_view rest_;
  const std::string& name_;

  [[noreturn]] void fail(const std::string& found) const { throw Error(name_, " has a damaged NPY header: it has ", found); }
  char peek() {
    while (!rest_.empty() && (rest_[0] == ' ' || rest_[0] == '\n' || rest_[0] == '\t')) rest_.remove_prefix(1);
    return rest_.empty() ? '\0' : rest_[0];
  }
  bool accept(char c) {
    if (peek() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail(std::string("no ") + c + " where one belongs");
  }
  std::string quoted() {
    const char quote = peek();
    if (quote != '\'' && quote != '"') fail("no quoted text where some belongs");
    const std::size_t end = rest_.find(quote, 1);
    if (end == std::string_view::npos) fail("a text without its closing quote");
    std::string text(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    return text;
  }
  bool truth() {
    peek();
    for (const std::string_view word : {"True", "False"}) {
      if (rest_.starts_with(word)) {
        rest_.remove_prefix(word.size());
        return word == "True";
      }
    }
    fail("neither True nor False for 'fortran_order'");
  }
  std::vector<std::uint64_t> tuple() {
    std::vector<std::uint64_t> numbers;
    expect('(');
    while (!accept(')')) {
      peek();
      std::uint64_t n = 0;
      const auto [end, problem] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), n);
      if (problem != std::errc{}) fail("a shape that is not a list of sizes");
      rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
      accept('L');  // Python 2 wrote long integers so
      numbers.push_back(n);
      if (numbers.size() > MaxDimensions) fail("more than 32 dimensions");
      if (!accept(',') && peek() != ')') fail("a shape that is not a list of sizes");
    }
    return numbers;
  }
};

Element element(const std::string& descr, const std::string& name) {
  const auto known = [&](std::string_view kinds) { return descr.size() == 3 && kinds.find(descr.substr(1)) != std::string_view::npos; };
  if (descr.empty() || std::string_view("<>|=").find(descr[0]) == std::string_view::npos || !known("u1 u2 u4 u8 i1 i2 i4 i8 f4 f8 b1")) {
    throw Error(name, " holds numpy type '", descr, "', and integers, float32, float64 or bool belong here");
  }
  return {descr[1], static_cast<std::size_t>(descr[2] - '0'), descr[0] == '>'};
}

/// values in Fortran order (the first index runs fastest) to C order
template <class T, class Size>
std::vector<T> to_c_order(const std::vector<T>& values, const std::vector<Size>& shape) {
  std::vector<T> result(values.size());
  std::vector<std::size_t> index(shape.size(), 0);
  for (T& value : result) {
    std::size_t from = 0;
    for (std::size_t d = shape.size(); d-- > 0;) from = from * shape[d] + index[d];
    value = values[from];
    for (std::size_t d = shape.size(); d-- > 0;) {
      if (++index[d] < shape[d]) break;
      index[d] = 0;
    }
  }
  return result;
}

/// Magic, version 1, the header padded to a multiple of 64 bytes.
std::string head(const std::string& descr, const std::vector<std::size_t>& shape) {
  std::string text = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (";
  for (const std::size_t n : shape) text += std::to_string(n) + ",";
  text += "), }";
  text.append((64 - (10 + text.size() + 1) % 64) % 64, ' ');
  text += '\n';
  return std::string(Magic) + '\1' + '\0' + static_cast<char>(text.size() & 0xff) + static_cast<char>(text.size() >> 8) + text;
}

/// The little-endian bytes of a number of this many bytes
void put(std::string& bytes, std::uint64_t bits, int size) {
  for (int k = 0; k < size; ++k) bytes += static_cast<char>(bits >> (8 * k) & 0xff);
}

}  // namespace

bool is_npy(std::span<const unsigned char> bytes) {
  return bytes.size() >= Magic.size() &&
         std::equal(Magic.begin(), Magic.end(), bytes.begin(), [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
}

Npy split_npy(std::span<const unsigned char> bytes, const std::string& name) {
  if (!is_npy(bytes)) throw Error(name, " is not an NPY file: it does not begin with \\x93NUMPY");
  const std::size_t version = bytes.size() > 6 ? bytes[6] : 0;
  const std::size_t start = version == 1 ? 10 : 12;
  if (bytes.size() < start) throw Error(name, " is cut off: it ends within the NPY header");
  if (version < 1 || version > 3) throw Error(name, " has NPY version ", version, ", and versions 1 to 3 are read");
  std::size_t length = bytes[8] | static_cast<std::size_t>(bytes[9]) << 8;
  if (version > 1) length |= static_cast<std::size_t>(bytes[10]) << 16 | static_cast<std::size_t>(bytes[11]) << 24;
  if (length > bytes.size() - start)
    throw Error(name, " is cut off: its NPY header has ", length, " bytes, and ", bytes.size() - start, " follow");
  const std::string text(bytes.begin() + static_cast<std::ptrdiff_t>(start), bytes.begin() + static_cast<std::ptrdiff_t>(start + length));
  const Header header(text, name);
  return {name, header.descr, header.fortran_order, header.shape, bytes.subspan(start + length)};
}

Array read_npy(std::span<const unsigned char> bytes, const std::string& name) {
  const Npy npy = split_npy(bytes, name);
  if (npy.shape.empty()) throw Error(name, " holds a single number, and an array of samples belongs here");
  const Element stored = element(npy.descr, name);
  check_shape(name, npy.shape, stored.size, npy.content.size());
  Array array{name, {npy.shape.begin(), npy.shape.end()}, decode(stored, npy.content)};
  if (npy.fortran_order) array.values = to_c_order(array.values, array.shape);
  return array;
}

std::vector<double> doubles(const Npy& npy) {
  const Element stored = element(npy.descr, npy.name);
  check_shape(npy.name, npy.shape, stored.size, npy.content.size());
  std::vector<double> values = decode<double>(stored, npy.content);
  return npy.fortran_order ? to_c_order(values, npy.shape) : values;
}

std::vector<std::string> texts(const Npy& npy) {
  std::size_t length = 0;
  const char* const end = npy.descr.data() + npy.descr.size();
  if (!npy.holds_text() || std::from_chars(npy.descr.data() + 2, end, length).ptr != end || length == 0 || length > 1000)
    throw Error(npy.name, " holds numpy type '", npy.descr, "', and a text belongs here");
  const bool wide = npy.descr[1] == 'U', big_endian = npy.descr[0] == '>';
  check_shape(npy.name, npy.shape, wide ? 4 * length : length, npy.content.size());
  const std::vector<double> codes = decode<double>({'u', wide ? std::size_t{4} : std::size_t{1}, big_endian}, npy.content);
  std::vector<std::string> result(codes.size() / length);
  for (std::size_t k = 0; k < codes.size(); ++k) {
    if (codes[k] != 0) result[k / length] += codes[k] < 128 ? static_cast<char>(codes[k]) : '?';
  }
  return result;
}

std::string npy_file(std::span<const double> values, const std::vector<std::size_t>& shape) {
  std::string bytes = head("<f8", shape);
  for (const double value : values) put(bytes, std::bit_cast<std::uint64_t>(value), 8);
  return bytes;
}

std::string npy_file(const std::vector<std::string>& texts, const std::vector<std::size_t>& shape) {
  std::size_t longest = 1;
  for (const std::string& text : texts) longest = std::max(longest, text.size());
  std::string bytes = head("<U" + std::to_string(longest), shape);
  for (const std::string& text : texts) {
    for (std::size_t k = 0; k < longest; ++k) put(bytes, k < text.size() ? static_cast<unsigned char>(text[k]) : 0, 4);
  }
  return bytes;
}

}  // namespace insitu::desktop
