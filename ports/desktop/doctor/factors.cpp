#include "factors.h"

namespace insitu::desktop::doctor {

Layers gradient(const Question& q, const Factors& factors) {
  if (factors.whole) return factors.whole(q);
  const auto replaced = [&](const auto& factor, std::size_t l) { return factor && (factors.layer == 0 || factors.layer == l); };
  const double mean = 1 / terms(q.network, q.samples());
  Layers gradient(q.layers() + 1);
  Tensor dz = factors.output_delta ? factors.output_delta(q) : output_delta(q.network, q.pass, q.batch.targets);
  for (std::size_t l = q.layers(); l > 0; --l) {
    Layer& layer = gradient[l];
    layer.W = mean * outer_product(replaced(factors.input, l) ? factors.input(q, l) : q.pass.a[l - 1], dz);
    layer.b = mean * column_sums(dz);
    const Tensor da = l == 1                           ? Tensor()
                      : replaced(factors.propagate, l) ? factors.propagate(q, l, dz, layer)
                                                       : product_transposed(dz, q.parameters[l].W);
    if (replaced(factors.bias, l)) layer.b = factors.bias(q, l, dz, layer);
    if (l > 1)
      dz = da * (replaced(factors.slope, l - 1) ? factors.slope(q, l - 1, da)
                                                : derivative(q.network, q.network.activations[l - 1], q.pass.z[l - 1], q.pass.a[l - 1]));
  }
  if (factors.finish) factors.finish(q, gradient);
  return gradient;
}

}  // namespace insitu::desktop::doctor
