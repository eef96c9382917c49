/// Losses, as PyTorch defines them with reduction "mean", each with its gradient; fused with the output activation where that keeps them finite.
///
/// A loss has `fits<Activation>` (which output activations it takes) and `evaluate<Activation>(z, targets, rows)`: Z [Batch x Out], the last layer's product,
/// becomes dZ of the mean loss, and the mean loss is returned. The division by the number of terms stands in `mean` below and nowhere else.
#pragma once

#include <type_traits>

#include "../kernels/kernels.h"

namespace insitu {

/// The one place where a loss and its gradient are divided: by samples times outputs, by samples, or by the samples' weights.
template <class V>
INSITU_INLINE V mean(V sum, V terms) {
  return sum / terms;
}

/// For losses that are a sum over elements: Loss::value(y, t) and Loss::slope(y, t) = d value / dy, y the output (or, with Loss::logits, the product z).
template <class Act, class Loss, class T, int Batch, int Out>
INSITU_INLINE T evaluate_elements(const Loss& loss, Matrix<Batch, Out, T>& z, const Matrix<Batch, Out, T>& targets, int rows) {
  static_assert(!std::is_same_v<Act, Softmax>,
                "insitu: a Softmax output is trained with CrossEntropy: write Trainer<Network, CrossEntropy, ...>");
  using L = typename Kernels<T>::Lane;
  const L terms = L::broadcast(static_cast<T>(rows * Out));
  T total = 0;
  Kernels<T>::for_lanes(rows * Out, [&]<class V>(int k) INSITU_INLINE_LAMBDA {
    const V t = V::load(targets.data + k), zk = V::load(z.data + k);
    V value, dz;
    if constexpr (Loss::logits) {
      value = loss.value(zk, t);
      dz = mean(loss.slope(zk, t), V::broadcast(terms.value));
    } else {
      const V a = Act::forward(zk);
      value = loss.value(a, t);
      dz = Act::backward(a, mean(loss.slope(a, t), V::broadcast(terms.value)));
    }
    delta(dz).store(z.data + k);
    T values[V::lanes];
    value.store(values);
    for (T v : values) total = total + v;
  });
  return mean(L(total), terms).value;
}

/// (y - t)^2, mean over outputs and samples.
struct MeanSquaredError {
  static constexpr char name[] = "mean squared error";
  static constexpr bool logits = false;
  template <class Act>
  static constexpr bool fits = !std::is_same_v<Act, Softmax>;

  template <class V>
  INSITU_INLINE static V value(V y, V t) {
    const V e = y - t;
    return e * e;
  }
  template <class V>
  INSITU_INLINE static V slope(V y, V t) {
    const V e = y - t;
    return e + e;
  }
  template <class Act, class T, int Batch, int Out>
  INSITU_INLINE T evaluate(Matrix<Batch, Out, T>& z, const Matrix<Batch, Out, T>& targets, int rows) const {
    return evaluate_elements<Act>(*this, z, targets, rows);
  }
};

/// (y - t)^2 / 2 where |y - t| <= delta, else delta (|y - t| - delta / 2): a square near the target, linear for outliers. Mean over outputs and samples.
struct Huber {
  float delta = 1.0f;

  static constexpr char name[] = "huber";
  static constexpr bool logits = false;
  template <class Act>
  static constexpr bool fits = !std::is_same_v<Act, Softmax>;

  template <class V>
  INSITU_INLINE V value(V y, V t) const {
    const V e = y - t, size = abs(e), d = V::broadcast(delta), half = V::broadcast(0.5f);
    return select(size > d, d * fma(-half, d, size), half * e * e);
  }
  template <class V>
  INSITU_INLINE V slope(V y, V t) const {
    const V e = y - t, d = V::broadcast(delta);
    return max(min(e, d), -d);
  }
  template <class Act, class T, int Batch, int Out>
  INSITU_INLINE T evaluate(Matrix<Batch, Out, T>& z, const Matrix<Batch, Out, T>& targets, int rows) const {
    return evaluate_elements<Act>(*this, z, targets, rows);
  }
};

/// -(t ln p + (1 - t) ln(1 - p)) with p = sigmoid(z), mean over outputs and samples. Taken from z, as max(z, 0) - t z + ln(1 + e^-|z|), with dz = p - t: the
/// form in p is NaN as soon as p rounds to 0 or 1 (z >= 16.64), even for a right prediction. For a Sigmoid output, or for logits (Identity).
struct BinaryCrossEntropy {
  static constexpr char name[] = "binary cross-entropy";
  static constexpr bool logits = true;
  template <class Act>
  static constexpr bool fits = std::is_same_v<Act, Sigmoid> || std::is_same_v<Act, Identity>;

  template <class V>
  INSITU_INLINE static V value(V z, V t) {
    return fma(-t, z, max(z, V::broadcast(0.0f))) + log1p(exp(-abs(z)));
  }
  template <class V>
  INSITU_INLINE static V slope(V z, V t) {
    return sigmoid(z) - t;
  }
  template <class Act, class T, int Batch, int Out>
  INSITU_INLINE T evaluate(Matrix<Batch, Out, T>& z, const Matrix<Batch, Out, T>& targets, int rows) const {
    return evaluate_elements<Act>(*this, z, targets, rows);
  }
};

/// The distribution that a sample's target stands for: a row of a Matrix as it is, or 1 at a class index. An index outside [0, Out) stands for none of the
/// classes: the sample then has neither loss nor gradient.
template <class T, int Batch, int Out>
INSITU_INLINE const T* target_row(const Matrix<Batch, Out, T>& targets, int s, Array<T, Out>&) {
  return targets.row(s);
}
template <class T, int Batch, int Out>
INSITU_INLINE const T* target_row(const Vector<Batch, int>& labels, int s, Array<T, Out>& row) {
  for (int j = 0; j < Out; ++j) row[j] = static_cast<T>(j == labels[s] ? 1 : 0);
  return row;
}

/// sum_s w_s CE_s / sum_s w_s, with CE_s = -sum_j t_j ln softmax(z_s)_j and dz_s = w_s (p_s sum_j t_j - t_s) / sum w. `weight(t)` gives w_s.
template <class T, int Batch, int Out, class Targets, class Weight>
INSITU_INLINE T evaluate_cross_entropy(Matrix<Batch, Out, T>& z, const Targets& targets, int rows, Weight&& weight) {
  using L = typename Kernels<T>::Lane;
  Array<T, Out> row;
  Array<T, Batch> weights;
  T total = 0, total_weight = 0;
  for (int s = 0; s < rows; ++s) {
    const T* t = target_row<T, Batch, Out>(targets, s, row);
    weights[s] = weight(t);
    total_weight = total_weight + weights[s];
    total = fma(L(weights[s]), L(Kernels<T>::template softmax_cross_entropy<Out>(z.row(s), t)), L(total)).value;
  }
  for (int s = 0; s < rows; ++s) {
    const T* t = target_row<T, Batch, Out>(targets, s, row);
    T mass = 0;
    for (int j = 0; j < Out; ++j) mass = mass + t[j];
    Kernels<T>::for_lanes(Out, [&]<class V>(int j) INSITU_INLINE_LAMBDA {
      T* zj = z.row(s) + j;
      delta(mean(V::broadcast(weights[s]) * fma(V::broadcast(mass), V::load(zj), -V::load(t + j)), V::broadcast(total_weight))).store(zj);
    });
  }
  return mean(L(total), L(total_weight)).value;
}

template <class Act>
inline constexpr bool softmax_or_logits = std::is_same_v<Act, Softmax> || std::is_same_v<Act, Identity>;

/// -sum_j t_j ln p_j with p = softmax(z), mean over samples; targets are rows that sum to 1, or class indices. For a Softmax output, or for logits (Identity).
struct CrossEntropy {
  static constexpr char name[] = "cross-entropy";
  template <class Act>
  static constexpr bool fits = softmax_or_logits<Act>;

  template <class Act, class T, int Batch, int Out, class Targets>
  INSITU_INLINE T evaluate(Matrix<Batch, Out, T>& z, const Targets& targets, int rows) const {
    return evaluate_cross_entropy(z, targets, rows, [](const T*) INSITU_INLINE_LAMBDA { return T(1); });
  }
};

/// CrossEntropy in which a sample counts by the weight of its class, and the mean is over weights: PyTorch's CrossEntropyLoss(weight=...) for class indices.
/// Weights are 1 until they are set.
template <int Classes>
struct WeightedCrossEntropy {
  Vector<Classes> weights = ones();

  static constexpr Vector<Classes> ones() {
    Vector<Classes> w{};
    for (float& weight : w) weight = 1.0f;
    return w;
  }
  static constexpr char name[] = "weighted cross-entropy";
  template <class Act>
  static constexpr bool fits = softmax_or_logits<Act>;

  template <class Act, class T, int Batch, int Out, class Targets>
  INSITU_INLINE T evaluate(Matrix<Batch, Out, T>& z, const Targets& targets, int rows) const {
    static_assert(Out == Classes, "insitu: one weight for each output: write WeightedCrossEntropy<outputs of the network>");
    return evaluate_cross_entropy(z, targets, rows, [&](const T* t) INSITU_INLINE_LAMBDA {
      using L = typename Kernels<T>::Lane;
      L w = T(0);
      for (int j = 0; j < Out; ++j) w = fma(L(static_cast<T>(weights[j])), L(t[j]), w);
      return w.value;
    });
  }
};

}  // namespace insitu
