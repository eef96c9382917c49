/// gradient_check: holds a network's backward pass against central differences in double. For tests: it uses reference.h and with it the standard library.
#pragma once

#include "../kernels/reference.h"
#include "trainer.h"

namespace insitu {

template <>
struct Kernels<double> {
  using Lane = reference::Lane<double>;

  template <int Batch, int In, int Out>
  static void gemm(const Matrix<Batch, In, double>& x, const Matrix<In, Out, double>& W, const Vector<Out, double>& b,
                   Matrix<Batch, Out, double>& y, int rows) {
    reference::gemm(x.data, W.data, b.data, y.data, rows, In, Out);
  }
  template <int Out, int>
  static void gemm_transposed(const double* dz, const double* W, double* dx, int rows, int inputs, int stride) {
    for (int s = 0; s < rows; ++s) reference::gemm_transposed(dz + s * Out, W, dx + s * stride, 1, inputs, Out);
  }
  template <int Batch, int Out, int>
  static void ger(const double* x, int stride, const double* d, double* W, int rows, int inputs) {
    for (int s = 0; s < rows; ++s) reference::ger(x + s * stride, d + s * Out, W, 1, inputs, Out);
  }
  template <int Batch, int Out>
  static void add_rows(double a, const Matrix<Batch, Out, double>& d, Vector<Out, double>& b, int rows) {
    reference::add_rows(a, d.data, b.data, rows, Out);
  }
  template <int Batch, int Out>
  static void softmax(Matrix<Batch, Out, double>& z, int rows) {
    reference::softmax(z.data, rows, Out);
  }
  template <int Out>
  static double softmax_cross_entropy(double* z, const double* t) {
    Array<double, Out> dz;
    const double loss = reference::cross_entropy(z, t, dz, 1, Out);
    reference::softmax(z, 1, Out);
    return loss;
  }
  template <class F>
  static void for_lanes(int n, F&& f) {
    for (int k = 0; k < n; ++k) f.template operator()<Lane>(k);
  }
};

/// What was found.
struct GradientCheck {
  double worst = 0.0;                    ///< the largest |backward - numeric| / (|numeric| + root mean square of the layer's gradient)
  int layer = -1, index = -1;            ///< where: the number within the tensors that training changes in that layer
  double backward = 0.0, numeric = 0.0;  ///< the two derivatives there
  int checked = 0, skipped = 0;          ///< parameters compared, and those whose step crosses a kink (ReLU's gate)
};

/// Compares dL/dw, as the layers' `backward`, the activations and the loss give it, with (L(w + step) - L(w - step)) / (2 step), both in double. What is right
/// differs by less than 1e-6 for weights of order 1 and the default step. Holds a few copies of the parameters: place it as you would a trainer.
template <class Net, class Loss, int Batch>
struct GradientChecker {
  using Inputs = Matrix<Batch, Net::inputs, double>;
  using Pass = Backpropagation<Net, Loss, Batch, double>;
  static constexpr int count = static_cast<int>(sizeof(Trained<Net, double>) / sizeof(double));

  Loss loss = {};
  double step = 1e-5;
  Pass pass = {};
  Trained<Net, double> moved = {}, gradient = {};

  /// Checks every parameter that training changes. Targets are as for Trainer, a Matrix of them in double.
  template <class Targets>
  GradientCheck operator()(const Trained<Net, double>& trained, const Parameters<Net, double>& factory, const Inputs& inputs,
                           const Targets& targets, int samples = Batch) {
    moved = trained;
    gradient = {};
    pass.forward(moved, factory, loss, inputs, targets, samples);
    pass.backward(moved, factory, inputs, samples, GradientSink<Net, Batch, double>{gradient});
    GradientCheck result;
    check_layer<Net::first_trained>(result, 0,
                                    [&](int k, double& derivative) { return numeric(k, factory, inputs, targets, samples, derivative); });
    return result;
  }
  template <class Targets>
  requires Net::all_trained GradientCheck operator()(const Parameters<Net, double>& parameters, const Inputs& inputs,
                                                     const Targets& targets, int samples = Batch) {
    return (*this)(parameters, parameters, inputs, targets, samples);
  }

  /// The central difference for number k of `moved`, which is left as it was. False where the step crosses a kink.
  template <class Targets>
  bool numeric(int k, const Parameters<Net, double>& factory, const Inputs& inputs, const Targets& targets, int samples,
               double& derivative) {
    double* w = reinterpret_cast<double*>(&moved) + k;
    const double middle = *w;
    *w = middle + step;
    const double above = pass.forward(moved, factory, loss, inputs, targets, samples);
    const unsigned long long side = gates<Pass::stored>(samples);
    *w = middle - step;
    const double below = pass.forward(moved, factory, loss, inputs, targets, samples);
    const bool smooth = gates<Pass::stored>(samples) == side;
    *w = middle;
    derivative = (above - below) / (2.0 * step);
    return smooth;
  }

 private:
  /// Which side of its kink each unit is on, for activations that have one, as one number.
  template <int I>
  unsigned long long gates(int samples, unsigned long long hash = 0xcbf29ce484222325ull) {
    if constexpr (requires { Net::template Layer<I>::Activation::kink; } && I + 1 < Net::depth) {
      const auto& a = pass.template activation<I>();
      for (int k = 0; k < samples * a.cols; ++k) hash = (hash ^ (a.data[k] > 0.0 ? 1u : 0u)) * 0x100000001b3ull;
    }
    if constexpr (I + 1 < Net::depth) {
      return gates<I + 1>(samples, hash);
    } else {
      return hash;
    }
  }

  template <int I, class Numeric>
  void check_layer(GradientCheck& result, int begin, Numeric&& numeric_at) {
    using Tensors = std::remove_reference_t<decltype(get<I>(gradient))>;
    constexpr int Count = std::is_empty_v<Tensors> ? 0 : static_cast<int>(sizeof(Tensors) / sizeof(double));
    const double* g = reinterpret_cast<const double*>(&gradient) + begin;
    double squares = 0.0;
    for (int k = 0; k < Count; ++k) squares += g[k] * g[k];
    const double size = std::sqrt(squares / (Count > 0 ? Count : 1));
    for (int k = 0; k < Count; ++k) {
      double derivative;
      if (!numeric_at(begin + k, derivative)) {
        ++result.skipped;
        continue;
      }
      ++result.checked;
      const double error = std::fabs(g[k] - derivative) / (std::fabs(derivative) + size + 1e-12);
      if (!(error <= result.worst)) {  // so that a NaN is the worst
        result.worst = error;
        result.layer = I;
        result.index = k;
        result.backward = g[k];
        result.numeric = derivative;
      }
    }
    if constexpr (I + 1 < Net::depth) check_layer<I + 1>(result, begin + Count, numeric_at);
  }
};

/// The same for a small network, its workspace on the stack: gradient_check<Network, Loss>(parameters, inputs, targets).
template <class Net, class Loss, int Batch, class Targets>
GradientCheck gradient_check(const Parameters<Net, double>& parameters, const Matrix<Batch, Net::inputs, double>& inputs,
                             const Targets& targets, const Loss& loss = {}) {
  GradientChecker<Net, Loss, Batch> checker{.loss = loss};
  return checker(parameters, inputs, targets);
}

/// A copy in double of any aggregate of floats: Parameters, Matrix.
template <class To, class From>
To widen(const From& from) {
  To to;
  static_assert(sizeof(To) == 2 * sizeof(From),
                "insitu: the same aggregate in double: write widen<Parameters<Network, double>>(parameters)");
  for (unsigned k = 0; k < sizeof(From) / sizeof(float); ++k)
    reinterpret_cast<double*>(&to)[k] = static_cast<double>(reinterpret_cast<const float*>(&from)[k]);
  return to;
}

}  // namespace insitu
