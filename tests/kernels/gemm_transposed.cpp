#include "kernels/gemm_transposed.h"

#include <doctest/doctest.h>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

struct Product {
  int batch, in, out;
  void (*gemm_transposed)(const float*, const float*, float*, int);
};

template <int Batch, int In, int Out>
void run(const float* dz, const float* W, float* dx, int rows) {
  gemm_transposed(*reinterpret_cast<const Matrix<Batch, Out>*>(dz), *reinterpret_cast<const Matrix<In, Out>*>(W),
                  *reinterpret_cast<Matrix<Batch, In>*>(dx), rows);
}

/// Every number of outputs around the eight sums and their multiples, inputs around the lanes.
constexpr Product Products[] = {
    {1, 1, 1, run<1, 1, 1>},     {2, 5, 1, run<2, 5, 1>},       {3, 33, 1, run<3, 33, 1>},   {1, 4, 2, run<1, 4, 2>},
    {4, 9, 3, run<4, 9, 3>},     {2, 16, 4, run<2, 16, 4>},     {5, 7, 5, run<5, 7, 5>},     {3, 8, 6, run<3, 8, 6>},
    {6, 3, 7, run<6, 3, 7>},     {1, 64, 8, run<1, 64, 8>},     {4, 17, 9, run<4, 17, 9>},   {10, 5, 10, run<10, 5, 10>},
    {1, 4, 4, run<1, 4, 4>},     {1, 5, 5, run<1, 5, 5>},       {1, 6, 6, run<1, 6, 6>},     {2, 7, 7, run<2, 7, 7>},
    {1, 1, 8, run<1, 1, 8>},     {2, 3, 25, run<2, 3, 25>},     {1, 2, 24, run<1, 2, 24>},   {1, 8, 4, run<1, 8, 4>},
    {2, 31, 11, run<2, 31, 11>}, {3, 2, 12, run<3, 2, 12>},     {1, 13, 13, run<1, 13, 13>}, {5, 15, 14, run<5, 15, 14>},
    {2, 6, 15, run<2, 6, 15>},   {6, 20, 16, run<6, 20, 16>},   {3, 1, 17, run<3, 1, 17>},   {4, 12, 20, run<4, 12, 20>},
    {2, 10, 31, run<2, 10, 31>}, {1, 18, 32, run<1, 18, 32>},   {32, 3, 33, run<32, 3, 33>},
#if !defined(INSITU_SMALL_MEMORY)
    {3, 63, 63, run<3, 63, 63>}, {10, 65, 64, run<10, 65, 64>}, {2, 64, 65, run<2, 64, 65>},
#endif
};

}  // namespace

TEST_CASE("gemm_transposed: the bits of the reference for whole and for partial batches, other rows untouched") {
  check::Random random;
  for (const Product& p : Products) {
    CAPTURE(p.batch);
    CAPTURE(p.in);
    CAPTURE(p.out);
    check::Guarded dz(p.batch * p.out, 1), W(p.in * p.out, 3), dx(p.batch * p.in, 2);
    dz.fill(random), W.fill(random);
    std::vector<float> want(static_cast<std::size_t>(p.batch * p.in));
    for (int rows = 1; rows <= p.batch; ++rows) {
      CAPTURE(rows);
      dx.fill(random);
      for (int k = 0; k < dx.size(); ++k) want[static_cast<std::size_t>(k)] = dx[k];
      p.gemm_transposed(dz.data(), W.data(), dx.data(), rows);
      reference::gemm_transposed(dz.data(), W.data(), want.data(), rows, p.in, p.out);
      CHECK(check::first_difference(dx.data(), want.data(), dx.size()) == dx.size());
    }
    CHECK((dz.intact() && W.intact() && dx.intact()));
  }
}

TEST_CASE("gemm_transposed: as near to the product in double as its roundings allow") {
  check::Random random{5};
  for (const Product& p : Products) {
    CAPTURE(p.batch);
    CAPTURE(p.in);
    CAPTURE(p.out);
    check::Guarded dz(p.batch * p.out), W(p.in * p.out), dx(p.batch * p.in);
    dz.fill(random), W.fill(random);
    p.gemm_transposed(dz.data(), W.data(), dx.data(), p.batch);
    std::vector<double> want(static_cast<std::size_t>(dx.size())), most = want;
    reference::gemm_transposed(dz.wide().data(), W.wide().data(), want.data(), p.batch, p.in, p.out);
    reference::gemm_transposed(check::magnitudes(dz.wide()).data(), check::magnitudes(W.wide()).data(), most.data(), p.batch, p.in, p.out);
    const int roundings = p.out / BackwardSums + 1 + 3;
    int far = 0;
    for (int k = 0; k < dx.size(); ++k) {
      const auto e = static_cast<std::size_t>(k);
      far += !(std::fabs(static_cast<double>(dx[k]) - want[e]) <= 1.01 * roundings * 0x1p-24 * most[e]);
    }
    CHECK(far == 0);
  }
}

TEST_CASE("gemm_transposed and gemm are adjoint: dz . (x W) = (dz W^T) . x") {
  check::Random random{11};
  constexpr int In = 9, Out = 6;
  double left = 0, right = 0;
  std::vector<double> x(In), W(In * Out), dz(Out), y(Out), dx(In), zero(Out);
  for (auto* v : {&x, &W, &dz}) {
    for (double& e : *v) e = static_cast<double>(random.uniform());
  }
  reference::gemm(x.data(), W.data(), zero.data(), y.data(), 1, In, Out);
  reference::gemm_transposed(dz.data(), W.data(), dx.data(), 1, In, Out);
  for (std::size_t j = 0; j < Out; ++j) left += dz[j] * y[j];
  for (std::size_t i = 0; i < In; ++i) right += dx[i] * x[i];
  CHECK(left == doctest::Approx(right).epsilon(1e-13));
}
