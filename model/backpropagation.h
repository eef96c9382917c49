/// The backward pass of a network. What happens to a gradient is a sink's affair (sinks.h): it is stored, or applied to the weights where it arises.
///
/// Training keeps one Matrix a layer, its activations A. Going back it becomes the layer's delta dZ in place: when row i of the layer above has given
/// dA[.][i] and has been updated with A[.][i], nobody needs A[.][i] again. So a hidden layer's W is read for dX and updated in one pass (1.5x over two), and
/// training takes no memory for deltas.
#pragma once

#include "predict.h"
#include "sinks.h"

namespace insitu {

/// One Matrix [Batch x outputs] for each layer from Layer First on.
template <class Net, int First, int Batch, class T>
struct Activations {
  Matrix<Batch, Net::template Layer<First>::outputs, T> layer;
  Activations<Net, First + 1, Batch, T> next;
};
template <class Net, int First, int Batch, class T>
requires(First + 1 == Net::depth) struct Activations<Net, First, Batch, T> {
  Matrix<Batch, Net::template Layer<First>::outputs, T> layer;
};

/// Forward and backward through a network for up to Batch samples. Holds the activations; with Keep also a second set for the deltas, where both are needed.
template <class Net, class Loss, int Batch, class T = float, bool Keep = false>
struct Backpropagation {
  static constexpr int first = Net::first_trained;          // nothing below is back-propagated
  static constexpr int stored = first > 0 ? first - 1 : 0;  // the lowest layer whose activations are kept
  static_assert(first < Net::depth, "insitu: every layer is frozen, there is nothing to train: take Frozen off at least one");
  using OutputActivation = typename Net::template Layer<Net::depth - 1>::Activation;
  static_assert(
      Loss::template fits<OutputActivation>,
      "insitu: this loss does not fit the output: CrossEntropy takes Softmax or Identity, BinaryCrossEntropy Sigmoid or Identity, "
      "MeanSquaredError and Huber any but Softmax");
  using Inputs = Matrix<Batch, Net::inputs, T>;
  struct Nothing {};

  Activations<Net, stored, Batch, T> activations;
  [[no_unique_address]] std::conditional_t<Keep, Activations<Net, first, Batch, T>, Nothing> deltas;

  template <int I>
  INSITU_INLINE auto& activation() {
    return get<I - stored>(activations);
  }
  template <int I>
  INSITU_INLINE auto& delta() {
    if constexpr (Keep) {
      return get<I - first>(deltas);
    } else {
      return activation<I>();
    }
  }

  /// The mean loss of the samples s < rows; delta of the last layer is then its dZ.
  template <class Targets>
  INSITU_INLINE T forward(const Trained<Net, T>& trained, const Parameters<Net, T>& factory, const Loss& loss, const Inputs& x,
                          const Targets& t, int rows) {
    const auto first_product = [&](const auto& below, auto& z, int count)
                                   INSITU_INLINE_LAMBDA { product<Net, first, T>(trained, factory, below, z, count); };
    return forward_from(first_product, trained, factory, loss, x, t, rows);
  }

  /// The same where the lowest trained layer's product is the caller's: first_product(x, z, rows).
  template <class First, class Targets>
  INSITU_INLINE T forward_from(First&& first_product, const Trained<Net, T>& trained, const Parameters<Net, T>& factory, const Loss& loss,
                               const Inputs& x, const Targets& t, int rows) {
    rows = rows < Batch ? rows : Batch;  // more there cannot be; GCC 12 at -O3 warns of rows beyond where it is not told
    if constexpr (first > 0) insitu::forward<Net, first, T, Batch>(trained, factory, x, activation<first - 1>(), rows);
    first_product(input<first>(x), activation<first>(), rows);
    if constexpr (first + 1 < Net::depth) {
      activate<typename Net::template Layer<first>::Activation>(activation<first>(), rows);
      forward_layer<first + 1>(trained, factory, x, rows);
    }
    auto& dz = delta<Net::depth - 1>();
    if constexpr (Keep) dz = activation<Net::depth - 1>();
    return loss.template evaluate<OutputActivation>(dz, t, rows);
  }

  /// Sends each layer's gradient to the sink, the last layer first. Parameters that the sink changes are no longer needed then.
  template <class Sink>
  INSITU_INLINE void backward(const Trained<Net, T>& trained, const Parameters<Net, T>& factory, const Inputs& x, int rows, Sink&& sink) {
    rows = rows < Batch ? rows : Batch;
    backward_layer<Net::depth - 1>(trained, factory, x, rows, sink);
  }

  /// Sends layer I's gradient to the sink once more, where backward has left the deltas (Keep).
  template <int I, class Sink>
  INSITU_INLINE void send_layer(const Trained<Net, T>& trained, const Inputs& inputs, int rows, Sink&& sink) {
    static_assert(Keep);
    using P = Part<typename Net::template Layer<I>>;
    using L = typename P::Whole;
    if constexpr (is_dense<L>) {
      auto& dz = delta<I>();
      if constexpr (P::bias) sink.template begin<I>(dz, rows);
      if constexpr (P::weights) send_rows<I, L::inputs>(inputs, rows, sink);
      if constexpr (P::bias) sink.template bias<I>(dz, rows);
    } else if constexpr (P::weights) {
      send_other<I, L, true>(get<I>(trained), inputs, static_cast<Matrix<Batch, L::inputs, T>*>(nullptr), rows, sink);
    }
  }

  /// What layer I is given: the network's inputs or the activations below.
  template <int I>
  INSITU_INLINE auto& input(const Inputs& x) {
    if constexpr (I == 0) {
      return x;
    } else {
      return activation<I - 1>();
    }
  }

  /// The `count` rows of a Dense layer's W from row i on, at most Block: dA of these inputs, the update of these rows, then dZ of the layer below in place of its
  /// activations.
  template <int I, int Block, class W, class Sink>
  INSITU_INLINE void backward_rows(const W& weights, const Inputs& inputs, int i, int count, int rows, Sink& sink) {
    constexpr int In = W::rows, Out = W::cols;
    auto& x = input<I>(inputs);
    const auto& dz = delta<I>();
    if constexpr (I > first) {
      using Below = typename Net::template Layer<I - 1>::Activation;
      auto& dx = delta<I - 1>();
      Array<T, Batch * Block> da;
      Kernels<T>::template gemm_transposed<Out, Batch * Block>(dz.data, weights.row(i), da, rows, count, Block);
      if constexpr (Part<typename Net::template Layer<I>>::weights) sink.template weights<I, Block>(x.data + i, In, dz, i, count, rows);
      for (int s = 0; s < rows; ++s) {
        Kernels<T>::for_lanes(count, [&]<class V>(int k) INSITU_INLINE_LAMBDA {
          insitu::delta(Below::backward(V::load(x.row(s) + i + k), V::load(da + s * Block + k))).store(dx.row(s) + i + k);
        });
      }
    } else if constexpr (Part<typename Net::template Layer<I>>::weights) {
      sink.template weights<I, Block>(x.data + i, In, dz, i, count, rows);
    }
  }

 private:
  template <int I>
  INSITU_INLINE void forward_layer(const Trained<Net, T>& trained, const Parameters<Net, T>& factory, const Inputs& x, int rows) {
    product<Net, I, T>(trained, factory, input<I>(x), activation<I>(), rows);
    if constexpr (I + 1 < Net::depth) {
      activate<typename Net::template Layer<I>::Activation>(activation<I>(), rows);
      forward_layer<I + 1>(trained, factory, x, rows);
    }
  }

  template <int I, class Sink>
  INSITU_INLINE void backward_layer(const Trained<Net, T>& trained, const Parameters<Net, T>& factory, const Inputs& x, int rows,
                                    Sink& sink) {
    using P = Part<typename Net::template Layer<I>>;
    using L = typename P::Whole;
    if constexpr (is_dense<L>) {
      auto& dz = delta<I>();
      if constexpr (P::bias) sink.template begin<I>(dz, rows);
      if constexpr (P::weights) {
        backward_dense<I>(get<I>(trained).weights, x, rows, sink);
      } else {
        backward_dense<I>(get<I>(factory).weights, x, rows, sink);
      }
      if constexpr (P::bias) sink.template bias<I>(dz, rows);
    } else {
      backward_other<I, L, P::weights>(trained, factory, x, rows, sink);
    }
    if constexpr (I > first) backward_layer<I - 1>(trained, factory, x, rows, sink);
  }

  /// A few rows of W at a time.
  template <int I, class W, class Sink>
  INSITU_INLINE void backward_dense(const W& weights, const Inputs& inputs, int rows, Sink& sink) {
    using P = Part<typename Net::template Layer<I>>;
    constexpr int In = W::rows, Block = Batch >= TurnedBatch && Vec::lanes > 4 ? Vec::lanes : 4;
    if constexpr (I > first) {
      for (int i = 0; i < In; i += Block) backward_rows<I, Block>(weights, inputs, i, In - i < Block ? In - i : Block, rows, sink);
    } else if constexpr (P::weights) {
      send_rows<I, In>(inputs, rows, sink);
    }
  }

  /// All rows of W, at once or in blocks, as the sink wants them.
  template <int I, int In, class Sink>
  INSITU_INLINE void send_rows(const Inputs& inputs, int rows, Sink& sink) {
    auto& x = input<I>(inputs);
    const auto& dz = delta<I>();
    if constexpr (std::remove_reference_t<Sink>::whole_layer) {
      sink.template weights<I, In>(x.data, In, dz, 0, In, rows);
    } else {
      constexpr int Block = 4;
      for (int i = 0; i < In; i += Block) sink.template weights<I, Block>(x.data + i, In, dz, i, In - i < Block ? In - i : Block, rows);
    }
  }

  /// A layer of the user's: dX on the stack, whole.
  template <int I, class L, bool Trains, class Sink>
  INSITU_INLINE void backward_other(const Trained<Net, T>& trained, const Parameters<Net, T>& factory, const Inputs& inputs, int rows,
                                    Sink& sink) {
    const auto& p = [&]() -> const auto& {
      if constexpr (Trains) {
        return get<I>(trained);
      } else {
        return get<I>(factory);
      }
    }
    ();
    if constexpr (I > first) {
      Matrix<Batch, L::inputs, T> da;
      send_other<I, L, Trains>(p, inputs, &da, rows, sink);
      using Below = typename Net::template Layer<I - 1>::Activation;
      auto& x = input<I>(inputs);
      auto& dx = delta<I - 1>();
      Kernels<T>::for_lanes(rows * L::inputs, [&]<class V>(int k) INSITU_INLINE_LAMBDA {
        insitu::delta(Below::backward(V::load(x.data + k), V::load(da.data + k))).store(dx.data + k);
      });
    } else {
      send_other<I, L, Trains>(p, inputs, static_cast<Matrix<Batch, L::inputs, T>*>(nullptr), rows, sink);
    }
  }

  /// Its gradient on the stack, whole.
  template <int I, class L, bool Trains = true, class Sink>
  INSITU_INLINE void send_other(const typename L::template Tensors<T>& p, const Inputs& inputs, Matrix<Batch, L::inputs, T>* dx, int rows,
                                Sink& sink) {
    using Tensors = typename L::template Tensors<T>;
    Tensors gradient = {};
    L::backward(p, input<I>(inputs), delta<I>(), gradient, dx, rows);
    if constexpr (Trains && !std::is_empty_v<Tensors>) sink.template tensors<I>(gradient);
  }
};

}  // namespace insitu
