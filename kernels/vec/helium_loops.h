/// The inner loops of the products for Helium (Cortex-M55, M85): 8 vector registers, loops by le, inputs in core registers.
///
/// GCC keeps fewer sums in registers and bounces the inputs through memory (0.75 instructions a multiply-add). Bits as order.h says. Counted under QEMU, against
/// CMSIS-DSP's: gemv 784 x 64 0.55 (0.650). They are instructions, not cycles.
#pragma once

#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 2) && !defined(INSITU_SCALAR)
#define INSITU_HELIUM 1

#include "scalar.h"

namespace insitu::helium {

/// Vectors of outputs in a block: 6 registers of sums, 2 of weights.
inline constexpr int Widest = 6;

/// From how many multiply-adds on the loops below are worth their code.
inline constexpr int Worthwhile = 64;

/// Splits N >= 4 outputs into as few blocks as possible: f.operator()<vectors, last>(begin). A block's last vector begins `last` outputs from its first; where N
/// is no multiple of 4 the last of all overlaps the one before, which gives its outputs the same bits twice.
template <int N, int Begin = 0, class F>
INSITU_INLINE void for_blocks(F&& f) {
  constexpr int Left = N - Begin, Vectors = (Left + 3) / 4, Blocks = (Vectors + Widest - 1) / Widest,
                Size = (Vectors + Blocks - 1) / Blocks;
  constexpr int Last = Blocks == 1 ? Left - 4 : 4 * (Size - 1);
  f.template operator()<Size, Last>(Begin);
  if constexpr (Blocks > 1) for_blocks<N, Begin + 4 * Size>(f);
}

/// The offset in bytes of vector k of a block.
template <int N, int Last>
constexpr int offset(int k) {
  return k == N - 1 ? 4 * Last : 16 * k;
}

#define INSITU_IF(k, text) ".if %c[n] > " #k "\n" text ".endif\n"
#define INSITU_OFFSETS(N, Last)                                                                                                       \
  [n] "i"(N), [o1] "i"(offset<N, Last>(1)), [o2] "i"(offset<N, Last>(2)), [o3] "i"(offset<N, Last>(3)), [o4] "i"(offset<N, Last>(4)), \
      [o5] "i"(offset<N, Last>(5))
#define INSITU_EACH(what, p)                                                                                               \
  what " q0, [%[" p "]]\n" INSITU_IF(1, what " q1, [%[" p "], #%c[o1]]\n") INSITU_IF(2, what " q2, [%[" p "], #%c[o2]]\n") \
      INSITU_IF(3, what " q3, [%[" p "], #%c[o3]]\n") INSITU_IF(4, what " q4, [%[" p "], #%c[o4]]\n")                      \
          INSITU_IF(5, what " q5, [%[" p "], #%c[o5]]\n")
#define INSITU_ALL_MVE "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "p0", "lr", "memory", "cc"

/// to[k] = from[k], then fma(x[i * Step], w[i * Stride + k], to[k]) for i < count in order, over the N vectors of a block.
template <int N, int Last, int Step, int Stride>
INSITU_INLINE void multiply_add_rows(const float* x, const float* w, const float* from, float* to, int count) {
  static_assert(N <= Widest);
// w is one row behind: the step to the next is part of the first load where it fits its 7 bits of words
#define INSITU_ROW(x)                                                                                                                      \
  ".if %c[stride] <= 508\n vldrw.32 q6, [%[w], #%c[stride]]!\n .else\n adds %[w], %[w], %[far]\n vldrw.32 q6, [%[w]]\n .endif\n vfma.f32 " \
  "q0, q6, " x "\n" INSITU_IF(1, "vldrw.32 q7, [%[w], #%c[o1]]\n vfma.f32 q1, q7, " x "\n")                                                \
      INSITU_IF(2, "vldrw.32 q6, [%[w], #%c[o2]]\n vfma.f32 q2, q6, " x "\n")                                                              \
          INSITU_IF(3, "vldrw.32 q7, [%[w], #%c[o3]]\n vfma.f32 q3, q7, " x "\n")                                                          \
              INSITU_IF(4, "vldrw.32 q6, [%[w], #%c[o4]]\n vfma.f32 q4, q6, " x "\n")                                                      \
                  INSITU_IF(5, "vldrw.32 q7, [%[w], #%c[o5]]\n vfma.f32 q5, q7, " x "\n")
  unsigned x0, x1;
  int twos = count / 2, ones = count % 2;
  asm volatile(
      INSITU_EACH("vldrw.32", "from") "subs %[w], %[w], %[far]\n"
      "wls lr, %[twos], 2f\n"
      "1: .if %c[step] == 4\n ldrd %[x0], %[x1], [%[x]], #8\n .else\n ldr %[x0], [%[x]]\n ldr %[x1], [%[x], #%c[step]]\n adds %[x], %[x], #2*%c[step]\n .endif\n"
      INSITU_ROW("%[x0]") INSITU_ROW("%[x1]")
      "le lr, 1b\n"
      "2: cbz %[ones], 3f\n ldr %[x0], [%[x]]\n" INSITU_ROW("%[x0]")
      "3:" INSITU_EACH("vstrw.32", "to")
      : [x] "+&r"(x), [w] "+&r"(w), [x0] "=&r"(x0), [x1] "=&r"(x1)
      : [from] "r"(from), [to] "r"(to), [twos] "r"(twos), [ones] "l"(ones), [far] "r"(Stride * 4), [stride] "i"(Stride * 4), [step] "i"(Step * 4), INSITU_OFFSETS(N, Last)
      : INSITU_ALL_MVE);
#undef INSITU_ROW
}

/// Whether four interleaved sums of one vector of outputs, all at once, take fewer instructions than one sum after the other over several vectors: 0.69 a multiply-add
/// and little before and after, against 1.0, 0.75, 0.67, 0.63, 0.60, 0.58 with 1 to 6 vectors and four times as much.
constexpr bool by_four_sums(int in, int out) { return in >= 4 && out >= 4 && (out <= 12 || (out > 16 && out <= 24 && in < 24)); }

/// y[k] = b[k] + sum_i x[i] w[i * Stride + k] for k < 4, i < In, by four interleaved sums (order.h). In >= 4. 8 x 8: 2.4 -> 1.3 instructions a multiply-add.
template <int In, int Stride>
INSITU_INLINE void four_sums(const float* x, const float* w, const float* b, float* y) {
  static_assert(In >= 4 && 4 * Stride <= 508);
#define INSITU_ROW(sum, x) "vldrw.32 q4, [%[w], #%c[stride]]!\n vfma.f32 " sum ", q4, " x "\n"
  unsigned x0, x1, x2, x3;
  asm volatile(
      "vldrw.32 q0, [%[b]]\n vmov.i32 q1, #0\n vmov.i32 q2, #0\n vmov.i32 q3, #0\n"
      "subs %[w], #%c[stride]\n"
      ".if %c[in] >= 8\n mov %[x0], #%c[in] / 4\n dls lr, %[x0]\n .endif\n"
      "1: ldrd %[x0], %[x1], [%[x]], #8\n ldrd %[x2], %[x3], [%[x]], #8\n"
      INSITU_ROW("q0", "%[x0]") INSITU_ROW("q1", "%[x1]") INSITU_ROW("q2", "%[x2]") INSITU_ROW("q3", "%[x3]")
      ".if %c[in] >= 8\n le lr, 1b\n .endif\n"
      ".if %c[in] %% 4 > 0\n ldr %[x0], [%[x]]\n" INSITU_ROW("q0", "%[x0]") ".endif\n"
      ".if %c[in] %% 4 > 1\n ldr %[x0], [%[x], #4]\n" INSITU_ROW("q1", "%[x0]") ".endif\n"
      ".if %c[in] %% 4 > 2\n ldr %[x0], [%[x], #8]\n" INSITU_ROW("q2", "%[x0]") ".endif\n"
      "vadd.f32 q0, q0, q2\n vadd.f32 q1, q1, q3\n vadd.f32 q0, q0, q1\n vstrw.32 q0, [%[y]]\n"
      : [x] "+&r"(x), [w] "+&r"(w), [x0] "=&r"(x0), [x1] "=&r"(x1), [x2] "=&r"(x2), [x3] "=&r"(x3)
      : [b] "r"(b), [y] "r"(y), [in] "i"(In), [stride] "i"(Stride * 4)
      : INSITU_ALL_MVE);
#undef INSITU_ROW
}

/// The same for 4 <= In <= 6 and 4 < Out <= 8, two vectors side by side, which overlap: sum after sum, each added to the tree as soon as it is there.
/// 6 x 6: 3.0 -> 1.4 instructions a multiply-add.
template <int In, int Out>
INSITU_INLINE void two_vectors(const float* x, const float* w, const float* b, float* y) {
  static_assert(In >= 4 && In <= 6 && Out > 4 && Out <= 8);
#define INSITU_ROW(i, a0, a1, x)                                                                                            \
  "vldrw.32 q6, [%[w], #%c[stride] * " #i "]\n vldrw.32 q7, [%[w], #%c[stride] * " #i " + %c[o]]\n vfma.f32 " a0 ", q6, " x \
  "\n vfma.f32 " a1 ", q7, " x "\n"
  unsigned x0, x1, x2, x3, x4, x5;
  asm volatile(
      "ldrd %[x0], %[x1], [%[x]]\n ldrd %[x2], %[x3], [%[x], #8]\n"
      ".if %c[in] == 5\n ldr %[x4], [%[x], #16]\n .elseif %c[in] == 6\n ldrd %[x4], %[x5], [%[x], #16]\n .endif\n"
      "vldrw.32 q0, [%[b]]\n vldrw.32 q1, [%[b], #%c[o]]\n"
      INSITU_ROW(0, "q0", "q1", "%[x0]") ".if %c[in] > 4\n" INSITU_ROW(4, "q0", "q1", "%[x4]") ".endif\n"
      "vmov.i32 q2, #0\n vmov.i32 q3, #0\n" INSITU_ROW(2, "q2", "q3", "%[x2]") "vadd.f32 q0, q0, q2\n vadd.f32 q1, q1, q3\n"
      "vmov.i32 q2, #0\n vmov.i32 q3, #0\n" INSITU_ROW(1, "q2", "q3", "%[x1]") ".if %c[in] > 5\n" INSITU_ROW(5, "q2", "q3", "%[x5]") ".endif\n"
      "vmov.i32 q4, #0\n vmov.i32 q5, #0\n" INSITU_ROW(3, "q4", "q5", "%[x3]") "vadd.f32 q2, q2, q4\n vadd.f32 q3, q3, q5\n"
      "vadd.f32 q0, q0, q2\n vadd.f32 q1, q1, q3\n vstrw.32 q0, [%[y]]\n vstrw.32 q1, [%[y], #%c[o]]\n"
      : [x0] "=&r"(x0), [x1] "=&r"(x1), [x2] "=&r"(x2), [x3] "=&r"(x3), [x4] "=&r"(x4), [x5] "=&r"(x5)
      : [x] "r"(x), [w] "r"(w), [b] "r"(b), [y] "r"(y), [in] "i"(In), [stride] "i"(Out * 4), [o] "i"(Out * 4 - 16)
      : INSITU_ALL_MVE);
#undef INSITU_ROW
}

/// w[i * 5 + k] = fma(x[i], d[k], w[i * 5 + k]) for i < 5, k < 5: four rows' last numbers are gathered into one vector. 1.56 -> 1.28 instructions a multiply-add
/// against two vectors a row.
INSITU_INLINE void add_outer_product_five(const float* x, const float* d, float* w) {
  static constexpr unsigned LastColumn[4] = {16, 36, 56, 76};
#define INSITU_ROW(i, x) "vldrw.32 q4, [%[w], #20 * " #i "]\n vfma.f32 q4, q0, " x "\n vstrw.32 q4, [%[w], #20 * " #i "]\n"
  unsigned x0, x1, x2, x3, x4, d4;
  asm volatile(
      "ldrd %[x0], %[x1], [%[x]]\n ldrd %[x2], %[x3], [%[x], #8]\n ldr %[x4], [%[x], #16]\n ldr %[d4], [%[d], #16]\n"
      "vldrw.32 q0, [%[d]]\n vldrw.32 q1, [%[d], #4]\n vldrw.32 q2, [%[x]]\n vldrw.32 q3, [%[column]]\n"
      INSITU_ROW(0, "%[x0]") INSITU_ROW(1, "%[x1]") INSITU_ROW(2, "%[x2]") INSITU_ROW(3, "%[x3]")
      "vldrw.u32 q4, [%[w], q3]\n vfma.f32 q4, q2, %[d4]\n vstrw.32 q4, [%[w], q3]\n"
      "vldrw.32 q4, [%[w], #80]\n vldrw.32 q5, [%[w], #84]\n vfma.f32 q4, q0, %[x4]\n vfma.f32 q5, q1, %[x4]\n"
      "vstrw.32 q4, [%[w], #80]\n vstrw.32 q5, [%[w], #84]\n"
      : [x0] "=&r"(x0), [x1] "=&r"(x1), [x2] "=&r"(x2), [x3] "=&r"(x3), [x4] "=&r"(x4), [d4] "=&r"(d4)
      : [x] "r"(x), [d] "r"(d), [w] "r"(w), [column] "r"(LastColumn)
      : INSITU_ALL_MVE);
#undef INSITU_ROW
}

/// w[i * Stride + k] = fma(x[i], d[k], w[i * Stride + k]) for i < count, over the N vectors of a block. The last two are loaded before either is stored, as they
/// may overlap; a block of more than one vector whose last overlaps is therefore right in place.
template <int N, int Last, int Stride>
INSITU_INLINE void add_outer_product(const float* x, const float* d, float* w, int count) {
  static_assert(N <= Widest);
// w is one row behind, as above: the first load of a row steps to it
#define INSITU_STEP \
  ".if %c[stride] <= 508\n vldrw.32 q6, [%[w], #%c[stride]]!\n .else\n adds %[w], %[w], %[far]\n vldrw.32 q6, [%[w]]\n .endif\n"
#define INSITU_FROM(o) "vldrw.32 q6, [%[w], #" o "]\n"
#define INSITU_ONE(k, load, delta, o, x) \
  ".if %c[n] > " #k " + 2 || %c[n] == 1\n" load "vfma.f32 q6, " delta ", " x "\n vstrw.32 q6, [%[w], #" o "]\n .endif\n"
#define INSITU_LAST_TWO(k, load, d0, o0, d1, o1, x)                                                                      \
  ".if %c[n] == " #k " + 2\n" load "vldrw.32 q7, [%[w], #" o1 "]\n vfma.f32 q6, " d0 ", " x "\n vfma.f32 q7, " d1 ", " x \
  "\n vstrw.32 q6, [%[w], #" o0 "]\n vstrw.32 q7, [%[w], #" o1 "]\n .endif\n"
#define INSITU_OUTER_ROW(x)                                                    \
  INSITU_ONE(0, INSITU_STEP, "q0", "0", x)                                     \
  INSITU_IF(3 - 1, INSITU_ONE(1, INSITU_FROM("%c[o1]"), "q1", "%c[o1]", x))    \
  INSITU_IF(4 - 1, INSITU_ONE(2, INSITU_FROM("%c[o2]"), "q2", "%c[o2]", x))    \
  INSITU_IF(5 - 1, INSITU_ONE(3, INSITU_FROM("%c[o3]"), "q3", "%c[o3]", x))    \
  INSITU_LAST_TWO(0, INSITU_STEP, "q0", "0", "q1", "%c[o1]", x)                \
  INSITU_LAST_TWO(1, INSITU_FROM("%c[o1]"), "q1", "%c[o1]", "q2", "%c[o2]", x) \
  INSITU_LAST_TWO(2, INSITU_FROM("%c[o2]"), "q2", "%c[o2]", "q3", "%c[o3]", x) \
  INSITU_LAST_TWO(3, INSITU_FROM("%c[o3]"), "q3", "%c[o3]", "q4", "%c[o4]", x) \
  INSITU_LAST_TWO(4, INSITU_FROM("%c[o4]"), "q4", "%c[o4]", "q5", "%c[o5]", x)
  unsigned x0, x1;
#define INSITU_ROWS(text)                                                                                                  \
  asm volatile(INSITU_EACH("vldrw.32", "d") "subs %[w], %[w], %[far]\n" text                                               \
               : [x] "+&r"(x), [w] "+&r"(w), [x0] "=&r"(x0), [x1] "=&r"(x1)                                                \
               : [d] "r"(d), [count] "r"(count), [far] "rI"(Stride * 4), [stride] "i"(Stride * 4), INSITU_OFFSETS(N, Last) \
               : INSITU_ALL_MVE)
#define INSITU_ONE_ROW "ldr %[x0], [%[x]], #4\n" INSITU_OUTER_ROW("%[x0]")
#define INSITU_TWO_ROWS "ldrd %[x0], %[x1], [%[x]], #8\n" INSITU_OUTER_ROW("%[x0]") INSITU_OUTER_ROW("%[x1]")
  if constexpr (N <= 2) {  // few rows, their number known: no loop. 4 x 4: 2.2 -> 1.4 instructions a multiply-add
    if (__builtin_constant_p(count)) {
      if (Stride == 5 && count == 5) {
        add_outer_product_five(x, d, w);
        return;
      }
      if (count == 4) {
        INSITU_ROWS(INSITU_TWO_ROWS INSITU_TWO_ROWS);
        return;
      }
      if (count == 5) {
        INSITU_ROWS(INSITU_TWO_ROWS INSITU_TWO_ROWS INSITU_ONE_ROW);
        return;
      }
      if (count == 6) {
        INSITU_ROWS(INSITU_TWO_ROWS INSITU_TWO_ROWS INSITU_TWO_ROWS);
        return;
      }
      if (count == 7) {
        INSITU_ROWS(INSITU_TWO_ROWS INSITU_TWO_ROWS INSITU_TWO_ROWS INSITU_ONE_ROW);
        return;
      }
    }
  }
  INSITU_ROWS("wls lr, %[count], 2f\n 1:" INSITU_ONE_ROW "le lr, 1b\n 2:\n");
#undef INSITU_ROWS
#undef INSITU_ONE_ROW
#undef INSITU_TWO_ROWS
#undef INSITU_STEP
#undef INSITU_FROM
#undef INSITU_ONE
#undef INSITU_LAST_TWO
#undef INSITU_OUTER_ROW
}

/// Rows that dot_rows takes at once: 6 registers of sums, one of v, one of weights. 64 x 64: 0.85 -> 0.75 instructions a multiply-add with three instead of two.
#if defined(__OPTIMIZE_SIZE__) || !defined(__OPTIMIZE__)  // without optimisation a core register is taken
inline constexpr int MostRows = 2;
#else
inline constexpr int MostRows = 3;
#endif

/// Rows up to this length are taken four at a time, one in each lane.
inline constexpr int LongestShort = 11;

/// r[i] = v . W[i] for i < groups * Rows: rows of Out >= 4 numbers, by eight interleaved sums from zero and their tree; Rows rows at once. groups > 0.
template <int Out, int Rows>
INSITU_INLINE void dot_rows(const float* v, const float* W, float* r, int groups) {
  constexpr int Tail = Out % 8, Eights = Out / 8, Unrolled = MostRows == 3 ? 2 : 1, Rounds = Eights / Unrolled;
  const float *wb = W + Out, *wc = W + 2 * Out, *along;
  const int at = static_cast<int>(reinterpret_cast<std::uintptr_t>(v));  // for a register that is not used
#define INSITU_ROWS(k, text) ".if %c[rows] > " #k "\n" text ".endif\n"
#define INSITU_FOUR(a, b, c)                                                                         \
  "vldrw.32 q6, [%[along]], #16\n vldrw.32 q7, [%[wa]], #16\n vfma.f32 " a ", q7, q6\n" INSITU_ROWS( \
      1, "vldrw.32 q7, [%[wb]], #16\n vfma.f32 " b ", q7, q6\n") INSITU_ROWS(2, "vldrw.32 q7, [%[wc]], #16\n vfma.f32 " c ", q7, q6\n")
#define INSITU_EIGHT INSITU_FOUR("q0", "q2", "q4") INSITU_FOUR("q1", "q3", "q5")
#define INSITU_REST(a, b, c)                                                                   \
  "vctp.32 %[rest]\n vpsttt\n vldrwt.32 q6, [%[along]]\n vldrwt.32 q7, [%[wa]]\n vfmat.f32 " a \
  ", q7, q6\n" INSITU_ROWS(1, "vpstt\n vldrwt.32 q7, [%[wb]]\n vfmat.f32 " b ", q7, q6\n")     \
      INSITU_ROWS(2, "vpstt\n vldrwt.32 q7, [%[wc]]\n vfmat.f32 " c ", q7, q6\n")
#define INSITU_TREE(to, a, b, s0, s1, s2, s3) \
  "vadd.f32 " a ", " a ", " b "\n vadd.f32 " s0 ", " s0 ", " s2 "\n vadd.f32 " s1 ", " s1 ", " s3 "\n vadd.f32 " to ", " s0 ", " s1 "\n"
  asm volatile(
      "1: vmov.i32 q0, #0\n vmov.i32 q1, #0\n" INSITU_ROWS(1, "vmov.i32 q2, #0\n vmov.i32 q3, #0\n") INSITU_ROWS(2, "vmov.i32 q4, #0\n vmov.i32 q5, #0\n")
      ".if %c[rounds] > 1\n mov %[along], #%c[rounds]\n dls lr, %[along]\n .endif\n"
      "mov %[along], %[v]\n"
      ".if %c[single]\n" INSITU_EIGHT ".endif\n"
      ".if %c[rounds] > 1\n 2:\n .endif\n"
      ".if %c[rounds] > 0\n" INSITU_EIGHT ".endif\n .if %c[rounds] > 0 && %c[unrolled] > 1\n" INSITU_EIGHT ".endif\n"
      ".if %c[rounds] > 1\n le lr, 2b\n .endif\n"
      ".if %c[tail] >= 4\n" INSITU_FOUR("q0", "q2", "q4") ".endif\n"
      ".if %c[tail] > 4\n" INSITU_REST("q1", "q3", "q5") ".elseif %c[tail] > 0 && %c[tail] < 4\n" INSITU_REST("q0", "q2", "q4") ".endif\n"
      INSITU_TREE("s0", "q0", "q1", "s0", "s1", "s2", "s3") INSITU_ROWS(1, INSITU_TREE("s1", "q2", "q3", "s8", "s9", "s10", "s11"))
      INSITU_ROWS(2, INSITU_TREE("s2", "q4", "q5", "s16", "s17", "s18", "s19"))
      ".if %c[rows] == 1\n vstmia %[r]!, {s0}\n .else\n vstmia %[r]!, {s0-s%c[last_r]}\n .endif\n"
      ".if %c[rows] == 1\n adds %[wa], #4*(%c[tail] & 3)\n .elseif %c[rows] == 2\n add %[wa], %[wb], #4*(%c[tail] & 3)\n"
      ".else\n add %[wa], %[wc], #4*(%c[tail] & 3)\n .endif\n"
      INSITU_ROWS(1, "add %[wb], %[wa], %[row]\n") INSITU_ROWS(2, "add %[wc], %[wb], %[row]\n")
      "subs %[groups], #1\n bne 1b\n"
      : [wa] "+&r"(W), [wb] "+&r"(wb), [wc] "+&r"(wc), [r] "+&r"(r), [groups] "+&r"(groups), [along] "=&r"(along)
      : [v] "r"(v), [row] "rI"(Out * 4), [rest] "r"(Tail % 4 > 0 ? Tail % 4 : at), [tail] "i"(Tail), [rows] "i"(Rows), [rounds] "i"(Rounds),
        [single] "i"(Eights % Unrolled), [unrolled] "i"(Unrolled), [last_r] "i"(Rows - 1)
      : INSITU_ALL_MVE);
#undef INSITU_ROWS
#undef INSITU_FOUR
#undef INSITU_EIGHT
#undef INSITU_REST
#undef INSITU_TREE
}

/// r[i] = v . W[i] for i < rows: short rows, 4 <= N <= LongestShort, four rows in the lanes, so that one sum is one gathered column. rows >= 4; the last four may
/// overlap the ones before, which gives their results the same bits twice.
template <int N>
INSITU_INLINE void dot_short_rows(const float* v, const float* W, float* r, int rows) {
  static_assert(N >= 4 && N <= LongestShort);
  static constexpr unsigned Rows[4] = {0, 4 * N, 8 * N, 12 * N};
  unsigned v0, v1, v2, v3, vk;
#define INSITU_COLUMN(k, sum, v) "vldrw.u32 q5, [q7, #4*" #k "]\n vfma.f32 " sum ", q5, " v "\n"
#define INSITU_FIRST(k, sum, v) "vmov.i32 " sum ", #0\n" INSITU_COLUMN(k, sum, v)
#define INSITU_AGAIN(k, sum) ".if %c[n] > " #k "\n ldr %[vk], [%[v], #4*" #k "]\n" INSITU_COLUMN(k, sum, "%[vk]") ".endif\n"
#define INSITU_OTHER(k, sum) \
  ".if %c[n] > " #k "\n ldr %[vk], [%[v], #4*" #k "]\n" INSITU_FIRST(k, "q4", "%[vk]") "vadd.f32 " sum ", " sum ", q4\n .endif\n"
#define INSITU_GROUP                                                                                                          \
  "vadd.i32 q7, q6, %[W]\n" INSITU_FIRST(0, "q0", "%[v0]") INSITU_FIRST(1, "q1", "%[v1]") INSITU_FIRST(2, "q2", "%[v2]")      \
      INSITU_FIRST(3, "q3", "%[v3]") INSITU_AGAIN(8, "q0") INSITU_AGAIN(9, "q1") INSITU_AGAIN(10, "q2") INSITU_OTHER(4, "q0") \
          INSITU_OTHER(5, "q1") INSITU_OTHER(6, "q2")                                                                         \
              INSITU_OTHER(7, "q3") "vadd.f32 q0, q0, q2\n vadd.f32 q1, q1, q3\n vadd.f32 q0, q0, q1\n vstrw.32 q0, [%[r]], #16\n"
#define INSITU_GROUPS(text)                                                                                                                \
  asm volatile(                                                                                                                            \
      "ldrd %[v0], %[v1], [%[v]]\n ldrd %[v2], %[v3], [%[v], #8]\n vldrw.32 q6, [%[offsets]]\n" text                                       \
      : [W] "+&r"(W), [r] "+&r"(r), [groups] "+&r"(groups), [v0] "=&r"(v0), [v1] "=&r"(v1), [v2] "=&r"(v2), [v3] "=&r"(v3), [vk] "=&r"(vk) \
      : [v] "r"(v), [offsets] "r"(Rows), [back_w] "rI"(back_w * 4 * N), [back_r] "rI"(back * 4), [n] "i"(N)                                \
      : INSITU_ALL_MVE)
  int groups = rows / 4;
  const bool few = __builtin_constant_p(rows) && rows < 8;        // no loop
  const int back = rows % 4 - 4, back_w = few ? rows - 4 : back;  // from the row after the last group (few: of it) to the last four
#define INSITU_BACK "adds %[W], %[W], %[back_w]\n adds %[r], %[r], %[back_r]\n"
  if (__builtin_constant_p(rows) && rows == 4) {
    INSITU_GROUPS(INSITU_GROUP);
  } else if (__builtin_constant_p(rows) && (N == 5 || N == 6) && rows == N) {
    // Squares. The rows after the first four by themselves: four sums in a vector, the others scalars; row 4 in s0 to s3 and s16, s17, row 5 in s4 to s7 and s18, s19.
    // For 5 x 5 2.40 -> 1.64 instructions a multiply-add, 6 x 6: 1.94 -> 1.75.
#define INSITU_SIX(text) ".if %c[n] > 5\n" text ".endif\n"
    asm volatile(
        "ldrd %[v0], %[v1], [%[v]]\n ldrd %[v2], %[v3], [%[v], #8]\n vldrw.32 q6, [%[offsets]]\n" INSITU_GROUP
        "vldrw.32 q6, [%[v]]\n vldr s28, [%[v], #16]\n" INSITU_SIX("vldr s29, [%[v], #20]\n")
        "vmov.i32 q4, #0\n vmov.i32 q0, #0\n vldrw.32 q5, [%[W], #16*%c[n]]\n vfma.f32 q0, q5, q6\n"
        INSITU_SIX("vmov.i32 q1, #0\n vldrw.32 q5, [%[W], #20*%c[n]]\n vfma.f32 q1, q5, q6\n")
        "vldr s20, [%[W], #16*%c[n]+16]\n vfma.f32 s16, s20, s28\n"
        INSITU_SIX("vldr s21, [%[W], #20*%c[n]+16]\n vfma.f32 s18, s21, s28\n vldr s22, [%[W], #16*%c[n]+20]\n vfma.f32 s17, s22, s29\n"
                   "vldr s23, [%[W], #20*%c[n]+20]\n vfma.f32 s19, s23, s29\n")
        "vadd.f32 s0, s0, s16\n" INSITU_SIX("vadd.f32 s4, s4, s18\n vadd.f32 s1, s1, s17\n vadd.f32 s5, s5, s19\n")
        "vadd.f32 s0, s0, s2\n vadd.f32 s1, s1, s3\n" INSITU_SIX("vadd.f32 s4, s4, s6\n vadd.f32 s5, s5, s7\n")
        "vadd.f32 s0, s0, s1\n vstr s0, [%[r]]\n" INSITU_SIX("vadd.f32 s4, s4, s5\n vstr s4, [%[r], #4]\n")
        : [r] "+&r"(r), [v0] "=&r"(v0), [v1] "=&r"(v1), [v2] "=&r"(v2), [v3] "=&r"(v3), [vk] "=&r"(vk)
        : [v] "r"(v), [W] "r"(W), [offsets] "r"(Rows), [n] "i"(N)
        : INSITU_ALL_MVE);
#undef INSITU_SIX
  } else if (few) {
    INSITU_GROUPS(INSITU_GROUP INSITU_BACK INSITU_GROUP);
  } else {
    INSITU_GROUPS("1:" INSITU_GROUP "adds %[W], %[W], #16*%c[n]\n subs %[groups], #1\n bne 1b\n");
    groups = 1;
    if (rows % 4 != 0) INSITU_GROUPS(INSITU_BACK INSITU_GROUP);
  }
#undef INSITU_BACK
#undef INSITU_COLUMN
#undef INSITU_FIRST
#undef INSITU_AGAIN
#undef INSITU_OTHER
#undef INSITU_GROUP
#undef INSITU_GROUPS
}

#undef INSITU_IF
#undef INSITU_OFFSETS
#undef INSITU_EACH
#undef INSITU_ALL_MVE

}  // namespace insitu::helium
#endif
