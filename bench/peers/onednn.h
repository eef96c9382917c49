/// oneDNN: dnnl_sgemm, row-major, as its inner products use it; its eltwise and softmax primitives for arrays.
#pragma once

#if __has_include(<dnnl.h>)
#include <dnnl.h>
#define INSITU_PEER_ONEDNN 1

#include <cstring>

#include "borrowed.h"

namespace insitu::peers {

struct OneDnn : Borrowed {
  static constexpr char name[] = "oneDNN";

  template <int Batch, int In, int Out>
  static void forward(const float* x, const float* W, const float* b, float* y) {
    for (int s = 0; s < Batch; ++s) std::memcpy(y + s * Out, b, Out * sizeof(float));
    dnnl_sgemm('N', 'N', Batch, Out, In, 1.0f, x, In, W, Out, 1.0f, y, Out);
  }
  template <int Batch, int In, int Out>
  static void update(const float* x, const float* d, float* W) {
    dnnl_sgemm('T', 'N', In, Out, Batch, 1.0f, x, In, d, Out, 1.0f, W, Out);
  }
  template <int Batch, int In, int Out>
  static void dx(const float* d, const float* W, float* out) {
    dnnl_sgemm('N', 'T', Batch, In, Out, 1.0f, d, Out, W, Out, 0.0f, out, In);
  }
};

}  // namespace insitu::peers
#endif
