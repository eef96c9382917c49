/// SliceUnits: how a step is cut into units of bounded work, and what a unit costs.
#pragma once

#include "network.h"

namespace insitu {

/// How a step is cut: the rows of W in a unit, and what a unit costs in multiply-adds.
template <class Net, int Batch>
struct SliceUnits {
  static constexpr int Activation = 8, Aim = 512;  ///< what an activation counts for; about what a unit of rows should cost

  template <int I>
  static constexpr int ins = Net::template Layer<I>::inputs;
  template <int I>
  static constexpr int outs = Net::template Layer<I>::outputs;
  /// Going forward, for one sample: whole rounds of the partial sums.
  template <int I>
  static constexpr int forward_rows = partial_sums(outs<I>) *
                                      (Aim / outs<I> > partial_sums(outs<I>) ? Aim / outs<I> / partial_sums(outs<I>) : 1);
  /// And going back, for all samples.
  template <int I>
  static constexpr int backward_rows = Aim / 2 / (Batch * outs<I>) >= 16  ? 16
                                       : Aim / 2 / (Batch * outs<I>) >= 8 ? 8
                                                                          : 4;

  /// f(integral_constant<int, I>) for all layers; the largest of what it gives.
  template <class F>
  static constexpr long largest_of(F&& f) {
    return [&]<int... I>(std::integer_sequence<int, I...>) {
      long most = 0;
      for (long n : {f(std::integral_constant<int, I>{})...}) most = n > most ? n : most;
      return most;
    }
    (std::make_integer_sequence<int, Net::depth>{});
  }
  static constexpr int sums = static_cast<int>(largest_of([](auto I) { return static_cast<long>(partial_sums(outs<I>)) * outs<I>; }));
  static constexpr long largest = largest_of([](auto I) {
    const long forward = static_cast<long>(forward_rows<I>) * outs<I>, activation = static_cast<long>(Batch) * outs<I> * Activation;
    const long backward = 2l * Batch * backward_rows<I> * outs<I>, most = forward > activation ? forward : activation;
    return I >= Net::first_trained && backward > most ? backward : most;
  });
};

}  // namespace insitu
