#include "kernels/dot.h"

#include <doctest/doctest.h>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

/// One output of gemm_transposed with one input is a dot product.
float plain(const float* x, const float* y, int n) {
  float result;
  reference::gemm_transposed(x, y, &result, 1, 1, n);
  return result;
}

template <int N>
bool same_bits(check::Random& random) {
  check::Guarded x(N, 1), y(N, 2);
  x.fill(random), y.fill(random);
  return check::same(dot<N>(x.data(), y.data()), plain(x.data(), y.data(), N)) &&
         check::same(dot(x.data(), y.data(), N), plain(x.data(), y.data(), N));
}

}  // namespace

TEST_CASE("dot: the bits of the reference, with the length known to the compiler and at run time") {
  check::Random random;
  CHECK((same_bits<1>(random) && same_bits<2>(random) && same_bits<3>(random) && same_bits<4>(random) && same_bits<5>(random)));
  CHECK((same_bits<7>(random) && same_bits<8>(random) && same_bits<9>(random) && same_bits<12>(random) && same_bits<15>(random)));
  CHECK((same_bits<16>(random) && same_bits<17>(random) && same_bits<20>(random) && same_bits<31>(random) && same_bits<33>(random) &&
         same_bits<65>(random)));
}

TEST_CASE("dot: every length at run time") {
  check::Random random{8};
  for (int n = 1; n < 130; ++n) {
    CAPTURE(n);
    check::Guarded x(n, n % 16), y(n, 3);
    x.fill(random), y.fill(random);
    CHECK(check::same(dot(x.data(), y.data(), n), plain(x.data(), y.data(), n)));
  }
}
