/// How products are cut: what is held in registers and what stays in L1, by (batch, Out, registers), each line with the measurement that chose it.
///
/// A tile decides which outputs are computed side by side and when, never the order of a sum (order.h): it changes times, not bits. `make tune` measures
/// gemm_tile and ger_tile again on the machine it runs on and prints lines to put here. us on Zen 3 (AVX2, 16 registers) unless said.
#pragma once

#include "order.h"
#include "vec.h"

namespace insitu {

/// Zen 4 has the registers of AVX-512 and, behind them, paths of 256 bits: for such a core 8 lanes can be better than 16. Zen 5 and Intel's have AVX-VNNI or no BF16.
#if defined(__AVX512BF16__) && !defined(__AVXVNNI__)
inline constexpr bool HalfPaths = true;
#else
inline constexpr bool HalfPaths = false;
#endif

/// Y = b + X W by `samples` x `vectors` accumulators that stay in registers, and the inputs after which W moves on to the next samples, so that its rows are
/// still in L1 when they come again.
struct GemmTile {
  int samples, vectors, inputs;
  bool operator==(const GemmTile&) const = default;
};

constexpr GemmTile gemm_tile(int batch, int out) {
  const int half = (batch + 1) / 2;
  if (Vec::lanes == 16 && !HalfPaths && batch > 6) {  // Sapphire Rapids
    // 4 x 4, 8 x 3, 8 x 2: 8 x 100 x 50 0.98 0.82 0.92, 8 x 12288 x 64 166 160 147
    if (batch <= 8 && out / 16 == 3) return {batch, 3, 64};
    if (batch <= 10) return {batch, 2, out < 128 ? 64 : 392};  // 5 x 4, 10 x 2: 10 x 12288 x 64 180 156, 10 x 784 x 128 15.0 14.5
    return {11, 2, out < 128 ? 112 : 392};                     // 6 x 4, 11 x 2: 32 x 784 x 128 49.2 46.6, 32 x 100 x 50 3.53 3.06
  }
  if (Registers >= 32) {  // AVX-512 on Zen 4
    if (batch <= 5) return {batch, 4, 64};
    if (batch <= 10) return {half, 4, 64};  // 5 x 4: 10 x 12288 x 64 135 (floor 134)
    return {6, 4, 112};                     // 11 x 2, 6 x 4: 32 x 12288 x 64 455 438, 32 x 784 x 128 55.2 55.7, 32 x 100 x 50 +6%
  }
  if (Registers >= 16) {
    // 8 accumulators hide the latency of fma. 2 x 2 -> 2 x 4: 2 x 784 x 128 8.5 -> 5.4, 2 x 100 x 50 0.46 -> 0.38, 2 x 64 x 32 0.213 -> 0.123
    if (batch <= 2) return {batch, 4, 64};
    if (batch <= 3) return {3, 3, 64};
    if (batch <= 6) return {batch, 2, 64};  // 4 x 2, 4 x 3, 2 x 4: 4 x 784 x 128 12.7, 12.2, 12.9
    if (batch <= 12) return {half, 2, 64};  // 5 x 2: 10 x 12288 x 64 165 (floor 153)
    return {6, 2, 112};                     // 32 x 784 x 128 68 (floor 63)
  }
  return {batch < 2 ? batch : 2, 2, 64};
}

/// Rows of W that gemm fetches ahead of the first samples. 10 x 12288 x 64: none 186, 12 to 16 165; a whole block of rows ahead gains little.
inline constexpr int GemmAhead = 12;

/// W += X^T D by `inputs` x `vectors` of W in registers while the samples pass by.
struct GerTile {
  int inputs, vectors;
  bool operator==(const GerTile&) const = default;
};

constexpr GerTile ger_tile(int batch, int out) {
  if (Registers < 16) return {1, 1};
  // Sapphire Rapids, 6 x 2, 8 x 2, 8 x 3: 32 x 128 x 10 2.25 1.94 1.93, 32 x 33 x 17 1.05 0.83 0.81, 32 x 100 x 50 4.3 3.8 3.3, 16 x 12288 x 64 322 350 311
  if (Vec::lanes == 16 && !HalfPaths && batch > 12) return {8, 3};
  if (Vec::lanes == 16) {                             // AVX-512 on Zen 4: whole rows where a tile can hold them
    if (out / 16 == 3) return {4, 3};                 // 4 x 2, 4 x 3: 8 x 100 x 50 0.89 0.79, 48 x 48 x 48 2.14 1.87
    if (out / 16 == 4 && batch <= 12) return {2, 4};  // 4 x 2, 2 x 4: 10 x 12288 x 64 207 146 (floor 134), 8 x 12288 x 64 126 118
    if (batch > 12 && out < 16) return {6, 2};        // 4 x 2, 6 x 2: 32 x 128 x 10 1.75 1.50, but 32 x 12288 x 64 463 474
  }
  return {4, 2};  // 10 x 12288 x 64: 4 x 2 176, 2 x 4 168 (240 with clang), 6 x 2 200, 8 x 1 229
}

/// Samples up to which their loop is unrolled.
inline constexpr int GerUnrolled = 10;

/// One sample: vectors of d in registers while rows of W pass by, and how many rows before the next vectors. A row that is read in pieces goes to another page
/// at every step down, and the processor foresees none of it: 784 x 200 15.5 -> 13.6, 784 x 1024 144 -> 70, 2048 x 2048 1410 -> 625, 8192 x 8192 31400 -> 16100.
inline constexpr int GerOneVectors = Registers / 2;
constexpr int ger_one_inputs(int inputs, int out) { return Vec::lanes >= 8 && out >= 128 && inputs > 4 ? 4 : inputs; }

/// Inputs that ger copies where samples are a multiple of 4,096 bytes apart: ten of them share one set of L1 and evict one another.
/// 10 x 12288 x 64: 231 without the copy, 170 with it.
inline constexpr int GerBlock = 96;

/// Vectors of outputs side by side for one sample: with `sums` interleaved sums each, half the registers.
constexpr int gemv_vectors(int sums) { return Registers / 2 > sums ? Registers / 2 / sums : 1; }

/// Whether a row of W is wider than a panel of gemv_vectors, and W larger than L2.
constexpr bool gemv_wide(int out, int sums) { return Vec::lanes >= 8 && sums == 1 && out > gemv_vectors(sums) * Vec::lanes; }
constexpr bool gemv_vast(int in, int out, int sums) { return gemv_wide(out, sums) && out >= 512 && in >= (1 << 18) / out; }

/// Then a row is read in pieces, which the processor does not foresee. gemv fetches 8 rows ahead and takes narrow rows in blocks of inputs, so that the
/// next panel finds their pages open: 784 x 128 5.7 -> 4.5, 128 x 640 4.5 -> 3.7, 200 x 100 1.27 -> 1.0. A vast W goes by blocks so low that it is read
/// nearly as it lies, and fetching ahead only disturbs: 512 x 512 25 -> 20, 2048 x 2048 920 -> 435, 8192 x 8192 25300 -> 13900.
constexpr int gemv_inputs(int in, int out, int sums) {
  if (gemv_vast(in, out, sums)) return 8;
  return gemv_wide(out, sums) && out <= 192 ? 32 : in;
}
constexpr int gemv_ahead(int in, int out, int sums) { return gemv_wide(out, sums) && !gemv_vast(in, out, sums) ? 8 : 0; }

/// The same for update and product in one pass. Panels of 4 vectors with d in registers are 8% faster than panels of 8 where a row needs several anyway.
/// Blocks of 64 and of 4 inputs: 512 x 512 38 40, 784 x 1024 211 115, 2048 x 2048 3230 1100, 8192 x 8192 50400 18600.
/// 16 lanes and 8, on Zen 4: 784 x 128 5.5 3.9, 12288 x 64 38.8 37.7 (floor 32), 512 x 512 15.0 14.1; on Zen 5 2.4 3.3, 31 35, 9.6 17.5.
using GerGemvVec = std::conditional_t<HalfPaths && (Vec::lanes > 8), typename Vec::Narrower, Vec>;
constexpr int ger_gemv_vectors(int out, int sums) {
  if (sums > 2) return 2;
  return sums > 1 || GerGemvVec::lanes > 8 || out > 8 * GerGemvVec::lanes ? 4 : 8;
}
constexpr int ger_gemv_inputs(int in, int out, int sums) {
  if (sums > 1 || out <= ger_gemv_vectors(out, sums) * GerGemvVec::lanes) return in;
  return Vec::lanes >= 8 && out >= 1024 ? 4 : 64;
}

/// dX = dZ W^T with lanes along the outputs, where a row of W is long enough; else along the inputs. Batch x inputs x outputs, along the inputs and along the
/// outputs: 16 x 128 x 128 16.4 -> 7.0, 32 x 784 x 128 170 -> 83, 4 x 64 x 16 0.59 -> 0.21, 8 x 100 x 50 3.4 -> 2.2, 16 x 128 x 8 0.93 -> 1.24,
/// 32 x 128 x 10 2.5 -> 9.9.
constexpr bool long_row(int out) { return out >= (out % BackwardSums == 0 ? 16 : 32); }

/// Samples side by side there, each with 4 inputs: 8 sums, 4 rows of W, 2 of dZ. 3 samples spill, 4 x 2 are as fast. Vectors of 4 lanes need twice as many sums.
inline constexpr int TransposedSamples = Vec::lanes >= 8 || Registers >= 32 ? 2 : 1;

/// Samples from which turning W pays where lanes go along the inputs.
inline constexpr int TurnedBatch = 4;

}  // namespace insitu
