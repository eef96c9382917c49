#include "group.h"

#include <algorithm>
#include <cmath>

namespace insitu::desktop::doctor {
namespace {

bool same_scale(const Comparison& a, const Comparison& b, double tolerance) {
  for (std::size_t k = 0; k < a.scale.size(); ++k) {
    if (!(std::fabs(a.scale[k] - b.scale[k]) <= 10 * tolerance * std::fabs(a.scale[k]))) return false;
  }
  return true;
}

double norm(const Layers& gradient) {
  double count = 0;
  for (std::size_t t = 0; t < tensors(gradient); ++t) count += static_cast<double>(tensor(gradient, t).values.size());
  return root_mean_square(gradient) * std::sqrt(count);
}

/// Splits tensors with the same letter into the parts of a network that one line of code makes: all; all W; all b; everything from a layer down; a layer; a
/// tensor. `all` tensors there are.
std::vector<std::vector<std::size_t>> parts(const std::vector<std::size_t>& tensors, std::size_t all) {
  const auto has = [&](std::size_t t) { return std::find(tensors.begin(), tensors.end(), t) != tensors.end(); };
  if (tensors.size() == all) return {tensors};
  if (all > 2 && tensors.size() == all / 2) {
    for (const bool bias : {false, true}) {
      if (std::all_of(tensors.begin(), tensors.end(), [&](std::size_t t) { return is_bias(t) == bias; })) return {tensors};
    }
  }
  std::vector<std::vector<std::size_t>> result;
  std::size_t down = all;  // the first tensor of the layer from which everything is here
  while (down >= 2 && has(down - 2) && has(down - 1)) down -= 2;
  if (down < all) result.emplace_back();
  for (std::size_t t = down; t < all; ++t) result.back().push_back(t);
  for (std::size_t t = 0; t < down; t += 2) {
    const bool w = has(t), b = has(t + 1);
    if (w && b) result.push_back({t, t + 1});
    if (w != b) result.push_back({w ? t : t + 1});
  }
  return result;
}

}  // namespace

std::vector<Cause> group(std::span<const Comparison> letters, double tolerance) {
  std::vector<Cause> causes;
  std::vector<bool> done(letters.size());
  for (std::size_t t = 0; t < letters.size(); ++t) {
    const Comparison& first = letters[t];
    if (done[t] || first.letter == '=') continue;
    std::vector<std::size_t> same;
    for (std::size_t k = t; k < letters.size(); ++k) {
      if (!done[k] && letters[k].letter == first.letter && (first.letter != 'c' || same_scale(first, letters[k], tolerance))) {
        same.push_back(k);
        done[k] = true;
      }
    }
    const Cause::Type type = first.letter == 'c' ? Cause::Type::Scaled : first.letter == '0' ? Cause::Type::Zero : Cause::Type::Transposed;
    for (std::vector<std::size_t>& part : parts(same, letters.size())) causes.push_back({type, {}, std::move(part), first.scale, {}});
  }
  return causes;
}

std::vector<Reading> clipped_norm(std::span<const Layers> user, std::span<const Layers> right, std::span<const double> scale) {
  if (user.size() < 2) return {};
  const double bound = norm(user[0]);
  for (std::size_t k = 0; k < user.size(); ++k) {
    if (!(scale[k] > 0 && scale[k] < 1) || std::fabs(norm(user[k]) - bound) > 1e-5 * bound || norm(right[k]) < bound) return {};
  }
  return {{"clipped_by_norm", bound, 0}};
}

Kind not_zeroed_kind() {
  return {"not_zeroed", [](const Architecture&) { return std::vector<Fault>(); }, [](const Fault&) { return Factors(); },
          [](const Fault&, const Formulas& f) {
            return Wording{"the gradient is not zeroed: that of the batch before is still in it", "dW += ... (the sum of both batches)",
                           f.dW(1)};
          }};
}

}  // namespace insitu::desktop::doctor
