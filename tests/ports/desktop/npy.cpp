#include "ports/desktop/npy.h"

#include <doctest/doctest.h>

#include "ports/desktop/error.h"
#include "temporary_folder.h"

namespace insitu::desktop {
namespace {

using Values = std::vector<float>;

Array read(const std::string& file) { return read_npy(bytes_of(file), "a.npy"); }

void refused(const std::string& file, const char* sentence) { CHECK_THROWS_WITH_AS(read(file), doctest::Contains(sentence), Error); }

}  // namespace

TEST_CASE_TEMPLATE("read_npy: every number type in both byte orders", T, std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t,
                   std::int8_t, std::int16_t, std::int32_t, std::int64_t, float, double) {
  const char kind = std::is_floating_point_v<T> ? 'f' : std::is_signed_v<T> ? 'i' : 'u';
  const std::string type = kind + std::to_string(sizeof(T));
  const T second = std::is_signed_v<T> ? static_cast<T>(-7) : static_cast<T>(200);
  const Values expected = {1.0f, static_cast<float>(second), 100.0f};
  CHECK(read(npy("<" + type, "(3,)", raw<T>({1, second, 100}), false)).values == expected);
  CHECK(read(npy(">" + type, "(3,)", raw<T>({1, second, 100}, true), false)).values == expected);
}

TEST_CASE("read_npy: bool, byte types without an order, versions 2 and 3, Python 2's sizes") {
  CHECK(read(npy("|b1", "(3,)", raw<char>({0, 1, 1}), false)).values == Values{0, 1, 1});
  CHECK(read(npy("|u1", "(2, 1)", raw<char>({3, 4}), false)).shape == std::vector<std::size_t>{2, 1});
  const char* dictionary = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
  CHECK(read(npy(dictionary, raw<float>({1, 2}), 2)).values == Values{1, 2});
  CHECK(read(npy(dictionary, raw<float>({1, 2}), 3)).values == Values{1, 2});
  CHECK(read(npy("{\"shape\":(2L,1L),\"descr\":\"<f4\",\"fortran_order\":False}", raw<float>({1, 2}))).columns() == 1);
}

TEST_CASE("read_npy: Fortran order becomes C order") {
  const Array matrix = read(npy("<f4", "(2, 3)", raw<float>({1, 4, 2, 5, 3, 6}), true));
  CHECK(matrix.values == Values{1, 2, 3, 4, 5, 6});
  // element (i, j, k) of 2 x 3 x 2 holds 100 i + 10 j + k; the first index runs fastest in the file
  const Array cube = read(npy("|u1", "(2, 3, 2)", raw<unsigned char>({0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121}), true));
  CHECK(cube.values == Values{0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121});
  CHECK(cube.rows() == 2);
  CHECK(cube.columns() == 6);
}

TEST_CASE("read_npy: sizes that lie") {
  refused(npy("<f4", "(3, 2)", raw<float>({1, 2}), false), "a.npy promises 3 x 2 numbers of 4 bytes, and only 8 bytes follow");
  refused(npy("<f4", "(1,)", raw<float>({1, 2}), false), "a.npy promises 1 numbers of 4 bytes, 4 in all, and 8 bytes follow");
  refused(npy("<f4", "(4611686018427387905, 4)", raw<float>({1}), false),
          "a.npy promises 4611686018427387905 x 4 numbers of 4 bytes, and only 4 bytes follow");
  refused(npy("<f4", "(4294967296, 4294967296, 4294967296)", raw<float>({1}), false), "and only 4 bytes follow");
  refused(npy("<f4", "(99999999999999999999,)", raw<float>({1}), false), "a shape that is not a list of sizes");
  refused(npy("<f4", "(-1,)", raw<float>({1}), false), "a shape that is not a list of sizes");
  refused(npy("<f4", "(0, 5)", "", false), "a.npy holds no samples: its shape is 0 x 5");
  refused(npy("<f4", "()", raw<float>({1}), false), "a.npy holds a single number, and an array of samples belongs here");
}

TEST_CASE("read_npy: cut off anywhere, it is refused") {
  const std::string whole = npy("<f4", "(2,)", raw<float>({1, 2}), false);
  for (std::size_t kept = 0; kept < whole.size(); ++kept) CHECK_THROWS_AS(read(whole.substr(0, kept)), Error);
  std::string lying = whole;
  lying[9] = '\x7f';  // a header of 32 KiB
  refused(lying, "a.npy is cut off: its NPY header has");
}

TEST_CASE("read_npy: damaged headers and types that are no numbers") {
  refused("NUMPY", "a.npy is not an NPY file");
  refused(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", raw<float>({1}), 4),
          "a.npy has NPY version 4, and versions 1 to 3 are read");
  refused(npy("|O", "(1,)", "x", false), "a.npy holds numpy type '|O', and integers, float32, float64 or bool belong here");
  refused(npy("<U5", "(1,)", "x", false), "numpy type '<U5'");
  refused(npy("<c8", "(1,)", "12345678", false), "numpy type '<c8'");
  refused(npy("<f2", "(1,)", "12", false), "numpy type '<f2'");
  refused(npy("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", raw<float>({1})),
          "a.npy holds records of several fields");
  refused(npy("{'descr': '<f4', 'shape': (1,), }", raw<float>({1})), "not all of 'descr', 'fortran_order' and 'shape'");
  refused(npy("{'descr': '<f4', 'fortran_order': Maybe, 'shape': (1,), }", raw<float>({1})), "neither True nor False");
  refused(npy("{'descr': '<f4', 'colour': 'red', 'shape': (1,), }", raw<float>({1})), "the unknown key 'colour'");
  refused(npy("{'descr': '<f4", raw<float>({1})), "a text without its closing quote");
  refused(npy("[1]", raw<float>({1})), "no { where one belongs");
  refused(npy("<f4",
              "(" +
                  std::string(99, '1').replace(1, 98,
                                               [] {
                                                 std::string s;
                                                 for (int k = 0; k < 49; ++k) s += ",1";
                                                 return s;
                                               }()) +
                  ")",
              raw<float>({1}), false),
          "more than 32 dimensions");
}

}  // namespace insitu::desktop
