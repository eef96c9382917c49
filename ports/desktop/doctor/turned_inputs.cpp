#include "turned_inputs.h"

#include <cmath>

namespace insitu::desktop::doctor {
namespace {

double dot(const double* x, const double* y, std::size_t n) {
  double sum = 0;
  for (std::size_t k = 0; k < n; ++k) sum += x[k] * y[k];
  return sum;
}

}  // namespace

TurnedInputs turned_inputs(const Architecture& network, const Layers& start, const Tensor& inputs) {
  const std::size_t m = inputs.rows, n = inputs.columns;
  if (2 * m > n) return {network, start, inputs, 0};
  // Gram and Schmidt, twice over: once leaves a remainder where samples are nearly alike, as pictures are. What is left of a sample that others span is nothing.
  Tensor q(m, n), coordinates(m, m);
  std::size_t rank = 0;
  for (std::size_t s = 0; s < m; ++s) {
    double* const rest = q.row(rank);
    std::copy(inputs.row(s), inputs.row(s) + n, rest);
    const double size = std::sqrt(dot(rest, rest, n));
    for (int time = 0; time < 2; ++time) {
      for (std::size_t k = 0; k < rank; ++k) {
        const double along = dot(rest, q.row(k), n);
        coordinates(s, k) += along;
        for (std::size_t j = 0; j < n; ++j) rest[j] -= along * q(k, j);
      }
    }
    const double left = std::sqrt(dot(rest, rest, n));
    if (!(left > 1e-13 * size)) continue;
    coordinates(s, rank) = left;
    for (std::size_t j = 0; j < n; ++j) rest[j] /= left;
    ++rank;
  }
  if (rank == 0) return {network, start, inputs, 0};
  TurnedInputs result{network, start, Tensor(m, rank), 0};
  result.network.dims[0] = rank;
  for (std::size_t s = 0; s < m; ++s) std::copy(coordinates.row(s), coordinates.row(s) + rank, result.inputs.row(s));
  Tensor span(rank, n);
  std::copy(q.row(0), q.row(0) + rank * n, span.row(0));
  const Tensor& w = start[1].W;
  result.start[1].W = product(span, w);
  const auto square = [](const Tensor& x) { return dot(x.values.data(), x.values.data(), x.values.size()); };
  result.outside = std::max(0.0, square(w) - square(result.start[1].W));
  return result;
}

}  // namespace insitu::desktop::doctor
