/// inject: backpropagation with one mistake in it, written apart from the doctor's own and as a user would write it: loops over samples in arrays of T, so that
/// with float the gradients carry the noise of single precision. The meaning of each mistake is that of the golden figures (grad_faults.h).
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ports/desktop/doctor/backpropagation.h"

namespace insitu::desktop::doctor {

struct Mistake {
  std::string kind;  ///< "": none
  std::size_t layer = 0, other = 0;
  double value = 0;
  Activation activation = Activation::Identity;
};

template <class T>
class Injected {
 public:
  using Row = std::vector<T>;
  using Rows = std::vector<Row>;

  Injected(const Architecture& network, const Layers& parameters, const Mistake& mistake)
      : net_(network), at_(mistake), L_(network.layers()), v_(static_cast<T>(mistake.value)) {
    for (const Layer& layer : parameters) {
      W_.push_back(rows(layer.W));
      b_.push_back(rows(layer.b));
    }
    if (is("bias_not_added")) std::fill(b_[at_.layer][0].begin(), b_[at_.layer][0].end(), T(0));
  }

  Layers gradient(const Batch& batch, const Batch* before = nullptr) {
    Rows x = rows(batch.inputs), y = rows(batch.targets);
    if (is("only_last_sample")) x = {x.back()}, y = {y.back()};
    if (is("first_sample")) x.resize(1), y.resize(1);
    if (is("half_batch")) x.resize((x.size() + 1) / 2), y.resize((y.size() + 1) / 2);
    if (is("labels_shifted")) std::rotate(y.begin(), y.end() - 1, y.end());
    if (is("class_shifted"))
      for (Row& row : y) std::rotate(row.begin(), row.end() - 1, row.end());
    if (is("labels_averaged")) {
      T sum = 0;
      for (const Row& row : y) sum += row[0];
      for (Row& row : y) row[0] = sum / static_cast<T>(y.size());
    }
    Layers g = backward(x, y);
    if (is("accumulated_prev") && before) {
      const Layers p = gradient(*before);
      for (std::size_t l = 1; l <= L_; ++l) g[l] = {g[l].W + p[l].W, g[l].b + p[l].b};
    }
    return g;
  }

 private:
  const Architecture& net_;
  Mistake at_;
  std::size_t L_;
  T v_;
  std::vector<Rows> W_, b_;

  bool is(const char* kind) const { return at_.kind == kind; }
  bool here(const char* kind, std::size_t l) const { return is(kind) && (at_.layer == l || at_.layer == 0); }
  static Rows rows(const Tensor& t) {
    Rows result(t.rows);
    for (std::size_t r = 0; r < t.rows; ++r) {
      for (std::size_t c = 0; c < t.columns; ++c) result[r].push_back(static_cast<T>(t(r, c)));
    }
    return result;
  }

  T activation(Activation f, T z) const {
    if (f == Activation::Relu) return std::max(z, T(0));
    if (f == Activation::LeakyRelu) return z > 0 ? z : static_cast<T>(net_.leaky_slope) * z;
    if (f == Activation::Tanh) return std::tanh(z);
    if (f == Activation::Sigmoid) return 1 / (1 + std::exp(-z));
    return z;
  }
  T derivative(Activation f, T z, T a) const {
    if (f == Activation::Relu) return z > 0 ? 1 : 0;
    if (f == Activation::LeakyRelu) return z > 0 ? 1 : static_cast<T>(net_.leaky_slope);
    if (f == Activation::Tanh) return 1 - a * a;
    if (f == Activation::Sigmoid) return a * (1 - a);
    return 1;
  }
  /// f' of layer l with the mistake
  T slope(std::size_t l, T z, T a, T da) const {
    const Activation f = net_.activations[l];
    if (here("act_deriv_on_z", l)) return derivative(f, z, z);
    if (here("act_deriv_on_a", l)) return derivative(f, a, activation(f, a));
    if (here("act_deriv_missing", l)) return 1;
    if (here("act_deriv_twice", l)) return derivative(f, z, a) * derivative(f, z, a);
    if (here("act_deriv_is_act", l)) return a;
    if (here("act_deriv_other", l)) return derivative(at_.activation, z, a);
    if (here("relu_gate_inverted", l)) return z <= 0 ? 1 : 0;
    if (here("relu_gate_off_upstream", l)) return da > 0 ? 1 : 0;
    return derivative(f, z, a);
  }
  /// dL/dz of the sum over the batch, of the output
  Row output(const Row& z, const Row& a, const Row& y) const {
    Row d(z.size()), p = a;
    const bool classes = net_.loss == LossKind::CrossEntropy, fused = classes || net_.loss == LossKind::BinaryCrossEntropy;
    if (fused && net_.activations[L_] == Activation::Identity) {
      for (std::size_t j = 0; j < z.size(); ++j) p[j] = classes ? softmax(z, j) : activation(Activation::Sigmoid, z[j]);
    }
    for (std::size_t j = 0; j < z.size(); ++j) {
      T e = p[j] - y[j];
      if (is("target_dropped")) e = p[j];
      if (net_.loss == LossKind::SquaredError) e = 2 * e;
      const T delta = static_cast<T>(net_.huber_delta);
      if (net_.loss == LossKind::Huber) e = std::clamp(e, -delta, delta);
      if (is("abs_error")) e = std::fabs(e);
      if (is("loss_deriv_missing")) e = 1;
      if (is("loss_value_instead")) {
        const T r = p[j] - y[j];
        e = net_.loss == LossKind::SquaredError ? r * r : r * r / 2;
        if (net_.loss == LossKind::Huber && std::fabs(r) > delta) e = delta * (std::fabs(r) - delta / 2);
      }
      d[j] = fused ? e : e * derivative(net_.activations[L_], z[j], a[j]);
      if (fused && (is("loss_deriv_missing") || is("out_deriv_doubled"))) d[j] = e * (p[j] * (1 - p[j]));
      if (is("out_deriv_missing")) d[j] = e;
      if (is("out_deriv_on_z")) d[j] = e * derivative(net_.activations[L_], z[j], z[j]);
    }
    return d;
  }
  static T softmax(const Row& z, std::size_t j) {
    T sum = 0;
    for (const T v : z) sum += std::exp(v - z[j]);
    return 1 / sum;
  }

  Layers backward(const Rows& x, const Rows& y) {
    const std::size_t m = x.size();
    std::vector<Rows> z(L_ + 1), a = {x};
    for (std::size_t l = 1; l <= L_; ++l) {
      a.emplace_back();
      for (const Row& in : a[l - 1]) {
        Row sum = b_[l][0], out;
        for (std::size_t j = 0; j < sum.size(); ++j) {
          for (std::size_t i = 0; i < in.size(); ++i) sum[j] += in[i] * W_[l][i][j];
        }
        for (std::size_t j = 0; j < sum.size(); ++j)
          out.push_back(net_.activations[l] == Activation::Softmax ? softmax(sum, j) : activation(net_.activations[l], sum[j]));
        z[l].push_back(sum);
        a[l].push_back(out);
      }
    }
    const T mean = net_.mean == Mean::None ? T(1) : static_cast<T>(net_.mean == Mean::Batch ? m : m * net_.outputs());
    Rows d;
    for (std::size_t s = 0; s < m; ++s) d.push_back(output(z[L_][s], a[L_][s], y[s]));
    Layers g(L_ + 1);
    for (std::size_t l = L_; l > 0; --l) {
      const std::size_t in = net_.dims[l - 1], out = net_.dims[l];
      const Rows& input = here("preact_input", l) ? z[l - 1] : here("wrong_layer_input", l) ? a[at_.other] : a[l - 1];
      Rows dW(in, Row(out)), back = W_[l];
      Row db(out);
      for (std::size_t s = 0; s < m; ++s) {
        for (std::size_t j = 0; j < out; ++j) {
          for (std::size_t i = 0; i < in; ++i) dW[i][j] += input[s][i] * d[s][j];
          db[j] += d[s][j];
        }
      }
      for (Row& row : dW)
        for (T& w : row) w /= mean;
      for (T& b : db) b /= mean;
      if (is("stale_W"))
        for (std::size_t i = 0; i < in; ++i)
          for (std::size_t j = 0; j < out; ++j) back[i][j] -= v_ * dW[i][j];
      if (here("bias_mean_over_units", l)) {
        T sum = 0;
        for (const T b : db) sum += b;
        std::fill(db.begin(), db.end(), sum / static_cast<T>(out));
      }
      if (here("bias_last_sample", l)) db = d[m - 1];
      g[l] = {tensor_of(dW), tensor_of({db})};
      if (l == 1) break;
      Rows below;
      for (std::size_t s = 0; s < m; ++s) {
        Row da(in), dz(in);
        for (std::size_t i = 0; i < in; ++i) {
          for (std::size_t j = 0; j < out; ++j) {
            T w = back[i][j];
            if (here("W_not_transposed", l)) w = back[j][i];
            if (here("W_abs_skipped", l)) w = T(1) / static_cast<T>(out);
            da[i] += d[s][j] * w;
          }
          dz[i] = da[i] * slope(l - 1, z[l - 1][s][i], a[l - 1][s][i], da[i]);
          if (here("delta_detached", l - 1)) dz[i] = 0;
        }
        below.push_back(dz);
      }
      d = below;
    }
    finish(g);
    return g;
  }

  static Tensor tensor_of(const Rows& rows) {
    Tensor t(rows.size(), rows[0].size());
    for (std::size_t r = 0; r < t.rows; ++r) {
      for (std::size_t c = 0; c < t.columns; ++c) t(r, c) = static_cast<double>(rows[r][c]);
    }
    return t;
  }
  static Tensor times(const Tensor& t, T c) {
    return map(t, [c](double v) { return static_cast<double>(static_cast<T>(v) * c); });
  }

  void finish(Layers& g) const {
    const std::size_t at = at_.layer;
    for (std::size_t l = 1; l <= L_; ++l) {
      const bool here = l == at, all = is("scale_all") || (is("scale_from") && l <= at) || (is("scale_layer") && here);
      if (all || (is("scale_W") && (here || at == 0))) g[l].W = times(g[l].W, v_);
      if (all || (is("scale_b") && (here || at == 0))) g[l].b = times(g[l].b, v_);
      if (is("W_zero") && here) g[l].W = 0.0 * g[l].W;
      if (is("bias_zero") && here) g[l].b = 0.0 * g[l].b;
      if (is("W_transposed") && here) g[l].W = transposed(g[l].W);
      const auto decayed = [&](const Tensor& t, const Rows& w) {
        return map(t, tensor_of(w), [&](double d, double p) { return static_cast<double>(static_cast<T>(d) + v_ * static_cast<T>(p)); });
      };
      if (is("l2_extra") || is("l2_all")) g[l].W = decayed(g[l].W, W_[l]);
      if (is("l2_all")) g[l].b = decayed(g[l].b, b_[l]);
      const auto clip = [&](double d) { return std::clamp(d, -static_cast<double>(v_), static_cast<double>(v_)); };
      if (is("clip_elem")) g[l] = {map(g[l].W, clip), map(g[l].b, clip)};
    }
    if (is("swapped")) std::swap(g[at], g[at_.other]);
  }
};

/// The gradients of all batches, with the mistake in the code; in T.
template <class T>
std::vector<Layers> inject(const Architecture& network, const Layers& parameters, const std::vector<Batch>& batches, Mistake mistake) {
  std::vector<Layers> gradients;
  const std::size_t power = mistake.kind.starts_with("scale") ? mistake.other : 0;  // 1: times m, 2: over m
  const double factor = mistake.value;
  for (std::size_t k = 0; k < batches.size(); ++k) {
    const auto m = static_cast<double>(batches[k].samples());
    if (power == 1) mistake.value = factor * m;
    if (power == 2) mistake.value = factor / m;
    gradients.push_back(Injected<T>(network, parameters, mistake).gradient(batches[k], k > 0 ? &batches[k - 1] : nullptr));
  }
  return gradients;
}

}  // namespace insitu::desktop::doctor
