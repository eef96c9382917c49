/// Forward product and update of one shape, timed against each other on the same weights.
#pragma once

#include <algorithm>

#include "bench/floats.h"
#include "bench/peers/floor.h"
#include "bench/peers/timing.h"
#include "growth.h"

namespace insitu::growth {

template <int In, int Out, int Most>
struct Layer {
  bench::Floats W{1L * In * Out, 0.1f, 1}, b{Out, 1.0f, 2}, x{1L * Most * In, 1.0f, 3}, y{1L * Most * Out, 1.0f, 4};
  bench::Floats d{1L * Most * Out, 1e-6f, 5};  // so small that W stays finite and normal over all rounds

  template <int Batch>
  void forward(long n) {
    for (; n > 0; --n) {
      gemm(x.as<Matrix<Batch, In>>(), W.as<Matrix<In, Out>>(), b.as<Vector<Out>>(), y.as<Matrix<Batch, Out>>());
      asm volatile("" : : "r"(y.data()) : "memory");
    }
  }
  template <int Batch>
  void update(long n) {
    for (; n > 0; --n) {
      ger<Batch, Out>(x.data(), In, d.data(), W.data(), Batch, In);
      asm volatile("" : : "r"(W.data()) : "memory");
    }
  }
};

/// A point for each batch and kernel; `at` says where in the sweep a batch stands.
template <int In, int Out, int... Batches, class At>
void products(std::vector<Point>& points, const std::string& sweep, At&& at, double limit) {
  using Memory = Layer<In, Out, std::max({Batches...})>;
  const auto layer = std::make_shared<Memory>();
  std::vector<peers::Candidate> candidates;
  std::vector<double> floors, multiply_adds;
  constexpr double Weights = 1.0 * In * Out, Bytes = 4 * Weights;
  const auto add = [&](const std::string& name, double count, double floor, auto run) {
    candidates.push_back({name, run});
    multiply_adds.push_back(count);
    floors.push_back(floor / count);
    points.push_back({sweep, name, 0, Bytes, 0, 0});
  };
  const std::size_t first = points.size();
  (
      [&] {
        constexpr int Batch = Batches;
        const double peak = 2 * Batch * Weights / peers::peak();
        const std::string of = at(Batch).second;
        add("forward" + of, Batch * Weights, std::max({peak, Bytes / peers::read_bandwidth(Bytes), peers::chain(In, partial_sums(Out))}),
            [layer](long n) { layer->template forward<Batch>(n); });
        points.back().at = at(Batch).first;
        add("update" + of, Batch * Weights, std::max({peak, Bytes / peers::update_bandwidth(Bytes), Batch * peers::fma_latency()}),
            [layer](long n) { layer->template update<Batch>(n); });
        points.back().at = at(Batch).first;
      }(),
      ...);
  peers::time_interleaved(candidates, 15, limit);
  for (std::size_t k = 0; k < candidates.size(); ++k) {
    points[first + k].time = candidates[k].median() / multiply_adds[k];
    points[first + k].floor = floors[k];
  }
}

}  // namespace insitu::growth
