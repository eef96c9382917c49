/// Dense<In, Out, Activation>: the fully connected layer, a = f(x W + b).
///
/// This is also the shape of a layer of your own: `inputs`, `outputs`, `name`, an `Activation` applied to its output element by element, `Tensors<T>` (an
/// aggregate of nothing but T), `initialize`, `forward` and `backward`, templates on the scalar, so that gradient_check can run it in double.
#pragma once

#include "../kernels/kernels.h"

namespace insitu {

template <int In, int Out, class Act = Identity>
struct Dense {
  static_assert(In > 0 && Out > 0, "insitu: a Dense layer needs inputs and outputs: write Dense<1, 1> or more");
  static constexpr int inputs = In, outputs = Out;
  static constexpr char name[] = "dense";
  using Activation = Act;

  /// W [In x Out], b [Out].
  template <class T = float>
  struct Tensors {
    Matrix<In, Out, T> weights;
    Vector<Out, T> bias;

    /// Weights from the distribution, bias zero.
    template <class Distribution, class Random>
    constexpr void initialize(const Distribution& distribution, Random& random) {
      for (T& w : weights) w = distribution(random, In, Out);
      for (T& b : bias) b = T(0);
    }
  };

  /// Z = X W + b. X [Batch x In], Z [Batch x Out], not overlapping; the samples s < rows.
  template <class T, int Batch>
  INSITU_INLINE static void forward(const Tensors<T>& p, const Matrix<Batch, In, T>& x, Matrix<Batch, Out, T>& z, int rows) {
    Kernels<T>::gemm(x, p.weights, p.bias, z, rows);
  }

  /// Adds to the gradient: dW += X^T dZ, db += sum dZ; and, where dx is given, dX = dZ W^T. Training goes another way (backpropagation.h), which stores none of it.
  template <class T, int Batch>
  static void backward(const Tensors<T>& p, const Matrix<Batch, In, T>& x, const Matrix<Batch, Out, T>& dz, Tensors<T>& gradient,
                       Matrix<Batch, In, T>* dx, int rows) {
    Kernels<T>::template ger<Batch, Out, In>(x.data, In, dz.data, gradient.weights.data, rows, In);
    Kernels<T>::add_rows(T(1), dz, gradient.bias, rows);
    if (dx != nullptr) Kernels<T>::template gemm_transposed<Out, Batch * In>(dz.data, p.weights.data, dx->data, rows, In, In);
  }
};

template <class Layer>
inline constexpr bool is_dense = false;
template <int In, int Out, class Act>
inline constexpr bool is_dense<Dense<In, Out, Act>> = true;

}  // namespace insitu
