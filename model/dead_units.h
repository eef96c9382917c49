/// Dead units: whether a hidden layer passes no gradient on, so that nothing below it can learn any more.
#pragma once

#include "backpropagation.h"

namespace insitu {

/// f'(z) is zero for each unit of some trained hidden layer and each sample. `pass` is a Backpropagation after its forward half.
template <class Net, class Pass>
bool has_dead_layer(Pass& pass, int samples) {
  bool any = false;
  unroll<Net::depth - 1 - Net::first_trained>([&](auto k) {
    constexpr int I = Net::first_trained + k;
    using Act = typename Net::template Layer<I>::Activation;
    const auto& a = pass.template activation<I>();
    int at = 0;
    while (at < samples * Net::template Layer<I>::outputs && Act::backward(Scalar(a.data[at]), Scalar(1.0f)).value == 0.0f) ++at;
    any = any || at == samples * Net::template Layer<I>::outputs;
  });
  return any;
}

/// Everything below the last layer is zero in a gradient, and the last layer is not.
template <class Net>
bool is_dead_gradient(const Trained<Net>& gradient) {
  if constexpr (Net::first_trained + 1 < Net::depth) {
    constexpr int Last = float_count<std::remove_cvref_t<decltype(get<Net::depth - 1>(gradient))>>,
                  Below = float_count<Trained<Net>> - Last;
    const float* g = reinterpret_cast<const float*>(&gradient);
    int at = 0;
    while (at < Below && g[at] == 0.0f) ++at;
    return at == Below && at > 0 && dot(g + Below, g + Below, Last) > 0.0f;
  }
  return false;
}

}  // namespace insitu
