/// Every kernel again as plain loops on plain arrays: the specification, short enough to check by hand.
///
/// With T = float each function follows the order of order.h, so that the kernel of the same name must equal it bit for bit. With T =
/// double it is the mathematics (std::exp, ...), against which kernels, losses and gradients are judged. Arrays are row-major and must not
/// overlap; x [batch x in], W [in x out], y and dz [batch x out]. For tests, bench, gradient_check and the desktop's doctor; nothing that
/// runs on a device needs this file.
#pragma once

#include <cmath>

#include "math.h"
#include "order.h"

namespace insitu::reference {

// One function of one number. In float these are math.h with one lane, in double the standard library.
using insitu::fma;
inline double fma(double a, double b, double c) { return std::fma(a, b, c); }
inline float exp(float x) { return insitu::exp(Scalar(x)).value; }
inline double exp(double x) { return std::exp(x); }
inline float log(float x) { return insitu::log(Scalar(x)).value; }
inline double log(double x) { return std::log(x); }
inline float log1p(float x) { return insitu::log1p(Scalar(x)).value; }
inline double log1p(double x) { return std::log1p(x); }
inline float sigmoid(float x) { return insitu::sigmoid(Scalar(x)).value; }
inline double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }
inline float tanh(float x) { return insitu::tanh(Scalar(x)).value; }
inline double tanh(double x) { return std::tanh(x); }
inline float softplus(float x) { return insitu::softplus(Scalar(x)).value; }
inline double softplus(double x) { return (x > 0.0 ? x : 0.0) + std::log1p(std::exp(-std::fabs(x))); }
inline float cos(float x) { return insitu::cos(Scalar(x)).value; }
inline double cos(double x) { return std::cos(x); }

/// Adds up `count` of `sums` interleaved sums by halving; the result is s[0]. Sums that no term reached are left out.
template <class T>
T tree_sum(T* s, int sums, int count) {
  for (int half = sums / 2; half > 0; half /= 2)
    for (int k = 0; k < half && k + half < count; ++k) s[k] = s[k] + s[k + half];
  return s[0];
}

/// y = b + x W: partial_sums(out) interleaved sums along the inputs, of which sum 0 starts from the bias.
template <class T>
void gemm(const T* x, const T* W, const T* b, T* y, int batch, int in, int out) {
  const int sums = partial_sums(out);
  for (int s = 0; s < batch; ++s)
    for (int j = 0; j < out; ++j) {
      T sum[partial_sums(1)] = {b[j]};
      for (int i = 0; i < in; ++i) sum[i % sums] = fma(x[s * in + i], W[i * out + j], sum[i % sums]);
      y[s * out + j] = tree_sum(sum, sums, in);
    }
}

/// dx = dz transpose(W): BackwardSums interleaved sums along the outputs.
template <class T>
void gemm_transposed(const T* dz, const T* W, T* dx, int batch, int in, int out) {
  for (int s = 0; s < batch; ++s)
    for (int i = 0; i < in; ++i) {
      T sum[BackwardSums] = {};
      for (int j = 0; j < out; ++j) sum[j % BackwardSums] = fma(dz[s * out + j], W[i * out + j], sum[j % BackwardSums]);
      dx[s * in + i] = tree_sum(sum, BackwardSums, out);
    }
}

/// W += transpose(x) d, one sample after the other.
template <class T>
void ger(const T* x, const T* d, T* W, int batch, int in, int out) {
  for (int s = 0; s < batch; ++s)
    for (int i = 0; i < in; ++i)
      for (int j = 0; j < out; ++j) W[i * out + j] = fma(x[s * in + i], d[s * out + j], W[i * out + j]);
}

/// b += a (the sum of the rows of d), one sample after the other.
template <class T>
void add_rows(T a, const T* d, T* b, int batch, int out) {
  for (int s = 0; s < batch; ++s)
    for (int j = 0; j < out; ++j) b[j] = fma(a, d[s * out + j], b[j]);
}

/// y = a x + y.
template <class T>
void axpy(T a, const T* x, T* y, int n) {
  for (int k = 0; k < n; ++k) y[k] = fma(a, x[k], y[k]);
}

/// y = a x.
template <class T>
void scale(T a, const T* x, T* y, int n) {
  for (int k = 0; k < n; ++k) y[k] = a * x[k];
}

/// z = exp(z - max z) / sum of the same, row by row; the sum is BackwardSums interleaved sums.
template <class T>
void softmax(T* z, int batch, int out) {
  for (int s = 0; s < batch; ++s, z += out) {
    T most = z[0];
    for (int j = 1; j < out; ++j) most = z[j] > most ? z[j] : most;
    T sum[BackwardSums] = {};
    for (int j = 0; j < out; ++j) {
      z[j] = exp(z[j] - most);
      sum[j % BackwardSums] = sum[j % BackwardSums] + z[j];
    }
    const T total = tree_sum(sum, BackwardSums, out);
    for (int j = 0; j < out; ++j) z[j] = z[j] / total;
  }
}

/// dz = a (da - sum of a da), row by row: the derivative of softmax, from its outputs a.
template <class T>
void softmax_backward(const T* a, const T* da, T* dz, int batch, int out) {
  for (int s = 0; s < batch; ++s, a += out, da += out, dz += out) {
    T dot = 0;
    for (int j = 0; j < out; ++j) dot = fma(a[j], da[j], dot);
    for (int j = 0; j < out; ++j) dz[j] = a[j] * (da[j] - dot);
  }
}

// The losses of PyTorch with reduction='mean'. Each returns the loss and writes its gradient; t [batch x out] are the targets.

/// The mean over batch and outputs of (y - t)^2.
template <class T>
T mean_squared_error(const T* y, const T* t, T* dy, int batch, int out) {
  const T n = static_cast<T>(batch * out);
  T loss = 0;
  for (int k = 0; k < batch * out; ++k) {
    loss = fma(y[k] - t[k], y[k] - t[k], loss);
    dy[k] = 2 * (y[k] - t[k]) / n;
  }
  return loss / n;
}

/// The mean over batch and outputs of -t log(a) - (1 - t) log(1 - a), a = sigmoid(z), which is softplus(z) - t z.
template <class T>
T binary_cross_entropy(const T* z, const T* t, T* dz, int batch, int out) {
  const T n = static_cast<T>(batch * out);
  T loss = 0;
  for (int k = 0; k < batch * out; ++k) {
    loss = loss + fma(-t[k], z[k], softplus(z[k]));
    dz[k] = (sigmoid(z[k]) - t[k]) / n;
  }
  return loss / n;
}

/// The mean over the batch of -sum_j t[j] log(a[j]), a = softmax(z), which is sum_j t[j] (max + log sum exp(z - max) - z[j]).
template <class T>
T cross_entropy(const T* z, const T* t, T* dz, int batch, int out) {
  T loss = 0;
  for (int s = 0; s < batch; ++s, z += out, t += out, dz += out) {
    T most = z[0], sum = 0, mass = 0;
    for (int j = 1; j < out; ++j) most = z[j] > most ? z[j] : most;
    for (int j = 0; j < out; ++j) sum = sum + exp(z[j] - most);
    for (int j = 0; j < out; ++j) mass = mass + t[j];
    for (int j = 0; j < out; ++j) {
      loss = fma(t[j], log(sum) - (z[j] - most), loss);
      dz[j] = fma(mass, exp(z[j] - most) / sum, -t[j]) / static_cast<T>(batch);
    }
  }
  return loss / static_cast<T>(batch);
}

/// The mean over batch and outputs of e^2 / 2 where |e| <= delta, else delta (|e| - delta / 2), with e = y - t.
template <class T>
T huber(const T* y, const T* t, T* dy, int batch, int out, T delta) {
  const T n = static_cast<T>(batch * out);
  T loss = 0;
  for (int k = 0; k < batch * out; ++k) {
    const T e = y[k] - t[k], distance = e < 0 ? -e : e;
    const T limited = e > delta ? delta : e < -delta ? -delta : e;
    loss = distance > delta ? fma(delta, distance - delta / 2, loss) : fma(e, e / 2, loss);
    dy[k] = limited / n;
  }
  return loss / n;
}

/// The vector vocabulary (vec.h) with one lane of T = double: what is written for any V, an activation say, runs in double too.
template <class T>
struct Lane {
  static constexpr int lanes = 1;
  T value;

  Lane() = default;
  Lane(T x) : value(x) {}
  Lane(float x) : value(static_cast<T>(x)) {}
  static Lane broadcast(auto x) { return x; }
  static Lane load(const T* p) { return *p; }
  void store(T* p) const { *p = value; }
  friend Lane operator+(Lane a, Lane b) { return a.value + b.value; }
  friend Lane operator-(Lane a, Lane b) { return a.value - b.value; }
  friend Lane operator-(Lane a) { return -a.value; }
  friend Lane operator*(Lane a, Lane b) { return a.value * b.value; }
  friend Lane operator/(Lane a, Lane b) { return a.value / b.value; }
  friend bool operator>(Lane a, Lane b) { return a.value > b.value; }
  friend bool operator>=(Lane a, Lane b) { return a.value >= b.value; }
  friend bool operator<(Lane a, Lane b) { return a.value < b.value; }
  friend bool operator<=(Lane a, Lane b) { return a.value <= b.value; }
  friend bool operator==(Lane a, Lane b) { return a.value == b.value; }
  friend Lane select(bool mask, Lane a, Lane b) { return mask ? a : b; }
  friend Lane min(Lane a, Lane b) { return b < a ? b : a; }
  friend Lane max(Lane a, Lane b) { return b > a ? b : a; }
  friend Lane abs(Lane a) { return std::fabs(a.value); }
  friend Lane sqrt(Lane a) { return std::sqrt(a.value); }
  friend Lane fma(Lane a, Lane b, Lane c) { return reference::fma(a.value, b.value, c.value); }
  friend Lane exp(Lane a) { return reference::exp(a.value); }
  friend Lane log(Lane a) { return reference::log(a.value); }
  friend Lane log1p(Lane a) { return reference::log1p(a.value); }
  friend Lane sigmoid(Lane a) { return reference::sigmoid(a.value); }
  friend Lane tanh(Lane a) { return reference::tanh(a.value); }
  friend Lane softplus(Lane a) { return reference::softplus(a.value); }
  friend Lane cos(Lane a) { return reference::cos(a.value); }
};

}  // namespace insitu::reference
