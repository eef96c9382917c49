#include "networks.h"

namespace insitu {

// From these the exclusive or is learnt. The digits' are zeros: only their size counts here.
alignas(Alignment) const Parameters<Xor> xor_weights = {{{{-1.5f, 0.5f, 1.0f, 0.75f, -1.0f, 1.25f}}, {}}, {{{{1.0f, -0.75f, 0.5f}}, {}}}};
alignas(Alignment) const Parameters<Digits> digits_weights = {};

}  // namespace insitu
