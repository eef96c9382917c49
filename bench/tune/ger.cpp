// Tiles of W += X^T D.
#include "kernels/ger.h"

#include "tune.h"

namespace insitu::bench {
namespace {

struct Ger {
  static constexpr char name[] = "ger", equation[] = "W += X^T D", form[] = "inputs x vectors";
  using Tile = GerTile;
  static constexpr Tile used(int batch, int out) { return ger_tile(batch, out); }
  static constexpr Tiles<Tile> tried(int batch, int out) {
    Tiles<Tile> tiles;
    tiles.add(used(batch, out));
    for (const Tile t : {Tile{8, 1}, {6, 2}, {4, 3}, {2, 4}, {8, 2}, {12, 2}, {8, 3}, {6, 4}}) {
      if (fits(t.inputs, t.vectors)) tiles.add(t);
    }
    return tiles;
  }
  static std::string text(Tile t) { return std::to_string(t.inputs) + " x " + std::to_string(t.vectors); }
  static std::string code(Tile t) { return "{" + std::to_string(t.inputs) + ", " + std::to_string(t.vectors) + "}"; }

  template <int Batch, int In, int Out>
  struct Work {
    // D so small that W stays finite and normal over all rounds
    Floats x{Batch * In, 1.0f, 1}, d{Batch * Out, 1e-6f, 2}, W{In * Out, 1.0f, 3}, start{In * Out, 1.0f, 3};
    void restart() { std::copy_n(start.data(), W.size(), W.data()); }
    Floats& result() { return W; }
    template <Tile T>
    [[gnu::noinline]] void run(long n) {
      for (; n > 0; --n) {
        ger<Batch, Out, T>(x.data(), In, d.data(), W.data(), Batch, In);
        asm volatile("" : : "r"(W.data()) : "memory");
      }
    }
  };
};

}  // namespace

bool tune_ger() { return tune<Ger>(); }

}  // namespace insitu::bench
