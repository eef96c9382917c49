/// Model and Training of the network header INSITU_NETWORK (in quotes), for the C library.
#pragma once

#include INSITU_NETWORK

#include <insitu/insitu.h>

#include <type_traits>

namespace insitu::c {

/// The trainer where the header declares none: plain gradient descent, one sample a step, the loss that fits the output activation.
template <class Net>
struct DefaultTraining {
  using Output = typename Net::template Layer<Net::depth - 1>::Activation;
  using Loss = std::conditional_t<std::is_same_v<Output, Softmax>, CrossEntropy,
                                  std::conditional_t<std::is_same_v<Output, Sigmoid>, BinaryCrossEntropy, MeanSquaredError>>;
  using type = Trainer<Net, Loss, Sgd, Batch<1>>;
};

}  // namespace insitu::c

// ::Training is the header's where it declares one: a qualified name is looked up in the namespace itself before its using-directives.
namespace insitu_c_default {
using Training = insitu::c::DefaultTraining<::Model>::type;
}
using namespace insitu_c_default;  // NOLINT(google-build-using-namespace)

namespace insitu::c {

using Net = ::Model;
using Training = ::Training;
static_assert(std::is_same_v<typename Training::Network, Net>,
              "insitu: Training is for another network: write insitu::Trainer<Model, ...>");

/// What every pointer to parameters or a trainer is aligned to: two words, for loads of several registers, and what C can say without an extension.
inline constexpr int Alignment = 8;
static_assert(alignof(Training) <= Alignment && alignof(Parameters<Net>) <= Alignment);

/// Whether targets may be class indices.
template <class Loss>
inline constexpr bool takes_labels = std::is_same_v<Loss, CrossEntropy>;
template <int Classes>
inline constexpr bool takes_labels<WeightedCrossEntropy<Classes>> = true;

}  // namespace insitu::c
