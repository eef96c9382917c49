#include "kernels/ger_gemv.h"

#include <doctest/doctest.h>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

struct Pass {
  int in, out;
  void (*run)(const float*, const float*, const float*, float*, const float*, float*);
};

constexpr Pass Passes[] = {
    {1, 1, ger_gemv<1, 1>},       {3, 2, ger_gemv<3, 2>},       {7, 4, ger_gemv<7, 4>},         {4, 5, ger_gemv<4, 5>},
    {9, 8, ger_gemv<9, 8>},       {12, 15, ger_gemv<12, 15>},   {5, 16, ger_gemv<5, 16>},       {33, 17, ger_gemv<33, 17>},
    {10, 24, ger_gemv<10, 24>},   {8, 33, ger_gemv<8, 33>},
#if !defined(INSITU_SMALL_MEMORY)
    {63, 64, ger_gemv<63, 64>},   {65, 100, ger_gemv<65, 100>}, {130, 130, ger_gemv<130, 130>}, {200, 1, ger_gemv<200, 1>},
    {9, 1029, ger_gemv<9, 1029>},
#endif
};

}  // namespace

TEST_CASE("ger_gemv: the bits of the reference's update, then of its product") {
  check::Random random;
  for (const Pass& pass : Passes) {
    CAPTURE(pass.in);
    CAPTURE(pass.out);
    check::Guarded p(pass.in, 1), d(pass.out, 3), x(pass.in, 2), W(pass.in * pass.out, 1), b(pass.out), y(pass.out, 2);
    p.fill(random), d.fill(random), x.fill(random), W.fill(random), b.fill(random);
    std::vector<float> updated(static_cast<std::size_t>(pass.in * pass.out)), product(static_cast<std::size_t>(pass.out));
    for (int k = 0; k < W.size(); ++k) updated[static_cast<std::size_t>(k)] = W[k];
    reference::ger(p.data(), d.data(), updated.data(), 1, pass.in, pass.out);
    reference::gemm(x.data(), updated.data(), b.data(), product.data(), 1, pass.in, pass.out);
    pass.run(p.data(), d.data(), x.data(), W.data(), b.data(), y.data());
    CHECK(check::first_difference(W.data(), updated.data(), W.size()) == W.size());
    CHECK(check::first_difference(y.data(), product.data(), y.size()) == y.size());
    CHECK((p.intact() && d.intact() && x.intact() && W.intact() && b.intact() && y.intact()));
  }
}
