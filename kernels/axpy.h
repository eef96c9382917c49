/// Elementwise updates: y += a x, y = a x, and the sum of a batch into a bias.
#pragma once

#include "tensor.h"
#include "vec.h"

namespace insitu {

/// y[k] = fma(a, x[k], y[k]), k < n. x and y may be the same array, not overlapping ones.
INSITU_INLINE void axpy(float a, const float* x, float* y, int n) {
  for_lanes(n, [&]<class V>(int k) INSITU_INLINE_LAMBDA { fma(V::broadcast(a), V::load(x + k), V::load(y + k)).store(y + k); });
}

/// y[k] = a x[k], k < n. x and y may be the same array.
INSITU_INLINE void scale(float a, const float* x, float* y, int n) {
  for_lanes(n, [&]<class V>(int k) INSITU_INLINE_LAMBDA { (V::broadcast(a) * V::load(x + k)).store(y + k); });
}

/// b[j] = fma(a, d[s][j], b[j]) for each sample s < rows in order: the bias of a layer takes a = -learning_rate, its gradient a = 1.
/// d [Batch x Out], b [Out].
template <int Batch, int Out>
INSITU_INLINE void add_rows(float a, const Matrix<Batch, Out>& d, Vector<Out>& b, int rows = Batch) {
  for_lanes<Out>([&]<class V>(int j) INSITU_INLINE_LAMBDA {
    V y = V::load(b.data + j);
    for (int s = 0; s < rows; ++s) y = fma(V::broadcast(a), V::load(d.row(s) + j), y);
    y.store(b.data + j);
  });
}

}  // namespace insitu
