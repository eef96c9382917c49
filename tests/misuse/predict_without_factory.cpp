// expects: predict<Network>(trained, factory, input)
#include <insitu/insitu.h>
using namespace insitu;

using Model = Network<Frozen<Dense<4, 8, Relu>>, Dense<8, 3, Softmax>>;

Vector<3> probabilities(const Trained<Model>& trained, [[maybe_unused]] const Parameters<Model>& factory, const Vector<4>& input) {
#ifdef FIXED
  return predict<Model>(trained, factory, input);
#else
  return predict<Model>(trained, input);
#endif
}
