#include "ports/desktop/idx.h"

#include <doctest/doctest.h>

#include "ports/desktop/error.h"
#include "temporary_folder.h"

namespace insitu::desktop {
namespace {

using Values = std::vector<float>;

Array read(const std::string& file) { return read_idx(bytes_of(file), "a-idx"); }

void refused(const std::string& file, const char* sentence) { CHECK_THROWS_WITH_AS(read(file), doctest::Contains(sentence), Error); }

}  // namespace

TEST_CASE("read_idx: every type") {
  CHECK(read(idx(8, {3}, raw<unsigned char>({0, 1, 255}))).values == Values{0, 1, 255});
  CHECK(read(idx(9, {2}, raw<signed char>({-1, 127}))).values == Values{-1, 127});
  CHECK(read(idx(11, {2}, raw<std::int16_t>({-300, 300}, true))).values == Values{-300, 300});
  CHECK(read(idx(12, {2}, raw<std::int32_t>({-70000, 70000}, true))).values == Values{-70000, 70000});
  CHECK(read(idx(13, {2}, raw<float>({0.5f, -2}, true))).values == Values{0.5f, -2});
  CHECK(read(idx(14, {2}, raw<double>({0.5, -2}, true))).values == Values{0.5f, -2});
}

TEST_CASE("read_idx: images keep their shape") {
  const Array images = read(idx(8, {2, 2, 3}, "abcdefghijkl"));
  CHECK(images.shape == std::vector<std::size_t>{2, 2, 3});
  CHECK(images.columns() == 6);
  CHECK(images.values[11] == 'l');
}

TEST_CASE("read_idx: sizes that lie, files cut off, other files") {
  refused(idx(8, {4}, "abc"), "a-idx promises 4 numbers of 1 bytes, and only 3 bytes follow");
  refused(idx(8, {2}, "abc"), "a-idx promises 2 numbers of 1 bytes, 2 in all, and 3 bytes follow");
  refused(idx(14, {0xffffffff, 0xffffffff, 0xffffffff}, "abc"), "and only 3 bytes follow");
  refused(idx(8, {0, 28, 28}, ""), "a-idx holds no samples: its shape is 0 x 28 x 28");
  refused(std::string("\0\0\x08\x03\0\0\0\x01", 8), "a-idx is cut off: it ends within the sizes of its 3 dimensions");
  refused(std::string("\0\0\x0a\x01\0\0\0\x01x", 9), "a-idx is not an IDX file");
  refused(std::string("\0\0\x08\0x", 5), "a-idx is not an IDX file");
  const std::string whole = idx(13, {2, 2}, raw<float>({1, 2, 3, 4}, true));
  for (std::size_t kept = 0; kept < whole.size(); ++kept) CHECK_THROWS_AS(read(whole.substr(0, kept)), Error);
}

}  // namespace insitu::desktop
