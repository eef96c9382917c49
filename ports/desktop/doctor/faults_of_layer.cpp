
#include <algorithm>
#include <cmath>
#include <limits>

#include "places.h"

namespace insitu::desktop::doctor {
namespace {

double dot(const Tensor& x, const Tensor& y) {
  double sum = 0;
  for (std::size_t k = 0; k < x.values.size(); ++k) sum += x.values[k] * y.values[k];
  return sum;
}

constexpr double Unknown = std::numeric_limits<double>::quiet_NaN();
std::vector<Fault> once_fitted(const Architecture&) { return {{nullptr, 0, 0, Unknown}}; }

/// The rate of the update that came before the product: the gradient of layer L - 1 is linear in it.
double fit_rate(const Evidence& evidence) {
  const std::size_t l = evidence.questions[0].layers() - 1;
  if (l == 0) return Unknown;
  double along = 0, square = 0;
  for (std::size_t k = 0; k < evidence.questions.size(); ++k) {
    Factors factors;
    factors.layer = l + 1;
    factors.propagate = [](const Question& q, std::size_t at, const Tensor& dz, const Layer& gradient) {
      return product_transposed(dz, q.parameters[at].W - gradient.W);
    };
    const Layers unit = gradient(evidence.questions[k], factors);
    const Tensor step = unit[l].W - evidence.right[k][l].W;
    along += dot(evidence.user[k][l].W - evidence.right[k][l].W, step);
    square += dot(step, step);
  }
  return along / square;
}

double fit_decay(const Evidence& evidence) {
  double along = 0, square = 0;
  for (std::size_t k = 0; k < evidence.questions.size(); ++k) {
    const Question& q = evidence.questions[k];
    for (std::size_t l = 1; l <= q.layers(); ++l) {
      const Tensor& w = q.parameters[l].W;
      along += dot(evidence.user[k][l].W - evidence.right[k][l].W, w);
      square += dot(w, w);
    }
  }
  return along / square;
}

double fit_bound(const Evidence& evidence) {
  double largest = 0;
  for (const Layers& gradient : evidence.user) {
    for (const Layer& layer : gradient) {
      for (const Tensor* tensor : {&layer.W, &layer.b}) {
        for (const double g : tensor->values) largest = std::max(largest, std::fabs(g));
      }
    }
  }
  return largest;
}

std::string text(double value) {
  char number[32];
  std::snprintf(number, sizeof number, "%.4g", value);
  return number;
}

std::vector<Fault> other_inputs(const Architecture& network) {
  std::vector<Fault> faults;
  for (std::size_t l = 1; l <= network.layers(); ++l) {
    for (std::size_t k = 0; k <= network.layers(); ++k) {
      if (k + 1 != l && network.dims[k] == network.dims[l - 1]) faults.push_back({nullptr, l, k});
    }
  }
  return faults;
}

std::vector<Fault> pairs(const Architecture& network) {
  std::vector<Fault> faults;
  for (std::size_t l = 1; l <= network.layers(); ++l) {
    for (std::size_t k = l + 1; k <= network.layers(); ++k) {
      if (network.dims[k] == network.dims[l] && network.dims[k - 1] == network.dims[l - 1]) faults.push_back({nullptr, l, k});
    }
  }
  return faults;
}

}  // namespace

std::vector<Kind> faults_of_product() {
  return {
      {"preactivation_for_input", above_first,
       [](const Fault& fault) {
         return Factors{.layer = fault.layer, .input = [](const Question& q, std::size_t l) { return q.pass.z[l - 1]; }};
       },
       [](const Fault& fault, const Formulas& f) {
         const std::size_t l = fault.layer;
         return Wording{"the input of the layer is taken before its activation", f.dW(l, f.of("Z", l - 1)), f.dW(l)};
       }},
      {"input_of_another_layer", other_inputs,
       [](const Fault& fault) {
         return Factors{.layer = fault.layer, .input = [k = fault.other](const Question& q, std::size_t) { return q.pass.a[k]; }};
       },
       [](const Fault& fault, const Formulas& f) {
         return Wording{"the input is that of another layer", f.dW(fault.layer, f.a(fault.other)), f.dW(fault.layer)};
       }},
      {"bias_of_last_sample", each_layer,
       [](const Fault& fault) {
         return Factors{.layer = fault.layer, .bias = [](const Question&, std::size_t, const Tensor& dz, const Layer&) {
                          Tensor last(1, dz.columns);
                          last.values.assign(dz.row(dz.rows - 1), dz.row(dz.rows - 1) + dz.columns);
                          return last;
                        }};
       },
       [](const Fault& fault, const Formulas& f) {
         return Wording{"the gradient of the bias is that of the last sample", f.last_sample(fault.layer), f.db(fault.layer)};
       }},
      {"bias_averaged_over_units", each_layer,
       [](const Fault& fault) {
         return Factors{.layer = fault.layer, .bias = [](const Question&, std::size_t, const Tensor&, const Layer& gradient) {
                          double sum = 0;
                          for (const double g : gradient.b.values) sum += g;
                          return Tensor(1, gradient.b.columns, sum / static_cast<double>(gradient.b.columns));
                        }};
       },
       [](const Fault& fault, const Formulas& f) {
         const std::size_t l = fault.layer;
         return Wording{"the gradient of the bias is averaged over the units as well: one number for all",
                        f.of("db", l) + " = " + f.of("dZ", l) + ".mean()", f.db(l)};
       }},
      {"bias_not_added", each_layer,
       [](const Fault& fault) {
         return Factors{.whole = [l = fault.layer](const Question& q) {
           Layers without = q.parameters;
           without[l].b = Tensor(1, without[l].b.columns);
           return gradient(Question(q.network, without, q.batch));
         }};
       },
       [](const Fault& fault, const Formulas& f) {
         return Wording{"the forward pass forgets the bias", f.Z(fault.layer, false), f.Z(fault.layer)};
       }},
      {"weights_not_transposed",
       [](const Architecture& network) {
         std::vector<Fault> faults;
         for (std::size_t l = 2; l <= network.layers(); ++l) {
           if (network.dims[l] == network.dims[l - 1]) faults.push_back({nullptr, l});
         }
         return faults;
       },
       [](const Fault& fault) {
         return Factors{.layer = fault.layer, .propagate = [](const Question& q, std::size_t l, const Tensor& dz, const Layer&) {
                          return product(dz, q.parameters[l].W);
                        }};
       },
       [](const Fault& fault, const Formulas& f) {
         const std::size_t l = fault.layer - 1;
         return Wording{"the weights are transposed the wrong way on the way down", f.dA(l, false), f.dA(l)};
       }},
      {"weights_left_out",
       [](const Architecture& network) {
         std::vector<Fault> faults;
         for (std::size_t l = 2; l <= network.layers(); ++l) {
           for (const double mean : {0.0, 1.0}) faults.push_back({nullptr, l, 0, mean});
         }
         return faults;
       },
       [](const Fault& fault) {
         return Factors{.layer = fault.layer,
                        .propagate = [mean = fault.value](const Question& q, std::size_t l, const Tensor& dz, const Layer&) {
                          const double share = mean == 1.0 ? 1 / static_cast<double>(dz.columns) : 1;
                          return product_transposed(dz, Tensor(q.network.dims[l - 1], dz.columns, share));
                        }};
       },
       [](const Fault& fault, const Formulas& f) {
         const std::size_t l = fault.layer - 1;
         const std::string axis = f.rows() ? "(axis=1, keepdims=True)" : "(axis=0, keepdims=True)";
         return Wording{"the weights are left out on the way down",
                        f.of("dA", l) + " = " + f.of("dZ", l + 1) + (fault.value == 1.0 ? ".mean" : ".sum") + axis, f.dA(l)};
       }},
      {"stale_weights", [](const Architecture& network) { return network.layers() > 1 ? once_fitted(network) : std::vector<Fault>(); },
       [](const Fault& fault) {
         return Factors{.propagate = [rate = fault.value](const Question& q, std::size_t l, const Tensor& dz, const Layer& gradient) {
           return product_transposed(dz, q.parameters[l].W - rate * gradient.W);
         }};
       },
       [](const Fault& fault, const Formulas& f) {
         const std::size_t l = f.layers();
         const std::string w = f.of("W", l);
         return Wording{"each layer's weights are updated (rate " + text(fault.value) + ") before the delta goes down through them",
                        w + " -= " + text(fault.value) + " * " + f.of("dW", l) + " before " + f.dA(l - 1),
                        "all updates after the whole backward pass"};
       },
       fit_rate},
  };
}

std::vector<Kind> faults_of_finish() {
  return {
      {"layers_swapped", pairs,
       [](const Fault& fault) {
         return Factors{.finish = [l = fault.layer, k = fault.other](const Question&, Layers& g) { std::swap(g[l], g[k]); }};
       },
       [](const Fault& fault, const Formulas& f) {
         const std::size_t l = fault.layer, k = fault.other;
         return Wording{"the gradients of two layers are swapped",
                        f.of("W", l) + " is given " + f.of("dW", k) + ", " + f.of("W", k) + " is given " + f.of("dW", l),
                        "each its own, the biases too"};
       }},
      {"weight_decay", once_fitted,
       [](const Fault& fault) {
         return Factors{.finish = [rate = fault.value](const Question& q, Layers& g) {
           for (std::size_t l = 1; l < g.size(); ++l) g[l].W = g[l].W + rate * q.parameters[l].W;
         }};
       },
       [](const Fault& fault, const Formulas& f) {
         return Wording{"weight decay is in the gradient of every W, and not in the loss", f.decayed(text(fault.value)), f.dW(1)};
       },
       fit_decay},
      {"weight_decay_of_biases_too", once_fitted,
       [](const Fault& fault) {
         return Factors{.finish = [rate = fault.value](const Question& q, Layers& g) {
           for (std::size_t l = 1; l < g.size(); ++l) g[l] = {g[l].W + rate * q.parameters[l].W, g[l].b + rate * q.parameters[l].b};
         }};
       },
       [](const Fault& fault, const Formulas& f) {
         return Wording{"weight decay is in the gradient of every W and b, and not in the loss", f.decayed(text(fault.value)), f.dW(1)};
       },
       fit_decay},
      {"clipped", once_fitted,
       [](const Fault& fault) {
         return Factors{.finish = [bound = fault.value](const Question&, Layers& g) {
           const auto clip = [bound](double v) { return std::clamp(v, -bound, bound); };
           for (Layer& layer : g) layer = {map(layer.W, clip), map(layer.b, clip)};
         }};
       },
       [](const Fault& fault, const Formulas& f) {
         const std::string bound = text(fault.value);
         return Wording{"each element of the gradient is clipped", "dW = np.clip(dW, -" + bound + ", " + bound + ")", f.dW(1)};
       },
       fit_bound},
  };
}

}  // namespace insitu::desktop::doctor
