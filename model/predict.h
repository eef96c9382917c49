/// predict: the outputs of a network, by two buffers on the stack that take turns.
#pragma once

#include "network.h"

namespace insitu {

/// a = f(z) for the samples s < rows, in place.
template <class Act, class T, int Batch, int Out>
INSITU_INLINE void activate(Matrix<Batch, Out, T>& z, int rows) {
  if constexpr (std::is_same_v<Act, Softmax>) {
    Kernels<T>::softmax(z, rows);
  } else if constexpr (!std::is_same_v<Act, Identity>) {
    Kernels<T>::for_lanes(rows * Out, [&]<class V>(int k) INSITU_INLINE_LAMBDA { Act::forward(V::load(z.data + k)).store(z.data + k); });
  }
}

/// Layer I's product Z = X W + b, its tensors taken from `trained` where training changes them, else from `factory`.
template <class Net, int I, class T, class X, class Z>
INSITU_INLINE void product(const Trained<Net, T>& trained, const Parameters<Net, T>& factory, const X& x, Z& z, int rows) {
  using P = Part<typename Net::template Layer<I>>;
  using L = typename P::Whole;
  if constexpr (P::weights) {
    L::forward(get<I>(trained), x, z, rows);
  } else if constexpr (P::bias) {
    Kernels<T>::gemm(x, get<I>(factory).weights, get<I>(trained).bias, z, rows);
  } else {
    L::forward(get<I>(factory), x, z, rows);
  }
}

/// Room for the activations of any one of the layers I, I + 2, I + 4, ... < End: they are never needed at once.
template <class Net, int I, int End, int Batch, class T>
union Turn {
  Matrix<Batch, Net::template Layer<I>::outputs, T> layer;
  Turn<Net, I + 2, End, Batch, T> later;
};
template <class Net, int I, int End, int Batch, class T>
requires(I + 2 >= End) union Turn<Net, I, End, Batch, T> {
  Matrix<Batch, Net::template Layer<(I < End ? I : End - 1)>::outputs, T> layer;
};

/// The activations of layer End - 1 for an input of layer I. Layers in between take turns in two buffers: `mine` for layer I, `other` for the next.
template <class Net, int I, int End, class T, class X, class A, class Mine, class Other>
INSITU_INLINE void forward_turns(const Trained<Net, T>& trained, const Parameters<Net, T>& factory, const X& x, A& a, Mine& mine,
                                 Other& other, int rows) {
  using Act = typename Net::template Layer<I>::Activation;
  if constexpr (I + 1 == End) {
    product<Net, I, T>(trained, factory, x, a, rows);
    activate<Act>(a, rows);
  } else {
    product<Net, I, T>(trained, factory, x, mine.layer, rows);
    activate<Act>(mine.layer, rows);
    if constexpr (I + 2 < End - 1) {
      forward_turns<Net, I + 1, End, T>(trained, factory, mine.layer, a, other, mine.later, rows);
    } else {
      forward_turns<Net, I + 1, End, T>(trained, factory, mine.layer, a, other, other, rows);
    }
  }
}

/// The activations of layer End - 1 for the network's inputs, in two buffers on the stack.
template <class Net, int End, class T, int Batch, class X, class A>
INSITU_INLINE void forward(const Trained<Net, T>& trained, const Parameters<Net, T>& factory, const X& x, A& a, int rows) {
  if constexpr (End == 1) {
    product<Net, 0, T>(trained, factory, x, a, rows);
    activate<typename Net::template Layer<0>::Activation>(a, rows);
  } else {
    Turn<Net, 0, End - 1, Batch, T> even;
    Turn<Net, 1, End - 1, Batch, T> odd;
    forward_turns<Net, 0, End, T>(trained, factory, x, a, even, odd, rows);
  }
}

/// The outputs for a batch of inputs. Inputs [Batch x inputs of the network].
template <class Net, int Batch>
Matrix<Batch, Net::outputs> predict(const Trained<Net>& trained, const Parameters<Net>& factory, const Matrix<Batch, Net::inputs>& inputs) {
  Matrix<Batch, Net::outputs> outputs;
  forward<Net, Net::depth, float, Batch>(trained, factory, inputs, outputs, Batch);
  return outputs;
}
template <class Net, int Batch>
requires Net::all_trained Matrix<Batch, Net::outputs> predict(const Parameters<Net>& parameters, const Matrix<Batch, Net::inputs>& inputs) {
  return predict<Net>(parameters, parameters, inputs);
}

/// The outputs for one input: predict<Digits>(parameters, input).
template <class Net>
Vector<Net::outputs> predict(const Trained<Net>& trained, const Parameters<Net>& factory, const Vector<Net::inputs>& input) {
  Matrix<1, Net::inputs> x;
  for (int i = 0; i < Net::inputs; ++i) x.data[i] = input[i];
  Matrix<1, Net::outputs> y;
  forward<Net, Net::depth, float, 1>(trained, factory, x, y, 1);
  Vector<Net::outputs> output;
  for (int j = 0; j < Net::outputs; ++j) output[j] = y.data[j];
  return output;
}
template <class Net>
requires Net::all_trained Vector<Net::outputs> predict(const Parameters<Net>& parameters, const Vector<Net::inputs>& input) {
  return predict<Net>(parameters, parameters, input);
}

/// Whether a network takes X: one input or a batch of them.
template <class Net, int Batch>
void batch_of(const Matrix<Batch, Net::inputs>&);
template <class Net, class X>
inline constexpr bool is_input = std::is_convertible_v<const X&, const Vector<Net::inputs>&> || requires(const X& x) {
  batch_of<Net>(x);
};

/// What none of these takes is told in one sentence what they do.
template <class Net, class P, class X>
requires(!Net::all_trained || !std::is_convertible_v<const P&, const Parameters<Net>&> ||
         !is_input<Net, X>) Vector<Net::outputs> predict(const P&, const X&) {
  static_assert(Net::all_trained, "insitu: parts of this network are frozen: write predict<Network>(trained, factory, input)");
  static_assert(!Net::all_trained || std::is_convertible_v<const P&, const Parameters<Net>&>,
                "insitu: these parameters are of another network: write Parameters<Network>");
  static_assert(is_input<Net, X>,
                "insitu: this input has another shape than the network's: write Vector<inputs of the network> or Matrix<batch, inputs of "
                "the network>");
  return {};
}

}  // namespace insitu
