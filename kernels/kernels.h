/// Kernels<T>: what the model calls, by scalar type. float is this library; double, for checking gradients, is reference.h (model/gradient_check.h).
#pragma once

#include "activation.h"
#include "axpy.h"
#include "gemm.h"
#include "gemm_transposed.h"
#include "ger.h"
#include "ger_gemv.h"
#include "softmax.h"

namespace insitu {

template <class T>
struct Kernels;

/// From this many multiply-adds on a product is a function of its own, shared by training, evaluation and inference: a call costs a few cycles, inlining it
/// everywhere a third of the compile time and of the code.
inline constexpr int Shared = 2048;

template <int Batch, int In, int Out>
[[gnu::noinline]] inline void shared_gemm(const Matrix<Batch, In>& x, const Matrix<In, Out>& W, const Vector<Out>& b, Matrix<Batch, Out>& y,
                                          int rows) {
  gemm(x, W, b, y, rows);
}
template <int Out>
[[gnu::noinline]] inline void shared_gemm_transposed(const float* dz, const float* W, float* dx, int rows, int inputs, int stride) {
  gemm_transposed<Out>(dz, W, dx, rows, inputs, stride);
}
template <int Batch, int Out>
[[gnu::noinline]] inline void shared_ger(const float* x, int stride, const float* d, float* W, int rows, int inputs) {
  ger<Batch, Out>(x, stride, d, W, rows, inputs);
}
template <int In, int Out>
[[gnu::noinline]] inline void shared_ger_gemv(const float* p, const float* d, const float* x, float* W, const float* b, float* y) {
  ger_gemv<In, Out>(p, d, x, W, b, y);
}

template <>
struct Kernels<float> {
  using Lane = Scalar;

  template <int Batch, int In, int Out>
  INSITU_INLINE static void gemm(const Matrix<Batch, In>& x, const Matrix<In, Out>& W, const Vector<Out>& b, Matrix<Batch, Out>& y,
                                 int rows) {
    if constexpr (Batch * In * Out >= Shared) {
      shared_gemm(x, W, b, y, rows);
    } else {
      insitu::gemm(x, W, b, y, rows);
    }
  }
  /// Most: the samples and inputs of the call, as far as they are known.
  template <int Out, int Most>
  INSITU_INLINE static void gemm_transposed(const float* dz, const float* W, float* dx, int rows, int inputs, int stride) {
    if constexpr (Most * Out >= Shared) {
      shared_gemm_transposed<Out>(dz, W, dx, rows, inputs, stride);
    } else {
      insitu::gemm_transposed<Out>(dz, W, dx, rows, inputs, stride);
    }
  }
  template <int Batch, int Out, int Most>
  INSITU_INLINE static void ger(const float* x, int stride, const float* d, float* W, int rows, int inputs) {
    if constexpr (Most * Batch * Out >= Shared) {
      shared_ger<Batch, Out>(x, stride, d, W, rows, inputs);
    } else {
      insitu::ger<Batch, Out>(x, stride, d, W, rows, inputs);
    }
  }
  template <int In, int Out>
  INSITU_INLINE static void ger_gemv(const float* p, const float* d, const float* x, float* W, const float* b, float* y) {
    if constexpr (In * Out >= Shared) {
      shared_ger_gemv<In, Out>(p, d, x, W, b, y);
    } else {
      insitu::ger_gemv<In, Out>(p, d, x, W, b, y);
    }
  }
  template <int Batch, int Out>
  INSITU_INLINE static void add_rows(float a, const Matrix<Batch, Out>& d, Vector<Out>& b, int rows) {
    insitu::add_rows(a, d, b, rows);
  }
  template <int Batch, int Out>
  INSITU_INLINE static void softmax(Matrix<Batch, Out>& z, int rows) {
    insitu::softmax(z, rows);
  }
  template <int Out>
  INSITU_INLINE static float softmax_cross_entropy(float* z, const float* t) {
    return insitu::softmax_cross_entropy<Out>(z, t);
  }
  /// `f.operator()<V>(offset)` over [0, n).
  template <class F>
  INSITU_INLINE static void for_lanes(int n, F&& f) {
    insitu::for_lanes(n, f);
  }
};

}  // namespace insitu
