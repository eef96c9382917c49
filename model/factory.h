/// copy_factory: where training on a device starts: of the factory's tensors those that training changes.
#pragma once

#include "network.h"

namespace insitu {

/// Copies the trained layers of `factory` into `trained`; the frozen ones stay where they are.
template <class Net, int I = 0>
void copy_factory(const Parameters<Net>& factory, Trained<Net>& trained) {
  using P = Part<typename Net::template Layer<I>>;
  if constexpr (P::weights) {
    get<I>(trained) = get<I>(factory);
  } else if constexpr (P::bias) {
    get<I>(trained).bias = get<I>(factory).bias;
  }
  if constexpr (I + 1 < Net::depth) copy_factory<Net, I + 1>(factory, trained);
}

}  // namespace insitu
