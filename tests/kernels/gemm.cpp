#include "kernels/gemm.h"

#include <doctest/doctest.h>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

struct Product {
  int batch, in, out;
  void (*gemm)(const float*, const float*, const float*, float*, int);
};

template <int Batch, int In, int Out, GemmTile Tile = gemm_tile(Batch, Out)>
void run(const float* x, const float* W, const float* b, float* y, int rows) {
  gemm<Batch, In, Out, Tile>(*reinterpret_cast<const Matrix<Batch, In>*>(x), *reinterpret_cast<const Matrix<In, Out>*>(W),
                             *reinterpret_cast<const Vector<Out>*>(b), *reinterpret_cast<Matrix<Batch, Out>*>(y), rows);
}

constexpr Product Products[] = {
    {1, 7, 10, run<1, 7, 10>},       {1, 5, 19, run<1, 5, 19>},       {1, 3, 31, run<1, 3, 31>},
    {10, 65, 1, run<10, 65, 1>},     {3, 2, 5, run<3, 2, 5>},         {7, 33, 12, run<7, 33, 12>},
#if !defined(INSITU_SMALL_MEMORY)
    {10, 129, 65, run<10, 129, 65>}, {32, 113, 32, run<32, 113, 32>}, {5, 21, 52, run<5, 21, 52, GemmTile{3, 3, 8}>},
#endif
};

}  // namespace

TEST_CASE("gemm: the bits of the reference for whole and for partial batches, other rows untouched") {
  check::Random random;
  for (const Product& p : Products) {
    CAPTURE(p.batch);
    CAPTURE(p.in);
    CAPTURE(p.out);
    check::Guarded x(p.batch * p.in, 1), W(p.in * p.out, 3), b(p.out, 1), y(p.batch * p.out, 2);
    x.fill(random), W.fill(random), b.fill(random);
    std::vector<float> want(static_cast<std::size_t>(p.batch * p.out));
    for (int rows = 1; rows <= p.batch; ++rows) {
      CAPTURE(rows);
      y.fill(random);
      for (int k = 0; k < y.size(); ++k) want[static_cast<std::size_t>(k)] = y[k];
      p.gemm(x.data(), W.data(), b.data(), y.data(), rows);
      reference::gemm(x.data(), W.data(), b.data(), want.data(), rows, p.in, p.out);
      CHECK(check::first_difference(y.data(), want.data(), y.size()) == y.size());
    }
    CHECK((x.intact() && W.intact() && b.intact() && y.intact()));
  }
}

TEST_CASE("gemm: as near to the product in double as its roundings allow") {
  check::Random random{9};
  for (const Product& p : Products) {
    CAPTURE(p.batch);
    CAPTURE(p.in);
    CAPTURE(p.out);
    check::Guarded x(p.batch * p.in), W(p.in * p.out), b(p.out), y(p.batch * p.out);
    x.fill(random), W.fill(random), b.fill(random);
    p.gemm(x.data(), W.data(), b.data(), y.data(), p.batch);
    std::vector<double> want(static_cast<std::size_t>(y.size())), most = want;
    reference::gemm(x.wide().data(), W.wide().data(), b.wide().data(), want.data(), p.batch, p.in, p.out);
    reference::gemm(check::magnitudes(x.wide()).data(), check::magnitudes(W.wide()).data(), check::magnitudes(b.wide()).data(), most.data(),
                    p.batch, p.in, p.out);
    const int roundings = p.in / partial_sums(p.out) + 1 + 4;  // see gemv.cpp
    int far = 0;
    for (int k = 0; k < y.size(); ++k) {
      const auto e = static_cast<std::size_t>(k);
      far += !(std::fabs(static_cast<double>(y[k]) - want[e]) <= 1.01 * roundings * 0x1p-24 * most[e]);
    }
    CHECK(far == 0);
  }
}
