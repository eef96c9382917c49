#include "words.h"

namespace insitu::desktop::doctor {

std::string Formulas::products(const std::string& input, const std::string& delta, bool in_out) const {
  const std::string &first = in_out ? input : delta, &second = in_out ? delta : input;
  return rows() ? first + ".T @ " + second : first + " @ " + second + ".T";
}

std::string Formulas::over_terms() const {
  if (network_.mean == Mean::None) return "";
  if (network_.mean == Mean::Batch || network_.outputs() == 1) return " / m";
  return " / (m * " + std::to_string(network_.outputs()) + ")";
}

std::string Formulas::dW_transposed(std::size_t l) const {
  return of("dW", l) + " = " + products(a(l - 1), of("dZ", l), !in_out()) + over_terms();
}

std::string Formulas::db_sum(std::size_t l) const {
  return of("db", l) + " = " + of("dZ", l) + (rows() ? ".sum(axis=0)" : ".sum(axis=1, keepdims=True)");
}

std::string Formulas::last_sample(std::size_t l) const { return of("db", l) + " = " + of("dZ", l) + (rows() ? "[-1]" : "[:, -1:]"); }

std::string Formulas::dA(std::size_t l, bool right) const {
  // rows: dZ W' with W [In x Out]; columns: the transpose of that
  const bool turned = (in_out() == rows()) == right;
  const std::string delta = of("dZ", l + 1), weights = of("W", l + 1) + (turned ? ".T" : "");
  return of("dA", l) + " = " + (rows() ? delta + " @ " + weights : weights + " @ " + delta);
}

std::string Formulas::dZ(std::size_t l, const std::string& slope) const {
  if (l == network_.layers()) return output(error(), slope);
  return of("dZ", l) + " = " + of("dA", l) + (slope.empty() ? "" : " * " + slope);
}

std::string Formulas::error(const std::string& targets) const {
  const std::size_t l = network_.layers();
  // of logits the loss takes the probabilities itself
  const std::string out = fused() && network_.activations[l] == Activation::Identity
                              ? (network_.loss == LossKind::CrossEntropy ? "softmax(" : "sigmoid(") + of("Z", l) + ")"
                              : of("A", l);
  std::string difference = targets.empty() ? out : out + " - " + targets;
  if (network_.loss == LossKind::SquaredError) return "2 * (" + difference + ")";
  if (network_.loss == LossKind::Huber) return "np.clip(" + difference + ", -delta, delta)";
  return difference;
}

std::string Formulas::output_slope() const {
  const std::size_t l = network_.layers();
  return fused() ? "" : slope(l, of("Z", l), of("A", l));
}

std::string Formulas::output(const std::string& error, const std::string& slope) const {
  const std::string left = of("dZ", network_.layers()) + " = ";
  if (slope.empty()) return left + error;
  const bool one_term = error.find(" - ") == std::string::npos || error.back() == ')';
  return left + (one_term ? error : "(" + error + ")") + " * " + slope;
}

std::string Formulas::Z(std::size_t l, bool bias) const {
  const std::string w = of("W", l) + (in_out() == rows() ? "" : ".T"), product = rows() ? a(l - 1) + " @ " + w : w + " @ " + a(l - 1);
  return of("Z", l) + " = " + product + (bias ? " + " + of("b", l) : "");
}

std::string Formulas::slope(Activation activation, const std::string& z, const std::string& a) const {
  switch (activation) {
    case Activation::Relu:
      return "(" + z + " > 0)";
    case Activation::LeakyRelu: {
      std::string number = std::to_string(network_.leaky_slope);
      number.erase(number.find_last_not_of('0') + 1);
      return "np.where(" + z + " > 0, 1, " + number + ")";
    }
    case Activation::Tanh:
      return "(1 - " + a + "**2)";
    case Activation::Sigmoid:
    case Activation::Softmax:
      return a + " * (1 - " + a + ")";
    case Activation::Identity:
      break;
  }
  return "";
}

}  // namespace insitu::desktop::doctor
