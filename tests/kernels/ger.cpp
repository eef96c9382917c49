#include "kernels/ger.h"

#include <doctest/doctest.h>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

struct Update {
  int batch, in, out;
  void (*ger)(const float*, const float*, float*, int);
};

template <int Batch, int In, int Out>
void run(const float* x, const float* d, float* W, int rows) {
  ger(*reinterpret_cast<const Matrix<Batch, In>*>(x), *reinterpret_cast<const Matrix<Batch, Out>*>(d),
      *reinterpret_cast<Matrix<In, Out>*>(W), rows);
}

template <int Batch, int In, int Out>
void run_tile(const float* x, const float* d, float* W, int rows) {
  ger<Batch, Out, GerTile{3, 3}>(x, In, d, W, rows, In);
}

constexpr Update Updates[] = {
    {1, 1, 1, run<1, 1, 1>},       {10, 33, 1, run<10, 33, 1>},   {4, 7, 4, run<4, 7, 4>},       {2, 9, 7, run<2, 9, 7>},
    {1, 65, 8, run<1, 65, 8>},     {3, 2, 9, run<3, 2, 9>},       {1, 4, 4, run<1, 4, 4>},       {1, 5, 5, run<1, 5, 5>},
    {2, 6, 6, run<2, 6, 6>},       {1, 8, 7, run<1, 8, 7>},       {1, 9, 9, run<1, 9, 9>},       {1, 6, 16, run<1, 6, 16>},
    {5, 10, 12, run<5, 10, 12>},   {1, 12, 17, run<1, 12, 17>},   {32, 3, 33, run<32, 3, 33>},
#if !defined(INSITU_SMALL_MEMORY)
    {6, 63, 64, run<6, 63, 64>},   {3, 1024, 2, run<3, 1024, 2>}, {2, 1024, 1, run<2, 1024, 1>}, {3, 10, 29, run_tile<3, 10, 29>},
    {1, 10, 131, run<1, 10, 131>},
#endif
};

}  // namespace

TEST_CASE("ger: the bits of the reference for whole and for partial batches, nothing written outside") {
  check::Random random;
  for (const Update& p : Updates) {
    CAPTURE(p.batch);
    CAPTURE(p.in);
    CAPTURE(p.out);
    check::Guarded x(p.batch * p.in, 1), d(p.batch * p.out, 3), W(p.in * p.out, 2);
    x.fill(random), d.fill(random);
    std::vector<float> want(static_cast<std::size_t>(p.in * p.out));
    for (int rows = 1; rows <= p.batch; ++rows) {
      CAPTURE(rows);
      W.fill(random);
      for (int k = 0; k < W.size(); ++k) want[static_cast<std::size_t>(k)] = W[k];
      p.ger(x.data(), d.data(), W.data(), rows);
      reference::ger(x.data(), d.data(), want.data(), rows, p.in, p.out);
      CHECK(check::first_difference(W.data(), want.data(), W.size()) == W.size());
    }
    CHECK((x.intact() && d.intact() && W.intact()));
  }
}

TEST_CASE("ger: as near to the update in double as one rounding for each sample allows") {
  check::Random random{5};
  for (const Update& p : Updates) {
    CAPTURE(p.batch);
    CAPTURE(p.in);
    CAPTURE(p.out);
    check::Guarded x(p.batch * p.in), d(p.batch * p.out), W(p.in * p.out);
    x.fill(random), d.fill(random), W.fill(random);
    std::vector<double> want = W.wide(), most = check::magnitudes(W.wide());
    p.ger(x.data(), d.data(), W.data(), p.batch);
    reference::ger(x.wide().data(), d.wide().data(), want.data(), p.batch, p.in, p.out);
    reference::ger(check::magnitudes(x.wide()).data(), check::magnitudes(d.wide()).data(), most.data(), p.batch, p.in, p.out);
    int far = 0;
    for (int k = 0; k < W.size(); ++k) {
      const auto e = static_cast<std::size_t>(k);
      far += !(std::fabs(static_cast<double>(W[k]) - want[e]) <= 1.01 * p.batch * 0x1p-24 * most[e]);
    }
    CHECK(far == 0);
  }
}
