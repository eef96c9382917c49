#include "kernels/axpy.h"

#include <doctest/doctest.h>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

template <int Batch, int Out>
void check_add_rows(check::Random& random) {
  CAPTURE(Batch);
  CAPTURE(Out);
  Matrix<Batch, Out> d;
  for (float& v : d) v = random.uniform();
  for (int rows = 1; rows <= Batch; ++rows) {
    check::Guarded b(Out, 1);
    b.fill(random);
    std::vector<float> want(b.data(), b.data() + Out);
    add_rows(-0.3f, d, *reinterpret_cast<Vector<Out>*>(b.data()), rows);
    reference::add_rows(-0.3f, d.data, want.data(), rows, Out);
    CHECK(check::first_difference(b.data(), want.data(), Out) == Out);
    CHECK(b.intact());
  }
}

}  // namespace

TEST_CASE("axpy and scale: the bits of the reference at every length, nothing written outside, in place too") {
  check::Random random;
  for (int n = 0; n <= 67; ++n) {
    CAPTURE(n);
    for (int offset : {0, 1}) {
      check::Guarded x(n, offset), y(n, offset + 1), z(n, offset + 2);
      x.fill(random), y.fill(random);
      const float a = random.uniform();
      std::vector<float> want(y.data(), y.data() + n), scaled(static_cast<std::size_t>(n)), same(x.data(), x.data() + n);
      axpy(a, x.data(), y.data(), n);
      reference::axpy(a, x.data(), want.data(), n);
      CHECK(check::first_difference(y.data(), want.data(), n) == n);
      scale(a, x.data(), z.data(), n);
      reference::scale(a, x.data(), scaled.data(), n);
      CHECK(check::first_difference(z.data(), scaled.data(), n) == n);
      for (int k = 0; k < n; ++k) {  // a x + x, with one rounding
        const auto e = static_cast<std::size_t>(k);
        same[e] = fma(a, same[e], same[e]);
      }
      axpy(a, x.data(), x.data(), n);
      CHECK(check::first_difference(x.data(), same.data(), n) == n);
      CHECK((x.intact() && y.intact() && z.intact()));
    }
  }
}

TEST_CASE("axpy rounds once") {
  // (1 + 2^-12)(1 - 2^-12) - 1 = -2^-24, which a product rounded on its own (to 1) would lose.
  const float x = 1.0f - 0x1p-12f;
  float y = -1.0f;
  axpy(1.0f + 0x1p-12f, &x, &y, 1);
  CHECK(y == -0x1p-24f);
}

TEST_CASE("add_rows: the bits of the reference for whole and for partial batches") {
  check::Random random{2};
  check_add_rows<1, 1>(random);
  check_add_rows<3, 2>(random);
  check_add_rows<2, 7>(random);
  check_add_rows<5, 8>(random);
  check_add_rows<4, 9>(random);
  check_add_rows<10, 13>(random);
  check_add_rows<3, 16>(random);
  check_add_rows<6, 31>(random);
  check_add_rows<32, 33>(random);
  check_add_rows<2, 64>(random);
}

TEST_CASE("add_rows in double is the sum of the rows") {
  const double d[] = {1, 2, 3, 4, 5, 6};
  double b[] = {10, 20, 30};
  reference::add_rows(2.0, d, b, 2, 3);
  CHECK(b[0] == 20);
  CHECK(b[1] == 34);
  CHECK(b[2] == 48);
}
