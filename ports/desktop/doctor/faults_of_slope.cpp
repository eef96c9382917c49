#include <optional>

#include "places.h"

namespace insitu::desktop::doctor {
namespace {

using Slope = std::function<Tensor(const Question&, std::size_t l, const Tensor& da)>;

/// dz = da * slope in the fault's layer, which may be the output
Factors with_slope(const Fault& fault, const Slope& slope) {
  Factors factors;
  factors.layer = fault.layer;
  factors.slope = slope;
  factors.output_delta = [=, at = fault.layer](const Question& q) {
    const std::size_t l = q.layers();
    if (at != l) return output_delta(q.network, q.pass, q.batch.targets);
    const Tensor e =
        fused(q.network) ? output_delta(q.network, q.pass, q.batch.targets) : loss_derivative(q.network, q.pass.a[l], q.batch.targets);
    return e * slope(q, l, e);
  };
  return factors;
}

/// f'(z, a) where it is handed z and a of its own choice
Tensor slope_of(const Question& q, std::size_t l, const Tensor& z, const Tensor& a) {
  return derivative(q.network, q.network.activations[l], z, a);
}

/// The formula of dZ in the layer of the fault, or in each, with this in place of f'.
template <class Wrong>
Wording wording(const char* cause, const Fault& fault, const Formulas& f, const Wrong& wrong) {
  const std::size_t l = fault.layer;
  Wording words;
  for (std::size_t k = l == 0 ? 1 : l; k <= (l == 0 ? f.layers() - 1 : l); ++k) {
    const char* const comma = words.is.empty() ? "" : ", ";
    words.is.append(comma).append(f.dZ(k, wrong(k)));
    words.should.append(comma).append(f.dZ(k));
  }
  words.cause = std::string(cause) + (l == 0 ? ", in every hidden layer" : "");
  return words;
}

std::vector<Fault> others(const Architecture& network) {
  std::vector<Fault> faults;
  for (std::size_t l = 1; l < network.layers(); ++l) {
    for (const Activation other : {Activation::Relu, Activation::LeakyRelu, Activation::Tanh, Activation::Sigmoid}) {
      if (other != network.activations[l])
        for (const double own : {0.0, 1.0}) faults.push_back({nullptr, l, 0, own, other});
    }
  }
  return faults;
}

std::vector<Fault> gates(const Architecture& network) {
  std::vector<Fault> faults;
  for (std::size_t l = 1; l < network.layers(); ++l) {
    if (network.activations[l] == Activation::Relu) faults.push_back({nullptr, l});
  }
  return faults;
}

}  // namespace

std::vector<Kind> faults_of_slope() {
  return {
      {"derivative_of_z", each_slope,
       [](const Fault& fault) {
         return with_slope(fault, [](const Question& q, std::size_t l, const Tensor&) { return slope_of(q, l, q.pass.z[l], q.pass.z[l]); });
       },
       [](const Fault& fault, const Formulas& f) {
         return wording("the derivative is written in terms of A and is given Z", fault, f,
                        [&](std::size_t l) { return f.slope(l, f.of("Z", l), f.of("Z", l)); });
       }},
      {"derivative_of_a", each_slope,
       [](const Fault& fault) {
         return with_slope(fault, [](const Question& q, std::size_t l, const Tensor&) {
           const Tensor& a = q.pass.a[l];
           return slope_of(q, l, a, activate(q.network, q.network.activations[l], a));
         });
       },
       [](const Fault& fault, const Formulas& f) {
         return wording("the derivative is a function of Z and is given A: the activation is applied twice", fault, f, [&](std::size_t l) {
           const std::string twice = std::string(name(f.activation(l))) + "(" + f.of("A", l) + ")";
           return f.slope(l, f.of("A", l), twice);
         });
       }},
      {"derivative_missing", each_slope,
       [](const Fault& fault) {
         return with_slope(fault, [](const Question&, std::size_t, const Tensor& da) { return Tensor(da.rows, da.columns, 1); });
       },
       [](const Fault& fault, const Formulas& f) {
         return wording("the derivative of the activation is missing", fault, f, [](std::size_t) { return std::string(); });
       }},
      {"derivative_doubled",
       [](const Architecture& network) {
         std::vector<Fault> faults = each_slope(network);
         if (fused(network) && !logits(network)) faults.push_back({nullptr, network.layers()});
         return faults;
       },
       [](const Fault& fault) {
         return with_slope(fault, [](const Question& q, std::size_t l, const Tensor&) {
           const Tensor& a = q.pass.a[l];
           // the loss's formula has it already
           if (l == q.layers() && fused(q.network)) return map(a, [](double p) { return p * (1 - p); });
           const Tensor slope = slope_of(q, l, q.pass.z[l], a);
           return slope * slope;
         });
       },
       [](const Fault& fault, const Formulas& f) {
         return wording("the derivative of the activation is taken twice", fault, f, [&](std::size_t l) {
           const std::string once = f.slope(l, f.of("Z", l), f.of("A", l));
           return l == f.layers() && f.fused() ? once : once + " * " + once;
         });
       }},
      {"activation_for_derivative", each_slope,
       [](const Fault& fault) { return with_slope(fault, [](const Question& q, std::size_t l, const Tensor&) { return q.pass.a[l]; }); },
       [](const Fault& fault, const Formulas& f) {
         return wording("the activation stands where its derivative belongs", fault, f, [&](std::size_t l) { return f.of("A", l); });
       }},
      {"derivative_of_another", others,
       [](const Fault& fault) {
         return with_slope(fault, [other = fault.activation, own = fault.value](const Question& q, std::size_t l, const Tensor&) {
           const Tensor &z = q.pass.z[l], &a = q.pass.a[l];
           return derivative(q.network, other, z, own == 1.0 ? activate(q.network, other, z) : a);
         });
       },
       [](const Fault& fault, const Formulas& f) {
         const std::string cause = std::string("the derivative is that of ") + name(fault.activation) + ", and the activation is " +
                                   name(f.activation(fault.layer));
         return wording(cause.c_str(), fault, f, [&](std::size_t l) {
           const std::string z = f.of("Z", l), own = std::string(name(fault.activation)) + "(" + z + ")";
           return f.slope(fault.activation, z, fault.value == 1.0 ? own : f.of("A", l));
         });
       }},
      {"gate_inverted", gates,
       [](const Fault& fault) {
         return with_slope(fault, [](const Question& q, std::size_t l, const Tensor&) {
           return map(q.pass.z[l], [](double z) { return z > 0 ? 0 : 1; });
         });
       },
       [](const Fault& fault, const Formulas& f) {
         return wording("the gate of relu is inverted", fault, f, [&](std::size_t l) { return f.of("(Z", l) + " <= 0)"; });
       }},
      {"gate_of_gradient", [](const Architecture& network) { return layers_from_to(1, network.layers() - 1); },
       [](const Fault& fault) {
         return with_slope(fault,
                           [](const Question&, std::size_t, const Tensor& da) { return map(da, [](double d) { return d > 0 ? 1 : 0; }); });
       },
       [](const Fault& fault, const Formulas& f) {
         return wording("the gate looks at the gradient, not at Z", fault, f, [&](std::size_t l) { return f.of("(dA", l) + " > 0)"; });
       }},
  };
}

}  // namespace insitu::desktop::doctor
