#include "kernels/softmax.h"

#include <doctest/doctest.h>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

template <int Batch, int Out>
void check_softmax(check::Random& random) {
  CAPTURE(Batch);
  CAPTURE(Out);
  for (int rows = 1; rows <= Batch; ++rows) {
    check::Guarded z(Batch * Out, rows % 4);
    z.fill(random);
    for (int k = 0; k < z.size(); ++k) z[k] *= 20.0f;
    std::vector<float> want(z.data(), z.data() + z.size());
    std::vector<double> wide = z.wide();
    softmax(*reinterpret_cast<Matrix<Batch, Out>*>(z.data()), rows);
    reference::softmax(want.data(), rows, Out);
    CHECK(check::first_difference(z.data(), want.data(), z.size()) == z.size());
    CHECK(z.intact());
    reference::softmax(wide.data(), rows, Out);
    // e^(z - max): half an ULP of z - max, at most 40, is 2^-24 * 40 of e^(z - max); e^x adds 1.1 ULP; then the sums and the division.
    const double bound = 0x1p-24 * (2 * 40 + 2 * 2.2 + Out / 8.0 + 3 + 1 + 1);
    int far = 0;
    for (int k = 0; k < rows * Out; ++k) {
      const double w = wide[static_cast<std::size_t>(k)];
      far += !(std::fabs(static_cast<double>(z[k]) - w) <= bound * w);
    }
    CHECK(far == 0);
  }
}

}  // namespace

TEST_CASE("softmax: the bits of the reference, and near to the mathematics, for whole and for partial batches") {
  check::Random random;
  check_softmax<3, 1>(random);
  check_softmax<4, 4>(random);
  check_softmax<2, 7>(random);
  check_softmax<5, 8>(random);
  check_softmax<3, 9>(random);
  check_softmax<10, 10>(random);
  check_softmax<3, 16>(random);
  check_softmax<1, 31>(random);
  check_softmax<2, 33>(random);
}

TEST_CASE("softmax: finite for every finite z, sums to one, and shifts change nothing but the rounding") {
  Matrix<4, 3> z = {{3e38f, -3e38f, 0.0f, 1e4f, 1e4f - 1.0f, -1e4f, -3e38f, -3e38f, -3e38f, 0.0f, 0.0f, 0.0f}};
  softmax(z);
  CHECK(z(0, 0) == 1.0f);
  CHECK(z(0, 1) == 0.0f);
  CHECK(z(0, 2) == 0.0f);
  CHECK(z(1, 0) == doctest::Approx(0.7310585786).epsilon(1e-6));
  CHECK(z(1, 2) == 0.0f);
  for (int r = 0; r < 4; ++r)
    CHECK(std::fabs(static_cast<double>(z(r, 0)) + static_cast<double>(z(r, 1)) + static_cast<double>(z(r, 2)) - 1) < 3e-7);
  CHECK(check::same(z(2, 0), z(3, 0)));
}

TEST_CASE("softmax: a NaN spoils its row, and its row alone") {
  for (int place = 0; place < 10; ++place) {
    Matrix<3, 10> z = {};
    z(1, place) = __builtin_nanf("");
    softmax(z);
    for (int j = 0; j < 10; ++j) {
      CHECK(z(0, j) == 0.1f);
      CHECK(check::nan(z(1, j)));
      CHECK(z(2, j) == 0.1f);
    }
  }
}

TEST_CASE("softmax_backward of the reference against central differences") {
  check::Random random{4};
  double z[5], a[5], da[5], dz[5];
  for (int j = 0; j < 5; ++j) z[j] = static_cast<double>(random.uniform()), da[j] = static_cast<double>(random.uniform());
  for (int j = 0; j < 5; ++j) a[j] = z[j];
  reference::softmax(a, 1, 5);
  reference::softmax_backward(a, da, dz, 1, 5);
  for (int k = 0; k < 5; ++k) {
    double change = 0;
    for (double sign : {1.0, -1.0}) {
      double moved[5];
      for (int j = 0; j < 5; ++j) moved[j] = z[j] + (j == k ? sign * 1e-5 : 0.0);
      reference::softmax(moved, 1, 5);
      for (int j = 0; j < 5; ++j) change += sign * da[j] * moved[j];
    }
    CHECK(std::fabs(dz[k] - change / 2e-5) < 1e-9);
  }
}
