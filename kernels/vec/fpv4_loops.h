/// The inner loops of the products for Cortex-M cores with an FPU (M4F, M7, M33): 32 single-precision registers, loaded many at a time.
///
/// GCC loads one weight an instruction (2.3 instructions a multiply-add); vldm loads up to 14. The order of operations is that of order.h: these give the bits of
/// the plain loops. Instructions for each multiply-add, counted under QEMU, against CMSIS-DSP's: gemv 784 x 64 1.22 (2.76). They are instructions, not cycles.
#pragma once

#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' && defined(__ARM_FEATURE_FMA) && !defined(__ARM_FEATURE_MVE) && \
    !defined(INSITU_SCALAR)
#define INSITU_FPV4 1

#include "scalar.h"

namespace insitu::fpv4 {

/// Outputs that fit the registers: 14 sums, 14 weights, 4 inputs.
inline constexpr int Widest = 14;

/// From how many multiply-adds on the loops below are worth their code.
inline constexpr int Worthwhile = 81;

/// Splits n into as few blocks of at most Widest as possible, all but the last of the same size: f(integral_constant<int, size>, begin).
template <int N, int Begin = 0, class F>
INSITU_INLINE void for_blocks(F&& f) {
  constexpr int Left = N - Begin, Blocks = (Left + Widest - 1) / Widest, Size = (Left + Blocks - 1) / Blocks;
  f.template operator()<Size>(Begin);
  if constexpr (Size < Left) for_blocks<N, Begin + Size>(f);
}

#define INSITU_FMA_IF(k, sum, weight, x) ".if %c[n] > " #k "\n vfma.f32 " sum ", " weight ", " x "\n .endif\n"
// n sums s4.. += n weights s18.. times x
#define INSITU_ROW(x)                                                                                                                     \
  "vldmia %[w], {s18-s%c[last]}\n adds %[w], %[w], %[stride]\n" INSITU_FMA_IF(0, "s4", "s18", x) INSITU_FMA_IF(1, "s5", "s19", x)         \
      INSITU_FMA_IF(2, "s6", "s20", x) INSITU_FMA_IF(3, "s7", "s21", x) INSITU_FMA_IF(4, "s8", "s22", x) INSITU_FMA_IF(5, "s9", "s23", x) \
          INSITU_FMA_IF(6, "s10", "s24", x) INSITU_FMA_IF(7, "s11", "s25", x) INSITU_FMA_IF(8, "s12", "s26", x)                           \
              INSITU_FMA_IF(9, "s13", "s27", x) INSITU_FMA_IF(10, "s14", "s28", x) INSITU_FMA_IF(11, "s15", "s29", x)                     \
                  INSITU_FMA_IF(12, "s16", "s30", x) INSITU_FMA_IF(13, "s17", "s31", x)
#define INSITU_ALL_FPU                                                                                                                     \
  "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15", "s16", "s17", "s18", "s19", "s20", \
      "s21", "s22", "s23", "s24", "s25", "s26", "s27", "s28", "s29", "s30", "s31", "memory", "cc"

/// to[k] = from[k], then fma(x[i * Step], w[i * Stride + k], to[k]) for i < count in order, k < N.
template <int N, int Step, int Stride>
INSITU_INLINE void multiply_add_rows(const float* x, const float* w, const float* from, float* to, int count) {
  static_assert(N > 1 && N <= Widest);
  int fours = count / 4, ones = count % 4;
  asm volatile(
      "vldmia %[from], {s4-s%c[last_sum]}\n"
      "cmp %[fours], #0\n beq 2f\n"
      "1:\n"
      ".if %c[step] == 4\n vldmia %[x]!, {s0-s3}\n"
      ".else\n vldr s0, [%[x]]\n vldr s1, [%[x], #%c[step]]\n vldr s2, [%[x], #2*%c[step]]\n vldr s3, [%[x], #3*%c[step]]\n adds %[x], %[x], #4*%c[step]\n .endif\n"
      INSITU_ROW("s0") INSITU_ROW("s1") INSITU_ROW("s2") INSITU_ROW("s3")
      "subs %[fours], #1\n bne 1b\n"
      "2: cmp %[ones], #0\n beq 4f\n"
      "3: vldr s0, [%[x]]\n adds %[x], %[x], #%c[step]\n"
      INSITU_ROW("s0")
      "subs %[ones], #1\n bne 3b\n"
      "4: vstmia %[to], {s4-s%c[last_sum]}\n"
      : [x] "+&r"(x), [w] "+&r"(w), [fours] "+&r"(fours), [ones] "+&r"(ones)
      : [from] "r"(from), [to] "r"(to), [stride] "r"(Stride * 4), [n] "i"(N), [last] "i"(17 + N), [last_sum] "i"(3 + N), [step] "i"(Step * 4)
      : INSITU_ALL_FPU);
}

#undef INSITU_ROW
#undef INSITU_FMA_IF

/// w[i * Stride + k] = fma(x[i], d[k], w[i * Stride + k]) for i < count, k < N.
template <int N, int Stride>
INSITU_INLINE void add_outer_product(const float* x, const float* d, float* w, int count) {
  static_assert(N > 1 && N <= Widest);
#define INSITU_OUTER_IF(k, weight, delta, x) ".if %c[n] > " #k "\n vfma.f32 " weight ", " delta ", " x "\n .endif\n"
#define INSITU_OUTER_ROW(x)                                                                                                \
  "vldmia %[w], {s18-s%c[last]}\n" INSITU_OUTER_IF(0, "s18", "s4", x) INSITU_OUTER_IF(1, "s19", "s5", x)                   \
      INSITU_OUTER_IF(2, "s20", "s6", x) INSITU_OUTER_IF(3, "s21", "s7", x) INSITU_OUTER_IF(4, "s22", "s8", x)             \
          INSITU_OUTER_IF(5, "s23", "s9", x) INSITU_OUTER_IF(6, "s24", "s10", x) INSITU_OUTER_IF(7, "s25", "s11", x)       \
              INSITU_OUTER_IF(8, "s26", "s12", x) INSITU_OUTER_IF(9, "s27", "s13", x) INSITU_OUTER_IF(10, "s28", "s14", x) \
                  INSITU_OUTER_IF(11, "s29", "s15", x) INSITU_OUTER_IF(12, "s30", "s16", x)                                \
                      INSITU_OUTER_IF(13, "s31", "s17", x) "vstmia %[w], {s18-s%c[last]}\n adds %[w], %[w], %[stride]\n"
  int fours = count / 4, ones = count % 4;
  asm volatile(
      "vldmia %[d], {s4-s%c[last_d]}\n"
      "cmp %[fours], #0\n beq 2f\n"
      "1: vldmia %[x]!, {s0-s3}\n"
      INSITU_OUTER_ROW("s0") INSITU_OUTER_ROW("s1") INSITU_OUTER_ROW("s2") INSITU_OUTER_ROW("s3")
      "subs %[fours], #1\n bne 1b\n"
      "2: cmp %[ones], #0\n beq 4f\n"
      "3: vldmia %[x]!, {s0}\n"
      INSITU_OUTER_ROW("s0")
      "subs %[ones], #1\n bne 3b\n"
      "4:\n"
      : [x] "+&r"(x), [w] "+&r"(w), [fours] "+&r"(fours), [ones] "+&r"(ones)
      : [d] "r"(d), [stride] "r"(Stride * 4), [n] "i"(N), [last] "i"(17 + N), [last_d] "i"(3 + N)
      : INSITU_ALL_FPU);
#undef INSITU_OUTER_ROW
#undef INSITU_OUTER_IF
}

/// r[2 q] = v . W[2 q] and r[2 q + 1] = v . W[2 q + 1] for q < pairs: rows of 8 * eights + Tail numbers, by eight interleaved sums from zero and their tree.
/// eights > 0, pairs > 0.
template <int Tail>
INSITU_INLINE void dot_pairs(const float* v, const float* W, float* r, int eights, int pairs) {
  static constexpr float Zeros[16] = {};
  const float* wb = W + 8 * eights + Tail;
  const float* along;
  int left;
#define INSITU_EIGHT(a0, a1, a2, a3, a4, a5, a6, a7)                                                 \
  "vfma.f32 " a0 ", s16, s24\n vfma.f32 " a1 ", s17, s25\n vfma.f32 " a2 ", s18, s26\n vfma.f32 " a3 \
  ", s19, s27\n"                                                                                     \
  "vfma.f32 " a4 ", s20, s28\n vfma.f32 " a5 ", s21, s29\n vfma.f32 " a6 ", s22, s30\n vfma.f32 " a7 ", s23, s31\n"
#define INSITU_FMA_IF(k, sum, v, w) ".if %c[tail] > " #k "\n vfma.f32 " sum ", " v ", " w "\n .endif\n"
#define INSITU_TAIL(a0, a1, a2, a3, a4, a5, a6)                                                            \
  INSITU_FMA_IF(0, a0, "s16", "s24")                                                                       \
  INSITU_FMA_IF(1, a1, "s17", "s25") INSITU_FMA_IF(2, a2, "s18", "s26") INSITU_FMA_IF(3, a3, "s19", "s27") \
      INSITU_FMA_IF(4, a4, "s20", "s28") INSITU_FMA_IF(5, a5, "s21", "s29") INSITU_FMA_IF(6, a6, "s22", "s30")
// a list of one register is no range
#define INSITU_LOAD(p, first, last) ".if %c[tail] == 1\n vldmia " p ", {" first "}\n .else\n vldmia " p ", {" first "-s" last "}\n .endif\n"
#define INSITU_TREE(a0, a1, a2, a3, a4, a5, a6, a7)                                                                                    \
  "vadd.f32 " a0 ", " a0 ", " a4 "\n vadd.f32 " a1 ", " a1 ", " a5 "\n vadd.f32 " a2 ", " a2 ", " a6 "\n vadd.f32 " a3 ", " a3 ", " a7 \
  "\n"                                                                                                                                 \
  "vadd.f32 " a0 ", " a0 ", " a2 "\n vadd.f32 " a1 ", " a1 ", " a3 "\n vadd.f32 " a0 ", " a0 ", " a1 "\n"
  asm volatile(
      "1: vldmia %[zeros], {s0-s15}\n"
      "mov %[along], %[v]\n mov %[left], %[eights]\n"
      "2: vldmia %[along]!, {s16-s23}\n"
      "vldmia %[wa]!, {s24-s31}\n" INSITU_EIGHT("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7")
      "vldmia %[wb]!, {s24-s31}\n" INSITU_EIGHT("s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15")
      "subs %[left], #1\n bne 2b\n"
      ".if %c[tail] > 0\n" INSITU_LOAD("%[along]", "s16", "%c[last_v]") INSITU_LOAD("%[wa]!", "s24", "%c[last_w]")
      INSITU_TAIL("s0", "s1", "s2", "s3", "s4", "s5", "s6")
      INSITU_LOAD("%[wb]!", "s24", "%c[last_w]") INSITU_TAIL("s8", "s9", "s10", "s11", "s12", "s13", "s14") ".endif\n"
      INSITU_TREE("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7") INSITU_TREE("s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15")
      "vstr s0, [%[r]]\n vstr s8, [%[r], #4]\n adds %[r], #8\n"
      "mov %[wa], %[wb]\n add %[wb], %[row]\n"
      "subs %[pairs], #1\n bne 1b\n"
      : [wa] "+&r"(W), [wb] "+&r"(wb), [r] "+&r"(r), [pairs] "+&r"(pairs), [along] "=&r"(along), [left] "=&r"(left)
      : [v] "r"(v), [zeros] "r"(Zeros), [eights] "r"(eights), [row] "r"((8 * eights + Tail) * 4), [tail] "i"(Tail), [last_v] "i"(Tail == 1 ? 17 : 15 + Tail),
        [last_w] "i"(Tail == 1 ? 25 : 23 + Tail)
      : INSITU_ALL_FPU);
#undef INSITU_EIGHT
#undef INSITU_FMA_IF
#undef INSITU_TAIL
#undef INSITU_LOAD
#undef INSITU_TREE
}

#undef INSITU_ALL_FPU

}  // namespace insitu::fpv4
#endif
