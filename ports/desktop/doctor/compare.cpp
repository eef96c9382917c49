#include "compare.h"

#include <algorithm>
#include <cmath>

namespace insitu::desktop::doctor {
namespace {

double square(const Tensor& x) {
  double sum = 0;
  for (const double v : x.values) sum += v * v;
  return sum;
}

double norm_of_difference(const Tensor& u, const Tensor& p, double c) {
  double sum = 0;
  for (std::size_t k = 0; k < u.values.size(); ++k) {
    const double d = u.values[k] - c * p.values[k];
    sum += d * d;
  }
  return std::sqrt(sum);
}

/// The multiple of p that is nearest to u
double multiple(const Tensor& u, const Tensor& p) {
  double along = 0;
  for (std::size_t k = 0; k < u.values.size(); ++k) along += u.values[k] * p.values[k];
  return along / square(p);
}

/// Four numbers at least that single precision cannot hold all.
bool inexact(const Tensor& p) {
  const auto rounded = [](double v) { return static_cast<double>(static_cast<float>(v)) != v; };
  return p.values.size() >= 4 && std::any_of(p.values.begin(), p.values.end(), rounded);
}

}  // namespace

double distance(const Tensor& u, const Tensor& p, double noise) {
  if (!u.same_shape(p)) return 1;
  const double both = std::sqrt(square(u)) + std::sqrt(square(p));
  if (both <= noise * std::sqrt(static_cast<double>(u.values.size()))) return 0;
  const double apart = norm_of_difference(u, p, 1) / both;
  return apart <= 1 ? apart : 1;  // NaN where a square is too large
}

double root_mean_square(const Layers& gradient) {
  double sum = 0, count = 0;
  for (std::size_t t = 0; t < tensors(gradient); ++t) {
    sum += square(tensor(gradient, t));
    count += static_cast<double>(tensor(gradient, t).values.size());
  }
  return std::sqrt(sum / count);
}

Comparison compare(std::span<const Layers> user, std::span<const Layers> predicted, std::size_t t, std::span<const double> size,
                   Precision precision) {
  Comparison equal{'=', {}, 0, false}, scaled{'c', {}, 0, false}, zero{'0', {}, 0, false}, turned{'T', {}, 0, true};
  bool is_scaled = true, is_zero = true;
  for (std::size_t k = 0; k < user.size(); ++k) {
    const Tensor &u = tensor(user[k], t), &p = tensor(predicted[k], t);
    const double count = std::sqrt(static_cast<double>(p.values.size())), noise = precision.floor * size[k];
    const double norm_u = std::sqrt(square(u)), norm_p = std::sqrt(square(p));
    equal.distance = std::max(equal.distance, distance(u, p, noise));
    equal.telling = equal.telling || (inexact(p) && norm_p > noise * count);
    is_zero = is_zero && norm_u <= noise * count && norm_p > noise * count;
    turned.distance = std::max(turned.distance, distance(transposed(u), p, noise));
    is_scaled = is_scaled && u.same_shape(p) && norm_p > noise * count && norm_u > 0;
    const double c = is_scaled ? multiple(u, p) : 0;
    is_scaled = is_scaled && std::isfinite(c) && std::isfinite(norm_u);
    if (!is_scaled) continue;
    scaled.scale.push_back(c);
    scaled.distance = std::max(scaled.distance, norm_of_difference(u, p, c) / (2 * norm_u));
    scaled.telling = scaled.telling || inexact(p);
  }
  if (equal.distance <= precision.tolerance) return equal;
  if (is_zero) return zero;
  if (is_scaled && scaled.distance <= precision.tolerance) return scaled;
  // a vector is its own transpose
  if (!is_bias(t) && turned.distance <= precision.tolerance) return turned;
  return {'x', {}, equal.distance, false};
}

}  // namespace insitu::desktop::doctor
