// Tiles of Y = b + X W.
#include "kernels/gemm.h"

#include "tune.h"

namespace insitu::bench {
namespace {

struct Gemm {
  static constexpr char name[] = "gemm", equation[] = "Y = b + X W", form[] = "samples x vectors, inputs of a block";
  using Tile = GemmTile;
  static constexpr Tile used(int batch, int out) { return gemm_tile(batch, out); }
  /// For each number of vectors the most samples that fit and divide the batch into equal parts; then other blocks of the tile in use, where there are many inputs.
  static constexpr Tiles<Tile> tried(int batch, int out) {
    Tiles<Tile> tiles;
    const Tile now = used(batch, out);
    tiles.add(now);
    for (int vectors = 1; vectors <= 4; ++vectors) {
      const int most = std::max((Registers - 1 - vectors) / vectors, 1), parts = (batch + most - 1) / most;
      tiles.add({(batch + parts - 1) / parts, vectors, now.inputs});
    }
    if (batch >= 10 && out >= 64) {
      for (const int inputs : {32, 128}) tiles.add({now.samples, now.vectors, inputs});
    }
    return tiles;
  }
  static std::string text(Tile t) {
    return std::to_string(t.samples) + " x " + std::to_string(t.vectors) + ", " + std::to_string(t.inputs);
  }
  static std::string code(Tile t) {
    return "{" + std::to_string(t.samples) + ", " + std::to_string(t.vectors) + ", " + std::to_string(t.inputs) + "}";
  }

  template <int Batch, int In, int Out>
  struct Work {
    Floats x{Batch * In, 1.0f, 1}, W{In * Out, 0.1f, 2}, b{Out, 1.0f, 3}, y{Batch * Out, 1.0f, 4};
    void restart() { std::fill_n(y.data(), y.size(), 0.0f); }
    Floats& result() { return y; }
    template <Tile T>
    [[gnu::noinline]] void run(long n) {
      for (; n > 0; --n) {
        gemm<Batch, In, Out, T>(x.as<Matrix<Batch, In>>(), W.as<Matrix<In, Out>>(), b.as<Vector<Out>>(), y.as<Matrix<Batch, Out>>());
        asm volatile("" : : "r"(y.data()) : "memory");
      }
    }
  };
};

}  // namespace

bool tune_gemm() { return tune<Gemm>(); }

}  // namespace insitu::bench
