/// OpenBLAS: sgemv and sger for one sample, sgemm for a batch. The product starts from the bias (beta = 1), the update goes in place.
#pragma once

#if __has_include(<cblas.h>)
#include <cblas.h>
#define INSITU_PEER_OPENBLAS 1

#include <cstring>

#include "borrowed.h"

namespace insitu::peers {

struct OpenBlas : Borrowed {
  static constexpr char name[] = "OpenBLAS";

  template <int Batch, int In, int Out>
  static void forward(const float* x, const float* W, const float* b, float* y) {
    for (int s = 0; s < Batch; ++s) std::memcpy(y + s * Out, b, Out * sizeof(float));
    if constexpr (Batch == 1) {
      cblas_sgemv(CblasRowMajor, CblasTrans, In, Out, 1.0f, W, Out, x, 1, 1.0f, y, 1);
    } else {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, Batch, Out, In, 1.0f, x, In, W, Out, 1.0f, y, Out);
    }
  }
  template <int Batch, int In, int Out>
  static void update(const float* x, const float* d, float* W) {
    if constexpr (Batch == 1) {
      cblas_sger(CblasRowMajor, In, Out, 1.0f, x, 1, d, 1, W, Out);
    } else {
      cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, In, Out, Batch, 1.0f, x, In, d, Out, 1.0f, W, Out);
    }
  }
  template <int Batch, int In, int Out>
  static void dx(const float* d, const float* W, float* out) {
    if constexpr (Batch == 1) {
      cblas_sgemv(CblasRowMajor, CblasNoTrans, In, Out, 1.0f, W, Out, d, 1, 0.0f, out, 1);
    } else {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, Batch, In, Out, 1.0f, d, Out, W, Out, 0.0f, out, In);
    }
  }
};

}  // namespace insitu::peers
#endif
