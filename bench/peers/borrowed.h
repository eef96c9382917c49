/// Elementwise work for libraries that have none (BLAS), taken from insitu: what is compared is their products, and this can only favour them.
///
/// A peer has `name` and these members; row-major arrays, x [Batch x In], W [In x Out], b [Out], y and d [Batch x Out]:
///   forward<Batch, In, Out>(x, W, b, y)     y = b + x W
///   update<Batch, In, Out>(x, d, W)         W += x^T d
///   dx<Batch, In, Out>(d, W, out)           out = d W^T
///   add_rows<Batch, Out>(d, b)              b += the sum of the rows of d
///   activate<Act, Batch, Out>(z)            z = f(z)
///   deactivate<Act, N>(a, d)                d = d f'(z) where a = f(z)
///   output<Loss, Act, Batch, Out>(z, t)     z = dL/dz; returns the mean loss
#pragma once

#include "model/insitu.h"

namespace insitu::peers {

struct Borrowed {
  template <int Batch, int Out>
  static void add_rows(const float* d, float* b) {
    for (int s = 0; s < Batch; ++s) {
      for (int j = 0; j < Out; ++j) b[j] += d[s * Out + j];
    }
  }
  template <class Act, int Batch, int Out>
  static void activate(float* z) {
    insitu::activate<Act>(*reinterpret_cast<Matrix<Batch, Out>*>(z), Batch);
  }
  template <class Act, int N>
  static void deactivate(const float* a, float* d) {
    for_lanes<N>([&]<class V>(int k) INSITU_INLINE_LAMBDA { Act::backward(V::load(a + k), V::load(d + k)).store(d + k); });
  }
  template <class Loss, class Act, int Batch, int Out>
  static float output(float* z, const float* t) {
    return Loss{}.template evaluate<Act>(*reinterpret_cast<Matrix<Batch, Out>*>(z), *reinterpret_cast<const Matrix<Batch, Out>*>(t), Batch);
  }
};

}  // namespace insitu::peers
