/// Network<Layers...>: the shape of a network as a type; Parameters and Trained, its memory; Frozen and BiasOnly, what training leaves alone.
#pragma once

#include <type_traits>

#include "dense.h"

namespace insitu {

/// A layer that training leaves as it is. Its tensors are read from a const Parameters, which may lie in flash; the network's text and hash ignore freezing.
template <class L>
struct Frozen : L {};

/// A layer of which only the bias is trained.
template <class L>
struct BiasOnly : L {
  static_assert(is_dense<L>, "insitu: BiasOnly takes a Dense layer: write BiasOnly<Dense<In, Out, Activation>>");
};

template <int Out, class T>
struct BiasTensors {
  Vector<Out, T> bias;
};
struct NoTensors {};

/// How a layer takes part in training: `Whole` (the layer without a wrapper), `Tensors`, and `Trained`, those of them that training changes.
template <class L>
struct Part {
  using Whole = L;
  static constexpr bool weights = true, bias = true;
  template <class T>
  using Trained = typename L::template Tensors<T>;
};
template <class L>
struct Part<Frozen<L>> {
  using Whole = typename Part<L>::Whole;
  static constexpr bool weights = false, bias = false;
  template <class T>
  using Trained = NoTensors;
};
template <class L>
struct Part<BiasOnly<L>> {
  using Whole = L;
  static constexpr bool weights = false, bias = true;
  template <class T>
  using Trained = BiasTensors<L::outputs, T>;
};

/// One aggregate of all layers' tensors: {layer; next}, in order, nothing between them. A part without tensors takes no room.
template <class First, class... Rest>
struct Chain;
template <class... Parts>
inline constexpr bool holds_nothing = (std::is_empty_v<Parts> && ...);

template <class First, class... Rest>
struct Chain {
  First layer;
  Chain<Rest...> next;
};
template <class First, class... Rest>
requires(sizeof...(Rest) > 0 && !std::is_empty_v<First> && holds_nothing<Rest...>) struct Chain<First, Rest...> {
  First layer;
  static constexpr Chain<Rest...> next{};
};
template <class First, class... Rest>
requires(sizeof...(Rest) > 0 && std::is_empty_v<First> && !holds_nothing<Rest...>) struct Chain<First, Rest...> {
  static constexpr First layer{};
  Chain<Rest...> next;
};
template <class First, class... Rest>
requires(sizeof...(Rest) > 0 && holds_nothing<First, Rest...>) struct Chain<First, Rest...> {
  static constexpr First layer{};
  static constexpr Chain<Rest...> next{};
};
template <class First>
struct Chain<First> {
  First layer;
};
template <class First>
requires std::is_empty_v<First>
struct Chain<First> {
  static constexpr First layer{};
};

/// The tensors of layer I: get<1>(parameters).weights is parameters.next.layer.weights.
template <int I, class C>
INSITU_INLINE constexpr auto& get(C& chain) {
  if constexpr (I == 0) {
    return chain.layer;
  } else {
    return get<I - 1>(chain.next);
  }
}

template <int I, class First, class... Rest>
struct LayerAt {
  using type = typename LayerAt<I - 1, Rest...>::type;
};
template <class First, class... Rest>
struct LayerAt<0, First, Rest...> {
  using type = First;
};

/// Whether an aggregate holds numbers of its type and nothing else: made of an element of 3 bytes it must take 3 bytes a number.
struct ThreeBytes {
  char bytes[3];
};
template <template <class> class Tensors>
inline constexpr bool only_numbers = std::is_empty_v<Tensors<float>> ||
                                     (alignof(Tensors<float>) == alignof(float) &&
                                      sizeof(Tensors<ThreeBytes>) * sizeof(float) == sizeof(Tensors<float>) * 3);

/// Layers in order, the outputs of each the inputs of the next.
template <class... Layers>
struct Network {
  static_assert(sizeof...(Layers) > 0, "insitu: a Network needs at least one layer: write Network<Dense<In, Out, Activation>>");
  static constexpr int depth = sizeof...(Layers);
  template <int I>
  using Layer = typename LayerAt<I, Layers...>::type;
  template <int I>
  using Whole = typename Part<Layer<I>>::Whole;

  static constexpr int inputs = Layer<0>::inputs, outputs = Layer<depth - 1>::outputs;
  template <class T = float>
  using Parameters = Chain<typename Part<Layers>::Whole::template Tensors<T>...>;
  template <class T = float>
  using Trained = Chain<typename Part<Layers>::template Trained<T>...>;

  /// The lowest layer that training changes; depth where none is.
  static constexpr int first_trained = [] {
    constexpr bool Trains[] = {Part<Layers>::bias...};
    int first = 0;
    while (first < depth && !Trains[first]) ++first;
    return first;
  }();
  /// Whether training changes every tensor: then one Parameters serves for both Trained and factory.
  static constexpr bool all_trained = ((Part<Layers>::weights && Part<Layers>::bias) && ...);
  /// The widest output of any layer.
  static constexpr int widest = [] {
    constexpr int Widths[] = {Layers::outputs...};
    int most = 0;
    for (int w : Widths) most = w > most ? w : most;
    return most;
  }();

  static constexpr bool chained = [] {
    constexpr int Ins[] = {Layers::inputs...}, Outs[] = {Layers::outputs...};
    for (int l = 1; l < depth; ++l) {
      if (Ins[l] != Outs[l - 1]) return false;
    }
    return true;
  }();
  static_assert(chained, "insitu: the inputs of each layer must be the outputs of the one before: write Dense<64, 32>, Dense<32, 10>");
  static constexpr bool softmax_last = [] {
    constexpr bool Soft[] = {std::is_same_v<typename Layers::Activation, Softmax>...};
    for (int l = 0; l + 1 < depth; ++l) {
      if (Soft[l]) return false;
    }
    return true;
  }();
  static_assert(softmax_last, "insitu: Softmax belongs to the last layer: write Relu, Tanh or Sigmoid in the layers before it");

  static constexpr int parameter_count = [] {
    if constexpr (holds_nothing<Parameters<float>>) return 0;
    return static_cast<int>(sizeof(Parameters<float>) / sizeof(float));
  }();
  static_assert((only_numbers<Part<Layers>::Whole::template Tensors> && ...),
                "insitu: the tensors of a layer must be floats and nothing else: remove what pads or aligns them");
  static_assert(std::is_trivially_copyable_v<Parameters<float>>,
                "insitu: the tensors of a layer must be trivially copyable: use Vector and Matrix");
};

/// All weights and biases of a network: layers in order, weights then bias, exactly their floats. Copy it with memcpy; align it to insitu::Alignment.
template <class Net, class T = float>
using Parameters = typename Net::template Parameters<T>;

/// The tensors that training changes, in the same form: the whole Parameters where nothing is frozen.
template <class Net, class T = float>
using Trained = typename Net::template Trained<T>;

/// Floats in one of the two.
template <class C>
inline constexpr int float_count = std::is_empty_v<C> ? 0 : static_cast<int>(sizeof(C) / sizeof(float));

}  // namespace insitu
