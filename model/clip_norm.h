/// ClipNorm<Optimizer>: an optimizer that never sees a gradient larger than a bound.
#pragma once

#include "backpropagation.h"

namespace insitu {

/// Scales the whole gradient by max_norm / (|g| + 1e-6) where its norm |g| over all trained parameters is larger than max_norm, then does as Inner does.
/// The norm needs no gradient as a value: |dW|^2 is the sum over pairs of samples of (x_s . x_t)(dz_s . dz_t) (NormSink).
template <class Inner>
struct ClipNorm {
  Inner optimizer;
  float max_norm = 1.0f;
};

/// The optimizer inside ClipNorm, or itself.
template <class O>
INSITU_INLINE O& unclipped(O& optimizer) {
  return optimizer;
}
template <class O>
INSITU_INLINE O& unclipped(ClipNorm<O>& clipped) {
  return clipped.optimizer;
}
template <class O>
struct Unclipped {
  using type = O;
  static constexpr bool clips = false;
};
template <class O>
struct Unclipped<ClipNorm<O>> {
  using type = O;
  static constexpr bool clips = true;
};

/// Sink that adds up |dW|^2 + |db|^2 without forming dW: the sum over pairs of samples of (x_s . x_t + 1)(dz_s . dz_t), the 1 for the bias.
template <int Batch>
struct NormSink {
  static constexpr bool whole_layer = true;
  float squared = 0.0f;

  template <int I, class Dz>
  INSITU_INLINE void begin(const Dz&, int) {}
  template <int I, int Most, int Out>
  INSITU_INLINE void weights(const float* x, int stride, const Matrix<Batch, Out>& dz, int, int count, int rows) {
    add_pairs<Out>(dz, rows, [&](int s, int t) INSITU_INLINE_LAMBDA {
      if constexpr (Most >= BackwardSums) {  // in registers, to the same bits
        if (count == Most) return dot<Most>(x + s * stride, x + t * stride);
      }
      return dot(x + s * stride, x + t * stride, count);
    });
  }
  template <int I, int Out>
  INSITU_INLINE void bias(const Matrix<Batch, Out>& dz, int rows) {
    add_pairs<Out>(dz, rows, [](int, int) INSITU_INLINE_LAMBDA { return 1.0f; });
  }
  template <int I, class Tensors>
  INSITU_INLINE void tensors(const Tensors& gradient) {
    const float* g = reinterpret_cast<const float*>(&gradient);
    squared = squared + dot<float_count<Tensors>>(g, g);
  }
  template <int Out, class Factor>
  INSITU_INLINE void add_pairs(const Matrix<Batch, Out>& dz, int rows, Factor&& factor) {
    for (int s = 0; s < rows; ++s) {
      for (int t = 0; t <= s; ++t) {  // a pair of two counts twice
        squared = insitu::fma(t < s ? 2.0f : 1.0f, (Scalar(factor(s, t)) * Scalar(dot<Out>(dz.row(s), dz.row(t)))).value, squared);
      }
    }
  }
};

/// Sink that does as Inner does and adds up |g|^2 beside it. Each layer counts as a whole where its inputs are still there, before its first rows are sent: so the
/// order of the sum does not follow the blocks of rows.
template <class Net, int Batch, class Inner, class Pass>
struct MeasuringSink {
  static constexpr bool whole_layer = Inner::whole_layer;
  Inner& inner;
  Pass& pass;
  const Matrix<Batch, Net::inputs>& inputs;
  NormSink<Batch> norm = {};

  template <int I, int Out>
  INSITU_INLINE void begin(const Matrix<Batch, Out>& dz, int rows) {
    using P = Part<typename Net::template Layer<I>>;
    constexpr int In = P::Whole::inputs;
    if constexpr (P::weights) norm.template weights<I, In>(pass.template input<I>(inputs).data, In, dz, 0, In, rows);
    norm.template bias<I>(dz, rows);
    inner.template begin<I>(dz, rows);
  }
  template <int I, int Most, int Out>
  INSITU_INLINE void weights(const float* x, int stride, const Matrix<Batch, Out>& dz, int i, int count, int rows) {
    inner.template weights<I, Most>(x, stride, dz, i, count, rows);
  }
  template <int I, int Out>
  INSITU_INLINE void bias(const Matrix<Batch, Out>& dz, int rows) {
    inner.template bias<I>(dz, rows);
  }
  template <int I, class Tensors>
  INSITU_INLINE void tensors(const Tensors& gradient) {
    norm.template tensors<I>(gradient);
    inner.template tensors<I>(gradient);
  }
};

/// The norm of the gradient that NormSink has summed up, as a factor for it: max_norm / (|g| + 1e-6), at most 1.
INSITU_INLINE float clip_factor(float squared_norm, float max_norm) {
  const Scalar factor = Scalar(max_norm) / (sqrt(Scalar(squared_norm)) + Scalar(1e-6f));
  return select(factor < Scalar(1.0f), factor, Scalar(1.0f)).value;
}

}  // namespace insitu
