/// libxsmm: kernels compiled at run time, once for each shape. It thinks in columns, so that a row-major product is its own with the factors swapped.
/// It cannot transpose the factor that dX needs transposed: that is copied by libxsmm_otrans first.
#pragma once

#if __has_include(<libxsmm.h>)
#include <libxsmm.h>
#define INSITU_PEER_LIBXSMM 1

#include <cstdlib>
#include <cstring>

#include "borrowed.h"

namespace insitu::peers {

struct Libxsmm : Borrowed {
  static constexpr char name[] = "libxsmm";

  /// C [M x N] += A [M x K] B [K x N], all by columns.
  template <int M, int N, int K, int Ldb, bool TransposeB>
  static void multiply(const float* A, const float* B, float* C) {
    static const libxsmm_smmfunction kernel = [] {
      const int lda = M, ldb = Ldb, ldc = M, flags = TransposeB ? LIBXSMM_GEMM_FLAG_TRANS_B : LIBXSMM_GEMM_FLAG_NONE,
                prefetch = LIBXSMM_PREFETCH_NONE;
      const float alpha = 1.0f, beta = 1.0f;
      return libxsmm_smmdispatch(M, N, K, &lda, &ldb, &ldc, &alpha, &beta, &flags, &prefetch);
    }();
    if (kernel == nullptr) std::abort();
    kernel(A, B, C);
  }

  template <int Batch, int In, int Out>
  static void forward(const float* x, const float* W, const float* b, float* y) {
    for (int s = 0; s < Batch; ++s) std::memcpy(y + s * Out, b, Out * sizeof(float));
    multiply<Out, Batch, In, In, false>(W, x, y);
  }
  template <int Batch, int In, int Out>
  static void update(const float* x, const float* d, float* W) {
    multiply<Out, In, Batch, In, true>(d, x, W);
  }
  template <int Batch, int In, int Out>
  static void dx(const float* d, const float* W, float* out) {
    alignas(64) static Array<float, In * Out> turned;
    libxsmm_otrans(turned, W, sizeof(float), Out, In, Out, In);
    std::memset(out, 0, sizeof(float) * Batch * In);
    multiply<In, Batch, Out, Out, false>(turned, d, out);
  }
};

}  // namespace insitu::peers
#endif
