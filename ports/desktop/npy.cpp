#include "npy.h"

#include <algorithm>
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
std::vector<float> to_c_order(const std::vector<float>& values, const std::vector<std::size_t>& shape) {
  std::vector<float> result(values.size());
  std::vector<std::size_t> index(shape.size(), 0);
  for (float& value : result) {
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

}  // namespace

bool is_npy(std::span<const unsigned char> bytes) {
  return bytes.size() >= Magic.size() &&
         std::equal(Magic.begin(), Magic.end(), bytes.begin(), [](char a, unsigned char b) { return static_cast<unsigned char>(a) == b; });
}

Array read_npy(std::span<const unsigned char> bytes, const std::string& name) {
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
  if (header.shape.empty()) throw Error(name, " holds a single number, and an array of samples belongs here");
  const Element stored = element(header.descr, name);
  const std::span<const unsigned char> content = bytes.subspan(start + length);
  check_shape(name, header.shape, stored.size, content.size());

  Array array{name, {header.shape.begin(), header.shape.end()}, decode(stored, content)};
  if (header.fortran_order) array.values = to_c_order(array.values, array.shape);
  return array;
}

}  // namespace insitu::desktop
