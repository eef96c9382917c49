/// Formulas of backpropagation as they are written with numpy, in the layout of the user's weights.
#pragma once

#include <string>

#include "architecture.h"

namespace insitu::desktop::doctor {

enum class Layout { InOut, OutIn };  ///< W [In x Out], W [Out x In]

/// How the user's arrays lie. Usual are in_out with a sample a row (Z = A @ W + b: TensorFlow, insitu), out_in with a sample a column (Z = W @ A + b) and out_in
/// with rows (Z = A @ W.T + b: PyTorch).
struct Convention {
  Layout layout = Layout::InOut;
  bool rows = true;
};

class Formulas {
 public:
  Formulas(const Architecture& network, Convention convention) : network_(network), convention_(convention) {}

  /// "X", "A1", ...; "dZ1"
  static std::string a(std::size_t l) { return l == 0 ? std::string("X") : of("A", l); }
  static std::string of(const char* what, std::size_t l) { return std::string(what).append(std::to_string(l)); }

  /// dW1 = X.T @ dZ1 / m
  std::string dW(std::size_t l) const { return dW(l, a(l - 1)); }
  std::string dW(std::size_t l, const std::string& input) const {
    return of("dW", l) + " = " + products(input, of("dZ", l), in_out()) + over_terms();
  }
  /// the same without the division
  std::string dW_sum(std::size_t l) const { return of("dW", l) + " = " + products(a(l - 1), of("dZ", l), in_out()); }
  /// the same, transposed
  std::string dW_transposed(std::size_t l) const;
  /// db1 = dZ1.sum(axis=0) / m
  std::string db(std::size_t l) const { return db_sum(l) + over_terms(); }
  std::string db_sum(std::size_t l) const;
  std::string last_sample(std::size_t l) const;
  /// dA1 = dZ2 @ W2.T
  std::string dA(std::size_t l) const { return dA(l, true); }
  std::string dA(std::size_t l, bool right) const;
  /// dZ1 = dA1 * A1 * (1 - A1)
  std::string dZ(std::size_t l) const { return l == layers() ? output() : dZ(l, slope(l, of("Z", l), of("A", l))); }
  std::string dZ(std::size_t l, const std::string& slope) const;
  /// dZ2 = A2 - Y, dZ2 = (A2 - Y) * A2 * (1 - A2); `error` stands for A2 - Y, `slope` for the derivative of the output
  std::string output() const { return output(error(), output_slope()); }
  std::string output(const std::string& error, const std::string& slope) const;
  std::string error(const std::string& targets = "Y") const;
  std::string output_slope() const;
  /// The loss's derivative is taken together with that of the output: dZ = A - Y
  bool fused() const { return network_.loss == LossKind::BinaryCrossEntropy || network_.loss == LossKind::CrossEntropy; }
  /// Z1 = X @ W1 + b1
  std::string Z(std::size_t l, bool bias = true) const;

  /// f' with the names that it is given: of what it should get z, of what a
  std::string slope(Activation activation, const std::string& z, const std::string& a) const;
  std::string slope(std::size_t l, const std::string& z, const std::string& a) const { return slope(activation(l), z, a); }
  /// dW1 = X.T @ dZ1 / m + 0.01 * W1
  std::string decayed(const std::string& rate) const { return dW(1) + " + " + rate + " * W1"; }
  std::string output_name() const { return of("A", layers()); }
  /// dZ2 = ...
  std::string output_is(const std::string& right) const { return of("dZ", layers()) + " = " + right; }
  std::size_t layers() const { return network_.layers(); }
  Activation activation(std::size_t l) const { return network_.activations[l]; }
  /// " / m", " / (m * 3)", or nothing
  std::string over_terms() const;
  bool rows() const { return convention_.rows; }

 private:
  const Architecture& network_;
  Convention convention_;

  bool in_out() const { return convention_.layout == Layout::InOut; }
  /// [In x Out] or [Out x In], as `in_out` says
  std::string products(const std::string& input, const std::string& delta, bool in_out) const;
};

}  // namespace insitu::desktop::doctor
