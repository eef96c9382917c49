#include "kernels/tensor.h"

#include <doctest/doctest.h>
#include <cstring>
#include <type_traits>

using namespace insitu;

static_assert(sizeof(Matrix<7, 5>) == 35 * sizeof(float) && sizeof(Vector<9, double>) == 9 * sizeof(double));
static_assert(sizeof(Matrix<3, 3>[2]) == 18 * sizeof(float), "an array of matrices has no padding");
static_assert(std::is_trivially_copyable_v<Matrix<2, 3>> && std::is_standard_layout_v<Matrix<2, 3>> && std::is_aggregate_v<Matrix<2, 3>>);
static_assert(std::is_trivially_copyable_v<Vector<3>> && std::is_standard_layout_v<Vector<3>> && std::is_aggregate_v<Vector<3>>);
static_assert(alignof(Matrix<2, 3>) == alignof(float) && alignof(Vector<3, double>) == alignof(double));
static_assert(Matrix<2, 3>::rows == 2 && Matrix<2, 3>::cols == 3 && Matrix<2, 3>::size == 6 && Vector<4>::size == 4);

TEST_CASE("Matrix: row-major, element (r, c) at r * cols + c") {
  Matrix<2, 3> m = {{1, 2, 3, 4, 5, 6}};
  CHECK(m(0, 2) == 3);
  CHECK(m(1, 0) == 4);
  CHECK(m.row(1) == m.data + 3);
  CHECK(&m(1, 2) == m.data + 5);
  m(1, 1) = 9;
  CHECK(m.data[4] == 9);
  const Matrix<2, 3>& constant = m;
  CHECK(constant(1, 1) == 9);
  CHECK(constant.row(1)[1] == 9);
  float sum = 0;
  for (float x : constant) sum += x;
  CHECK(sum == 1 + 2 + 3 + 4 + 9 + 6);
}

TEST_CASE("Vector: an aggregate that can be copied as bytes and used at compile time") {
  constexpr Vector<3> v = {{1, 2, 3}};
  static_assert(v[1] == 2 && v.end() - v.begin() == 3);
  Vector<3> copy;
  std::memcpy(&copy, &v, sizeof copy);
  CHECK(copy[2] == 3);
  for (float& x : copy) x *= 2;
  CHECK(copy[0] == 2);
}
