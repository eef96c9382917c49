/// The truth that `doctor curve` is held to: the same training in plain loops, with nothing of the doctor's in it. n-h-1, relu and sigmoid, mean binary cross-entropy.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "model/initialize.h"

namespace insitu::desktop::doctor {

using Row = std::vector<double>;

struct PlainSet {
  std::size_t n = 0, h = 0, m = 0;
  std::vector<Row> x;   ///< m rows of n
  Row y;                ///< m
  std::vector<Row> w1;  ///< n rows of h
  Row b1, w2;           ///< h
  double b2 = 0, rate = 0;
  bool lacks_mean = false;  ///< dW1 = X' dZ1 without the 1/m
};

struct PlainChange {
  bool mended = false;
  double rate = 1;
  int scaling = 0;  ///< 1 centred, 2 standardised
  bool clipped = false, guarded = false, fresh = false;
};

inline void plain_scale(PlainSet& set, int scaling) {
  for (std::size_t j = 0; scaling > 0 && j < set.n; ++j) {
    double sum = 0, squares = 0;
    for (const Row& row : set.x) sum += row[j];
    const double mean = sum / static_cast<double>(set.m);
    for (const Row& row : set.x) squares += (row[j] - mean) * (row[j] - mean);
    const double deviation = std::sqrt(squares / static_cast<double>(set.m));
    for (Row& row : set.x) row[j] = deviation < 1e-9 ? 0 : (row[j] - mean) / (scaling == 2 ? deviation : 1);
  }
}

/// He's weights as `insitu train` draws them.
inline void plain_start(PlainSet& set, std::uint64_t seed) {
  Random random(seed);
  for (Row& row : set.w1) {
    for (double& w : row) w = static_cast<double>(He{}(random, static_cast<int>(set.n), static_cast<int>(set.h)));
  }
  for (double& w : set.w2) w = static_cast<double>(He{}(random, static_cast<int>(set.h), 1));
  set.b1.assign(set.h, 0), set.b2 = 0;
}

/// The loss before each step, and after the last; it ends where a loss is no number.
inline Row plain_run(PlainSet set, const PlainChange& change, std::size_t steps) {
  plain_scale(set, change.scaling);
  if (change.fresh) plain_start(set, 2);
  double rate = set.rate * change.rate, lowest = 0, kept_loss = 0;
  const double m = static_cast<double>(set.m);
  bool started = false;
  PlainSet kept = set;
  Row losses;
  std::vector<Row> z(set.m, Row(set.h)), dw1(set.n, Row(set.h));
  for (std::size_t step = 0; step <= steps; ++step) {
    double loss = 0, db2 = 0;
    std::vector<bool> alive(set.h, false);
    Row dz2(set.m), dw2(set.h), db1(set.h);
    for (Row& row : dw1) std::fill(row.begin(), row.end(), 0.0);
    for (std::size_t s = 0; s < set.m; ++s) {
      double out = set.b2;
      for (std::size_t k = 0; k < set.h; ++k) {
        double sum = set.b1[k];
        for (std::size_t j = 0; j < set.n; ++j) sum += set.x[s][j] * set.w1[j][k];
        z[s][k] = sum;
        if (sum > 0) alive[k] = true, out += sum * set.w2[k];
      }
      loss += ((out > 0 ? out : 0) - set.y[s] * out + std::log1p(std::exp(-std::fabs(out)))) / m;
      dz2[s] = 1 / (1 + std::exp(-out)) - set.y[s];
    }
    losses.push_back(loss);
    if (step == steps) break;
    if (change.guarded) {
      const bool dead = std::none_of(alive.begin(), alive.end(), [](bool a) { return a; });
      const bool rose = started && loss > lowest + 0.05 * std::fabs(lowest) + 1e-4;
      if (!std::isfinite(loss) || dead || rose) {
        if (started) set = kept, lowest = kept_loss;
        rate /= 2;
        continue;
      }
      if (!started || loss < lowest) lowest = loss;
      started = true, kept = set, kept_loss = loss;
    }
    if (!std::isfinite(loss)) return losses;
    double norm = 0;
    for (std::size_t s = 0; s < set.m; ++s) {
      db2 += dz2[s] / m;
      for (std::size_t k = 0; k < set.h; ++k) {
        if (!(z[s][k] > 0)) continue;
        dw2[k] += z[s][k] * dz2[s] / m;
        const double d = dz2[s] * set.w2[k];
        db1[k] += d / m;
        for (std::size_t j = 0; j < set.n; ++j) dw1[j][k] += set.x[s][j] * d / (set.lacks_mean && !change.mended ? 1 : m);
      }
    }
    for (const Row& row : dw1) {
      for (const double g : row) norm += g * g;
    }
    for (std::size_t k = 0; k < set.h; ++k) norm += dw2[k] * dw2[k] + db1[k] * db1[k];
    norm = std::sqrt(norm + db2 * db2);
    const double r = rate * (change.clipped && norm > 1 ? 1 / norm : 1);
    for (std::size_t j = 0; j < set.n; ++j) {
      for (std::size_t k = 0; k < set.h; ++k) set.w1[j][k] -= r * dw1[j][k];
    }
    for (std::size_t k = 0; k < set.h; ++k) set.w2[k] -= r * dw2[k], set.b1[k] -= r * db1[k];
    set.b2 -= r * db2;
  }
  return losses;
}

/// Cured as cure.h has it in words: finite throughout, and in the mean of the last tenth at most half of the entropy of the labels.
inline bool plain_cured(const PlainSet& set, const Row& losses) {
  double p = 0, sum = 0;
  for (const double y : set.y) p += y / static_cast<double>(set.m);
  const double entropy = -p * std::log(p) - (1 - p) * std::log(1 - p);
  for (const double v : losses) {
    if (!std::isfinite(v)) return false;
  }
  const std::size_t tenth = losses.size() / 10;
  for (std::size_t k = losses.size() - tenth; k < losses.size(); ++k) sum += losses[k] / static_cast<double>(tenth);
  return sum <= entropy / 2;
}

}  // namespace insitu::desktop::doctor
