/// Optimizers: how a parameter w follows its gradient g. Definitions and defaults are PyTorch's; weight decay acts on biases as well.
///
/// An optimizer is its settings and what it counts. Numbers kept for each parameter (`slots`) are the trainer's memory; they start at zero. One of your own has
/// `slots`, `begin_step` and `update`.
#pragma once

#include "../kernels/vec.h"

namespace insitu {

/// w -= learning_rate g. The only one that needs no gradient as a value: the update goes into the weights as it is computed.
struct Sgd {
  float learning_rate = 0.01f;

  static constexpr char name[] = "sgd";
  static constexpr int slots = 0;
  INSITU_INLINE void begin_step() {}
  template <class V>
  INSITU_INLINE V update(V w, V g, V*) const {
    return fma(V::broadcast(-learning_rate), g, w);
  }
};

/// g += weight_decay w; w -= learning_rate g.
struct SgdDecay {
  float learning_rate = 0.01f, weight_decay = 0.0f;

  static constexpr char name[] = "sgd with weight decay";
  static constexpr int slots = 0;
  INSITU_INLINE void begin_step() {}
  template <class V>
  INSITU_INLINE V update(V w, V g, V*) const {
    return fma(V::broadcast(-learning_rate), fma(V::broadcast(weight_decay), w, g), w);
  }
};

/// g += weight_decay w; v = momentum v + g; w -= learning_rate v.
struct Momentum {
  float learning_rate = 0.01f, momentum = 0.9f, weight_decay = 0.0f;

  static constexpr char name[] = "momentum";
  static constexpr int slots = 1;
  INSITU_INLINE void begin_step() {}
  template <class V>
  INSITU_INLINE V update(V w, V g, V* v) const {
    g = fma(V::broadcast(weight_decay), w, g);
    v[0] = fma(V::broadcast(momentum), v[0], g);
    return fma(V::broadcast(-learning_rate), v[0], w);
  }
};

/// g += weight_decay w; v = momentum v + g; w -= learning_rate (g + momentum v).
struct Nesterov {
  float learning_rate = 0.01f, momentum = 0.9f, weight_decay = 0.0f;

  static constexpr char name[] = "nesterov";
  static constexpr int slots = 1;
  INSITU_INLINE void begin_step() {}
  template <class V>
  INSITU_INLINE V update(V w, V g, V* v) const {
    g = fma(V::broadcast(weight_decay), w, g);
    v[0] = fma(V::broadcast(momentum), v[0], g);
    return fma(V::broadcast(-learning_rate), fma(V::broadcast(momentum), v[0], g), w);
  }
};

/// g += weight_decay w; s = alpha s + (1 - alpha) g^2; w -= learning_rate g / (sqrt(s) + epsilon).
struct RmsProp {
  float learning_rate = 0.01f, alpha = 0.99f, epsilon = 1e-8f, weight_decay = 0.0f;

  static constexpr char name[] = "rmsprop";
  static constexpr int slots = 1;
  INSITU_INLINE void begin_step() {}
  template <class V>
  INSITU_INLINE V update(V w, V g, V* s) const {
    g = fma(V::broadcast(weight_decay), w, g);
    s[0] = fma(V::broadcast(1.0f - alpha) * g, g, V::broadcast(alpha) * s[0]);
    return fma(V::broadcast(-learning_rate), g / (sqrt(s[0]) + V::broadcast(epsilon)), w);
  }
};

/// g += weight_decay w; m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2; at step k
/// w -= learning_rate / (1 - beta1^k) m / (sqrt(v) / sqrt(1 - beta2^k) + epsilon). Kingma and Ba, "Adam", 2015. With Decoupled, weight decay leaves g alone and
/// shrinks w itself: w -= learning_rate weight_decay w. Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.
template <bool Decoupled>
struct AdamFamily {
  float learning_rate = 0.001f, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f, weight_decay = Decoupled ? 0.01f : 0.0f;
  /// beta1^k and beta2^k after k steps: the optimizer's only count, saved with it.
  float beta1_power = 1.0f, beta2_power = 1.0f;

  static constexpr const char* name = Decoupled ? "adamw" : "adam";
  static constexpr int slots = 2;
  INSITU_INLINE void begin_step() {
    beta1_power = (Scalar(beta1_power) * Scalar(beta1)).value;  // Scalar's product is never fused with the subtraction below
    beta2_power = (Scalar(beta2_power) * Scalar(beta2)).value;
  }
  template <class V>
  INSITU_INLINE V update(V w, V g, V* moments) const {
    if constexpr (Decoupled) {
      w = fma(V::broadcast(-(learning_rate * weight_decay)), w, w);
    } else {
      g = fma(V::broadcast(weight_decay), w, g);
    }
    V& m = moments[0];
    V& v = moments[1];
    m = fma(V::broadcast(1.0f - beta1), g, V::broadcast(beta1) * m);
    v = fma(V::broadcast(1.0f - beta2) * g, g, V::broadcast(beta2) * v);
    const V root = sqrt(v) / sqrt(V::broadcast(1.0f - beta2_power));
    return fma(V::broadcast(-(learning_rate / (1.0f - beta1_power))), m / (root + V::broadcast(epsilon)), w);
  }
};
using Adam = AdamFamily<false>;
using AdamW = AdamFamily<true>;

/// Updates n parameters w by their gradients g; slot k of parameter p is slots[k * stride + p].
template <class O>
INSITU_INLINE void update(const O& optimizer, float* w, const float* g, [[maybe_unused]] float* slots, [[maybe_unused]] int stride, int n) {
  for_lanes(n, [&]<class V>(int p) INSITU_INLINE_LAMBDA {
    V s[O::slots > 0 ? O::slots : 1];
    unroll<O::slots>([&](auto k) INSITU_INLINE_LAMBDA { s[k] = V::load(slots + k * stride + p); });
    optimizer.update(V::load(w + p), V::load(g + p), s).store(w + p);
    unroll<O::slots>([&](auto k) INSITU_INLINE_LAMBDA { s[k].store(slots + k * stride + p); });
  });
}

}  // namespace insitu
