#include <cmath>

#include "places.h"

namespace insitu::desktop::doctor {
namespace {

/// y[s][j] = x[s - down][j - right], around the edges
Tensor rolled(const Tensor& x, double down, double right) {
  Tensor y(x.rows, x.columns);
  const auto from = [](std::size_t k, double by, std::size_t size) { return (k + (by > 0 ? size - 1 : by < 0 ? 1 : 0)) % size; };
  for (std::size_t s = 0; s < x.rows; ++s) {
    for (std::size_t j = 0; j < x.columns; ++j) y(s, j) = x(from(s, down, x.rows), from(j, right, x.columns));
  }
  return y;
}

Factors with_targets(const std::function<Tensor(const Tensor&)>& wrong) {
  return {.output_delta = [=](const Question& q) { return output_delta(q.network, q.pass, wrong(q.batch.targets)); }};
}

/// `e` instead of the loss's derivative dL/da
Factors with_error(const std::function<Tensor(const Question&)>& e) {
  return {.output_delta = [=](const Question& q) {
    const std::size_t l = q.layers();
    const Tensor error = e(q);
    return fused(q.network) ? error : error * derivative(q.network, q.network.activations[l], q.pass.z[l], q.pass.a[l]);
  }};
}

/// a - y, as the loss has it; of the cross-entropies that of the probabilities
Tensor error(const Question& q, const Tensor& targets) {
  return fused(q.network) ? output_delta(q.network, q.pass, targets) : loss_derivative(q.network, q.pass.a.back(), targets);
}

Tensor probabilities(const Question& q) {
  return activate(q.network, q.network.loss == LossKind::CrossEntropy ? Activation::Softmax : Activation::Sigmoid, q.pass.z.back());
}

Factors of_samples(const std::function<std::pair<std::size_t, std::size_t>(std::size_t m)>& range) {
  return {.whole = [=](const Question& q) {
    const auto [begin, end] = range(q.samples());
    const auto cut = [b = begin, e = end](const Tensor& x) {
      Tensor part(e - b, x.columns);
      part.values.assign(x.row(b), x.row(b) + part.values.size());
      return part;
    };
    const Batch part{cut(q.batch.inputs), cut(q.batch.targets)};
    return gradient(Question(q.network, q.parameters, part));
  }};
}

std::string joined(const Formulas& f, const std::string& targets) { return f.output(f.error(targets), f.output_slope()); }

}  // namespace

std::vector<Kind> faults_of_targets() {
  return {
      {"samples_misaligned", both_ways,
       [](const Fault& fault) { return with_targets([v = fault.value](const Tensor& y) { return rolled(y, v, 0); }); },
       [](const Fault& fault, const Formulas& f) {
         const std::string axis = f.rows() ? ", axis=0)" : ", axis=1)";
         return Wording{"the targets belong to other samples: they are shifted by one against the inputs",
                        joined(f, "np.roll(Y, " + std::string(fault.value > 0 ? "1" : "-1") + axis), f.output()};
       }},
      {"classes_misaligned", [](const Architecture& network) { return network.outputs() > 1 ? both_ways(network) : std::vector<Fault>(); },
       [](const Fault& fault) { return with_targets([v = fault.value](const Tensor& y) { return rolled(y, 0, v); }); },
       [](const Fault& fault, const Formulas& f) {
         const std::string axis = f.rows() ? ", axis=1)" : ", axis=0)";
         return Wording{"the targets belong to other outputs: the classes are counted from another number",
                        joined(f, "np.roll(Y, " + std::string(fault.value > 0 ? "1" : "-1") + axis), f.output()};
       }},
      {"targets_averaged", [](const Architecture& network) { return network.outputs() == 1 ? once(network) : std::vector<Fault>(); },
       [](const Fault&) {
         return with_targets([](const Tensor& y) { return Tensor(y.rows, 1, column_sums(y)(0, 0) / static_cast<double>(y.rows)); });
       },
       [](const Fault&, const Formulas& f) {
         return Wording{"the labels have one dimension, so that A - Y is m x m and every output is compared with every label",
                        joined(f, "Y.mean()"), f.output() + ", with Y of the shape of A: Y.reshape(A.shape)"};
       }},
      {"targets_missing", once,
       [](const Fault&) {
         return with_error(
             [](const Question& q) { return fused(q.network) ? probabilities(q) : error(q, Tensor(q.samples(), q.network.outputs())); });
       },
       [](const Fault&, const Formulas& f) {
         return Wording{"the targets are missing from the loss's derivative", joined(f, ""), f.output()};
       }},
      {"loss_derivative_missing",
       [](const Architecture& network) { return fused(network) && logits(network) ? std::vector<Fault>() : once(network); },
       [](const Fault&) {
         return with_error([](const Question& q) {
           const Tensor& a = q.pass.a.back();
           return fused(q.network) ? map(a, [](double p) { return p * (1 - p); }) : Tensor(a.rows, a.columns, 1);
         });
       },
       [](const Fault&, const Formulas& f) {
         const std::string out = f.output_name(), slope = f.fused() ? out + " * (1 - " + out + ")" : f.output_slope();
         return Wording{"the loss's derivative is missing: only the derivative of the output is there",
                        f.output_is(slope.empty() ? "1" : slope), f.output()};
       }},
      {"absolute_error", once,
       [](const Fault&) {
         return with_error([](const Question& q) { return map(error(q, q.batch.targets), [](double e) { return std::fabs(e); }); });
       },
       [](const Fault&, const Formulas& f) {
         return Wording{"the error has lost its sign", f.output("np.abs(" + f.error() + ")", f.output_slope()), f.output()};
       }},
      {"loss_for_derivative", [](const Architecture& network) { return fused(network) ? std::vector<Fault>() : once(network); },
       [](const Fault&) {
         return with_error([](const Question& q) {
           return map(q.pass.a.back(), q.batch.targets, [&](double a, double y) { return element_loss(q.network, a, a, y); });
         });
       },
       [](const Fault&, const Formulas& f) {
         return Wording{"the loss stands where its derivative belongs", f.output("loss", f.output_slope()), f.output()};
       }},
      {"last_sample_only", once, [](const Fault&) { return of_samples([](std::size_t m) { return std::pair(m - 1, m); }); },
       [](const Fault&, const Formulas&) {
         return Wording{"only the last sample of the batch counts: the gradient is overwritten where it should be summed",
                        "dW = ... in the loop over samples", "dW += ... in the loop, dW /= m after it"};
       }},
      {"first_sample_only", once,
       [](const Fault&) { return of_samples([](std::size_t) { return std::pair<std::size_t, std::size_t>(0, 1); }); },
       [](const Fault&, const Formulas&) {
         return Wording{"only the first sample of the batch counts", "the gradient of one sample", "the mean over all m"};
       }},
      {"half_batch", once,
       [](const Fault&) { return of_samples([](std::size_t m) { return std::pair<std::size_t, std::size_t>(0, (m + 1) / 2); }); },
       [](const Fault&, const Formulas&) {
         return Wording{"only the first half of the batch counts", "the mean over the first half", "the mean over all m"};
       }},
  };
}

}  // namespace insitu::desktop::doctor
