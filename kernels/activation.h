/// Activations: a = f(z), element by element, and dz = da f'(z) in terms of what training keeps, which is a.
///
/// One of your own is a struct with the same three members; `forward` and `backward` are templates on the vector type and use its vocabulary (vec.h, math.h),
/// so that they run with any number of lanes, and in double for the gradient check. Never add to a product outside fma: the same bits depend on it (order.h).
#pragma once

#include "math.h"

namespace insitu {

/// a = z
struct Identity {
  static constexpr char name[] = "identity";
  template <class V>
  INSITU_INLINE static V forward(V z) {
    return z;
  }
  template <class V>
  INSITU_INLINE static V backward(V, V da) {
    return da;
  }
};

/// a = max(z, 0); dz = da where a > 0, else 0
struct Relu {
  static constexpr char name[] = "relu";
  static constexpr bool kink = true;  // no derivative at z = 0: gradient_check skips what crosses it
  template <class V>
  INSITU_INLINE static V forward(V z) {
    return max(z, V::broadcast(0.0f));
  }
  template <class V>
  INSITU_INLINE static V backward(V a, V da) {
    return select(a > V::broadcast(0.0f), da, V::broadcast(0.0f));
  }
};

/// a = z where z > 0, else z / 100 (PyTorch's default slope)
struct LeakyRelu {
  static constexpr char name[] = "leaky_relu";
  static constexpr bool kink = true;
  static constexpr float slope = 0.01f;
  template <class V>
  INSITU_INLINE static V forward(V z) {
    return select(z > V::broadcast(0.0f), z, z * V::broadcast(slope));
  }
  template <class V>
  INSITU_INLINE static V backward(V a, V da) {
    return select(a > V::broadcast(0.0f), da, da * V::broadcast(slope));
  }
};

/// a = 1 / (1 + e^-z); dz = da a (1 - a)
struct Sigmoid {
  static constexpr char name[] = "sigmoid";
  template <class V>
  INSITU_INLINE static V forward(V z) {
    return sigmoid(z);
  }
  template <class V>
  INSITU_INLINE static V backward(V a, V da) {
    return da * (a * (V::broadcast(1.0f) - a));
  }
};

/// a = tanh z; dz = da (1 - a^2)
struct Tanh {
  static constexpr char name[] = "tanh";
  template <class V>
  INSITU_INLINE static V forward(V z) {
    return tanh(z);
  }
  template <class V>
  INSITU_INLINE static V backward(V a, V da) {
    return da * fma(-a, a, V::broadcast(1.0f));
  }
};

/// a_j = e^z_j / sum_k e^z_k over a row (softmax.h). Only for the last layer, where the loss takes its derivative together with its own.
struct Softmax {
  static constexpr char name[] = "softmax";
};

}  // namespace insitu
