// expects: the tensors of a layer must be floats and nothing else: remove what pads or aligns them
#include <insitu/insitu.h>
using namespace insitu;

struct Gain {
  static constexpr int inputs = 3, outputs = 3;
  static constexpr char name[] = "gain";
  using Activation = Identity;
  template <class T = float>
  struct Tensors {
    T scale;
#ifdef FIXED
    T exponent;
#else
    double exponent;
#endif
  };
};

Parameters<Network<Gain>> parameters;
