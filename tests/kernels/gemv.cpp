#include "kernels/gemv.h"

#include <doctest/doctest.h>

#include "kernels/reference.h"
#include "tests/kernels/check.h"

using namespace insitu;

namespace {

struct Product {
  int in, out;
  void (*gemv)(const float*, const float*, const float*, float*);
};

template <int In, int Out>
void run(const float* x, const float* W, const float* b, float* y) {
  gemv(*reinterpret_cast<const Vector<In>*>(x), *reinterpret_cast<const Matrix<In, Out>*>(W), *reinterpret_cast<const Vector<Out>*>(b),
       *reinterpret_cast<Vector<Out>*>(y));
}

template <int In, int... Out>
void add(std::vector<Product>& all) {
  (all.push_back({In, Out, run<In, Out>}), ...);
}

/// Every number of outputs around 4, 8 and 16 lanes and around each change of partial_sums, with inputs below, at and above the number of
/// sums.
std::vector<Product> products() {
  std::vector<Product> all;
  add<1, 1, 16>(all);
  add<2, 9>(all);
  add<3, 2, 4, 17>(all);
  add<4, 4, 5, 10>(all);
  add<5, 3, 5, 6>(all);
  add<6, 6, 7>(all);
  add<7, 7, 8, 13>(all);
  add<8, 20>(all);
  add<9, 2, 15>(all);
  add<17, 1, 7>(all);
  add<20, 5>(all);
  add<31, 8>(all);
  add<18, 18>(all);
  add<33, 1, 11>(all);
  add<64, 33>(all);
  add<65, 1>(all);
  add<83, 6>(all);
#if !defined(INSITU_SMALL_MEMORY)
  add<63, 65>(all);
  add<461, 571>(all);  // larger than L2: another order of panels
#endif
  return all;
}

}  // namespace

TEST_CASE("gemv: the bits of the reference, nothing written outside, wherever the arrays lie") {
  check::Random random;
  for (const Product& p : products()) {
    CAPTURE(p.in);
    CAPTURE(p.out);
    for (int offset : {0, 1, 3}) {
      check::Guarded x(p.in, offset), W(p.in * p.out, offset + 1), b(p.out, offset), y(p.out, offset + 2);
      x.fill(random), W.fill(random), b.fill(random), y.fill(random);
      p.gemv(x.data(), W.data(), b.data(), y.data());
      std::vector<float> want(static_cast<std::size_t>(p.out));
      reference::gemm(x.data(), W.data(), b.data(), want.data(), 1, p.in, p.out);
      CHECK(check::first_difference(y.data(), want.data(), p.out) == p.out);
      CHECK((x.intact() && W.intact() && b.intact() && y.intact()));
    }
  }
}

TEST_CASE("gemv: as near to the product in double as its roundings allow") {
  check::Random random{7};
  for (const Product& p : products()) {
    CAPTURE(p.in);
    CAPTURE(p.out);
    check::Guarded x(p.in), W(p.in * p.out), b(p.out), y(p.out);
    x.fill(random), W.fill(random), b.fill(random);
    p.gemv(x.data(), W.data(), b.data(), y.data());
    const auto outs = static_cast<std::size_t>(p.out);
    std::vector<double> want(outs), most(outs);
    reference::gemm(x.wide().data(), W.wide().data(), b.wide().data(), want.data(), 1, p.in, p.out);
    reference::gemm(check::magnitudes(x.wide()).data(), check::magnitudes(W.wide()).data(), check::magnitudes(b.wide()).data(), most.data(),
                    1, p.in, p.out);
    // Each product passes through at most in / sums + 1 multiply-adds and log2(sums) <= 4 additions, each of relative error 2^-24.
    const int roundings = p.in / partial_sums(p.out) + 1 + 4;
    for (int j = 0; j < p.out; ++j) {
      const auto k = static_cast<std::size_t>(j);
      CHECK(std::fabs(static_cast<double>(y[j]) - want[k]) <= 1.01 * roundings * 0x1p-24 * most[k]);
    }
  }
}

TEST_CASE("gemv: infinities and NaN reach the outputs they belong to, and no other") {
  Vector<5> x = {{1, 2, 3, 4, 5}};
  Matrix<5, 11> W;
  Vector<11> b, y;
  for (float& w : W) w = 0.5f;
  for (float& v : b) v = 1.0f;
  W(2, 10) = __builtin_inff();
  b[3] = __builtin_nanf("");
  W(4, 0) = -__builtin_inff();
  gemv(x, W, b, y);
  for (int j = 0; j < 11; ++j) {
    CAPTURE(j);
    const float want = j == 10 ? __builtin_inff() : j == 3 ? __builtin_nanf("") : j == 0 ? -__builtin_inff() : 8.5f;
    CHECK(check::same(y[j], want));
  }
}

// README: "where subnormal numbers arise". One lane on Cortex-M55 may be four, by GCC's own vectorizer: nothing is said of it.
TEST_CASE("gemv: subnormal weights, inputs and products are kept, and flushed to zero by 32-bit NEON and Helium alone") {
  if (check::FlushesSubnormals && Vec::lanes == 1) return;
  const float kept = check::FlushesSubnormals ? 0.0f : 1.0f;
  struct Case {
    float x, w, y;
  };
  for (const Case& c : {Case{1.0f, 0x1p-130f, 0x1p-130f}, Case{0x1p-130f, 1.0f, 0x1p-130f}, Case{0x1p-70f, 0x1p-70f, 0x1p-140f},
                        Case{0x1p-149f, 0x1p+20f, 0x1p-129f}}) {
    CAPTURE(c.y);
    Vector<1> x;
    Matrix<1, 8> W;
    Vector<8> b, y;
    x[0] = c.x;
    for (int j = 0; j < 8; ++j) {
      W(0, j) = c.w;
      b[j] = 0.0f;
    }
    gemv(x, W, b, y);
    for (int j = 0; j < 8; ++j) CHECK(check::same(y[j], kept * c.y));
    b[0] = 1.0f;  // beside a normal number nothing of it is left
    gemv(x, W, b, y);
    CHECK(y[0] == 1.0f);
  }
}
