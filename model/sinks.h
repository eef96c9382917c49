/// Sinks: what happens to the gradient of a layer where the backward pass has it. For layer I, `begin` is given dZ, `weights` the inputs and dZ of some rows of W,
/// `bias` dZ, `tensors` the whole gradient of a layer of the user's.
#pragma once

#include "network.h"
#include "optimizer.h"

namespace insitu {

/// Sink that stores the gradient: dW[i] += sum_s x_i dz, db += sum_s dz.
template <class Net, int Batch, class T>
struct GradientSink {
  static constexpr bool whole_layer = true;  // takes all rows of W at once
  Trained<Net, T>& gradient;

  template <int I, int Out>
  INSITU_INLINE void begin(const Matrix<Batch, Out, T>&, int) {}
  template <int I, int Most, int Out>
  INSITU_INLINE void weights(const T* x, int stride, const Matrix<Batch, Out, T>& dz, int i, int count, int rows) {
    Kernels<T>::template ger<Batch, Out, Most>(x, stride, dz.data, get<I>(gradient).weights.row(i), rows, count);
  }
  template <int I, int Out>
  INSITU_INLINE void bias(const Matrix<Batch, Out, T>& dz, int rows) {
    Kernels<T>::add_rows(T(1), dz, get<I>(gradient).bias, rows);
  }
  template <int I, class Tensors>
  INSITU_INLINE void tensors(const Tensors& layer_gradient) {
    const T* from = reinterpret_cast<const T*>(&layer_gradient);
    T* to = reinterpret_cast<T*>(&get<I>(gradient));
    for (int k = 0; k < static_cast<int>(sizeof(Tensors) / sizeof(T)); ++k) to[k] = to[k] + from[k];
  }
};

/// Sink of plain SGD: W[i] += sum_s x_i (-learning_rate dz), in place.
template <class Net, int Batch>
struct SgdSink {
  static constexpr bool whole_layer = true;
  Trained<Net>& trained;
  const Sgd& optimizer;
  Matrix<Batch, Net::widest>& scaled;

  template <int I, int Out>
  INSITU_INLINE void begin(const Matrix<Batch, Out>& dz, int rows) {
    scale(-optimizer.learning_rate, dz.data, scaled.data, rows * Out);
  }
  template <int I, int Most, int Out>
  INSITU_INLINE void weights(const float* x, int stride, const Matrix<Batch, Out>&, int i, int count, int rows) {
    Kernels<float>::ger<Batch, Out, Most>(x, stride, scaled.data, get<I>(trained).weights.row(i), rows, count);
  }
  template <int I, int Out>
  INSITU_INLINE void bias(const Matrix<Batch, Out>& dz, int rows) {
    add_rows(-optimizer.learning_rate, dz, get<I>(trained).bias, rows);
  }
  template <int I, class Tensors>
  INSITU_INLINE void tensors(const Tensors& layer_gradient) {
    axpy(-optimizer.learning_rate, reinterpret_cast<const float*>(&layer_gradient), reinterpret_cast<float*>(&get<I>(trained)),
         float_count<Tensors>);
  }
};

/// The same, but for the weights of the lowest trained layer: their update waits in `scaled` for the next forward product (OnlineTrainer).
template <class Net>
struct OnlineSink : SgdSink<Net, 1> {
  template <int I, int Most, int Out>
  INSITU_INLINE void weights(const float* x, int stride, const Matrix<1, Out>& dz, int i, int count, int rows) {
    if constexpr (I > Net::first_trained) SgdSink<Net, 1>::template weights<I, Most>(x, stride, dz, i, count, rows);
  }
};

/// Sink of every other optimizer: the gradient of a few rows of W at a time, used at once.
template <class Net, int Batch, class Optimizer>
struct OptimizerSink {
  static constexpr bool whole_layer = false;
  Trained<Net>& trained;
  const Optimizer& optimizer;
  float* slots;

  template <int I, int Out>
  INSITU_INLINE void begin(const Matrix<Batch, Out>&, int) {}
  template <int I, int Most, int Out>
  INSITU_INLINE void weights(const float* x, int stride, const Matrix<Batch, Out>& dz, int i, int count, int rows) {
    Array<float, Most* Out> g = {};
    Kernels<float>::ger<Batch, Out, Most>(x, stride, dz.data, g, rows, count);
    apply(get<I>(trained).weights.row(i), g, count * Out);
  }
  template <int I, int Out>
  INSITU_INLINE void bias(const Matrix<Batch, Out>& dz, int rows) {
    Vector<Out> g = {};
    add_rows(1.0f, dz, g, rows);
    apply(get<I>(trained).bias.data, g.data, Out);
  }
  template <int I, class Tensors>
  INSITU_INLINE void tensors(const Tensors& layer_gradient) {
    apply(reinterpret_cast<float*>(&get<I>(trained)), reinterpret_cast<const float*>(&layer_gradient), float_count<Tensors>);
  }

 private:
  INSITU_INLINE void apply(float* w, const float* g, int n) {
    constexpr int Stride = float_count<Trained<Net>>;
    float* own = nullptr;
    if constexpr (Optimizer::slots > 0) own = slots + (w - reinterpret_cast<float*>(&trained));
    update(optimizer, w, g, own, Stride, n);
  }
};

/// Sink that drops the gradient, for a pass that is after the deltas alone.
struct NoSink {
  static constexpr bool whole_layer = true;
  template <int I, class Dz>
  INSITU_INLINE void begin(const Dz&, int) {}
  template <int I, int Most, class T, class Dz>
  INSITU_INLINE void weights(const T*, int, const Dz&, int, int, int) {}
  template <int I, class Dz>
  INSITU_INLINE void bias(const Dz&, int) {}
  template <int I, class Tensors>
  INSITU_INLINE void tensors(const Tensors&) {}
};

}  // namespace insitu
