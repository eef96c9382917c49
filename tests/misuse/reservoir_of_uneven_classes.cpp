// expects: make N a multiple of the number of classes
#include <insitu/insitu.h>
using namespace insitu;

bool hold(int sample) {
#ifdef FIXED
  static Reservoir<int, 12, 4> reservoir{1};
#else
  static Reservoir<int, 10, 4> reservoir{1};
#endif
  return reservoir.offer(sample, sample % 4);
}
