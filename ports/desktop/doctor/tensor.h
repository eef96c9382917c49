/// Tensor: a matrix of doubles whose shape is known at run time, and the products that a network of dense layers needs.
#pragma once

#include <cstddef>
#include <vector>

namespace insitu::desktop::doctor {

/// Row-major. A batch has a sample a row, weights are W [In x Out] whatever the file's layout, a bias is [1 x Out].
struct Tensor {
  std::size_t rows = 0, columns = 0;
  std::vector<double> values;

  Tensor() = default;
  Tensor(std::size_t rows_, std::size_t columns_, double value = 0) : rows(rows_), columns(columns_), values(rows_ * columns_, value) {}
  double& operator()(std::size_t row, std::size_t column) { return values[row * columns + column]; }
  double operator()(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
  double* row(std::size_t r) { return values.data() + r * columns; }
  const double* row(std::size_t r) const { return values.data() + r * columns; }
  bool same_shape(const Tensor& other) const { return rows == other.rows && columns == other.columns; }
};

/// x W: [m x In] [In x Out]
inline Tensor product(const Tensor& x, const Tensor& w) {
  Tensor y(x.rows, w.columns);
  for (std::size_t i = 0; i < w.rows; ++i) {
    for (std::size_t s = 0; s < x.rows; ++s) {
      for (std::size_t j = 0; j < w.columns; ++j) y(s, j) += x(s, i) * w(i, j);
    }
  }
  return y;
}

/// x' d: [m x In] [m x Out] -> [In x Out]
inline Tensor outer_product(const Tensor& x, const Tensor& d) {
  Tensor w(x.columns, d.columns);
  for (std::size_t i = 0; i < w.rows; ++i) {
    for (std::size_t s = 0; s < x.rows; ++s) {
      for (std::size_t j = 0; j < w.columns; ++j) w(i, j) += x(s, i) * d(s, j);
    }
  }
  return w;
}

/// d W': [m x Out] [In x Out] -> [m x In]
inline Tensor product_transposed(const Tensor& d, const Tensor& w) {
  Tensor x(d.rows, w.rows);
  for (std::size_t i = 0; i < w.rows; ++i) {
    for (std::size_t s = 0; s < d.rows; ++s) {
      double sum = 0;
      for (std::size_t j = 0; j < w.columns; ++j) sum += d(s, j) * w(i, j);
      x(s, i) = sum;
    }
  }
  return x;
}

/// The sum over the rows, [1 x Out].
inline Tensor column_sums(const Tensor& d) {
  Tensor sums(1, d.columns);
  for (std::size_t s = 0; s < d.rows; ++s) {
    for (std::size_t j = 0; j < d.columns; ++j) sums(0, j) += d(s, j);
  }
  return sums;
}

inline Tensor transposed(const Tensor& w) {
  Tensor t(w.columns, w.rows);
  for (std::size_t i = 0; i < w.rows; ++i) {
    for (std::size_t j = 0; j < w.columns; ++j) t(j, i) = w(i, j);
  }
  return t;
}

/// f of each element
template <class F>
Tensor map(Tensor x, F&& f) {
  for (double& value : x.values) value = f(value);
  return x;
}

/// f of each pair of elements of two tensors of one shape
template <class F>
Tensor map(Tensor x, const Tensor& y, F&& f) {
  for (std::size_t k = 0; k < x.values.size(); ++k) x.values[k] = f(x.values[k], y.values[k]);
  return x;
}

inline Tensor operator*(double c, Tensor x) {
  return map(std::move(x), [c](double value) { return c * value; });
}
/// element by element
inline Tensor operator*(Tensor x, const Tensor& y) {
  return map(std::move(x), y, [](double a, double b) { return a * b; });
}
inline Tensor operator+(Tensor x, const Tensor& y) {
  return map(std::move(x), y, [](double a, double b) { return a + b; });
}
inline Tensor operator-(Tensor x, const Tensor& y) {
  return map(std::move(x), y, [](double a, double b) { return a - b; });
}

}  // namespace insitu::desktop::doctor
