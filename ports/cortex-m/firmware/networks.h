/// The networks whose size is measured, their weights in flash, and a sensor.
#pragma once

#include <cstdint>

#include "model/insitu.h"

namespace insitu {

using Xor = Network<Dense<2, 3, Sigmoid>, Dense<3, 1, Sigmoid>>;
using Digits = Network<Dense<64, 32, Relu>, Dense<32, 10, Softmax>>;

/// weights.cpp: elsewhere, so that the compiler does not know them.
extern const Parameters<Xor> xor_weights;
extern const Parameters<Digits> digits_weights;

/// Some number that only the device knows: SysTick's count.
inline float sensor() { return static_cast<float>(*reinterpret_cast<const volatile std::uint32_t*>(0xE000E018u) & 15u); }

}  // namespace insitu
