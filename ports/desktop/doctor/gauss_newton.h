/// The Gauss-Newton matrix of the loss, G = sum over samples of J' H J / terms: J is d(output)/d(parameters), H the loss's second derivative by the output.
#pragma once

#include "faulty_gradient.h"

namespace insitu::desktop::doctor {

/// G v, v and the result of the shapes of the parameters. The output is z for the cross-entropies, so that H is p (1 - p), or diag(p) - p p'; otherwise a.
Layers gauss_newton_product(const Architecture& network, const Layers& parameters, const Pass& pass, const Tensor& targets,
                            const Layers& v);

/// The largest eigenvalue by power iteration, to a thousandth or 200 products; of D G where a gradient's tensors are scaled by D, as a wrong one's are, for its steps
/// are those of D G. Gradient descent of a quadratic loss diverges where rate * eigenvalue / 2 > 1.
double largest_eigenvalue(const Architecture& network, const Layers& parameters, const Batch& batch, const FaultyGradient& gradient = {});

}  // namespace insitu::desktop::doctor
