// tune: times other tiles of gemm and ger than those of kernels/tiles.h and prints lines for it.
#include "tune.h"

int main() {
  using namespace insitu::bench;
  std::printf(
      "%s, compiler %s\nMinima of %d interleaved rounds, what the core does when nothing disturbs it; every tile gives the bits of the one "
      "in use. A best of all is measured twice.\n",
      insitu::peers::processor().c_str(), __VERSION__, Rounds);
#if defined(INSITU_HELIUM)
  constexpr bool Tiled = false;
#else
  constexpr bool Tiled = insitu::Vec::lanes > 1;
#endif
  if constexpr (!Tiled) {
    std::printf("This target has no tiles: its products go sample by sample.\n");
    return 0;
  } else {
    const bool gemm_same = tune_gemm(), ger_same = tune_ger();
    return gemm_same && ger_same ? 0 : 1;
  }
}
