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

/// Outputs of a block whose four interleaved sums all fit the registers: 5 x 4 sums, 5 weights, 4 inputs.
inline constexpr int WidestOfFour = 5;

/// Up to which number of inputs that is better than one sum after the other, whose loops cost less and whose beginnings and ends more.
inline constexpr int MostInputsOfFour = 80;

/// Splits N into as few blocks of at most WidestOfFour as possible, the larger ones first: f.operator()<size>(begin).
template <int N, class F>
INSITU_INLINE void for_blocks_of_four(F&& f) {
  constexpr int Blocks = (N + WidestOfFour - 1) / WidestOfFour, Small = N / Blocks, Large = N % Blocks * (Small + 1);
  if constexpr (Large > 0) {
    for (int j = 0; j < Large; j += Small + 1) f.template operator()<Small + 1>(j);
  }
  if constexpr (N - Large == 2 * Small) {  // not worth a loop
    f.template operator()<Small>(Large), f.template operator()<Small>(Large + Small);
  } else {
    for (int j = Large; j < N; j += Small) f.template operator()<Small>(j);
  }
}

/// y[k] = b[k] + sum_i x[i] w[i * Stride + k] for k < N, i < In, by four interleaved sums (order.h), all at once: whatever In is, nothing but the loop is left to
/// decide while it runs. In >= 4. 16 x 16: 2.65 -> 2.1 instructions a multiply-add, 4 x 4: 4.9 -> 2.6.
template <int N, int In, int Stride>
INSITU_INLINE void four_sums(const float* x, const float* w, const float* b, float* y) {
  static_assert(N > 1 && N <= WidestOfFour && In >= 4 && Stride <= 1000);
  static constexpr float Zeros[15] = {};
  int left;
#define INSITU_ROW(x, a0, a1, a2, a3, a4)                                                                                                \
  ".if %c[stride] == 4 * %c[n]\n vldmia %[w]!, {s24-s%c[last]}\n .else\n vldmia %[w], {s24-s%c[last]}\n add %[w], %[w], #%c[stride]\n "  \
  ".endif\n" INSITU_FMA_IF(0, a0, "s24", x) INSITU_FMA_IF(1, a1, "s25", x) INSITU_FMA_IF(2, a2, "s26", x) INSITU_FMA_IF(3, a3, "s27", x) \
      INSITU_FMA_IF(4, a4, "s28", x)
#define INSITU_ROW_0 INSITU_ROW("s0", "s4", "s5", "s6", "s7", "s8")
#define INSITU_ROW_1 INSITU_ROW("s1", "s9", "s10", "s11", "s12", "s13")
#define INSITU_ROW_2 INSITU_ROW("s2", "s14", "s15", "s16", "s17", "s18")
#define INSITU_ROW_3 INSITU_ROW("s3", "s19", "s20", "s21", "s22", "s23")
#define INSITU_TREE(k, a0, a1, a2, a3) \
  ".if %c[n] > " #k "\n vadd.f32 " a0 ", " a0 ", " a2 "\n vadd.f32 " a1 ", " a1 ", " a3 "\n vadd.f32 " a0 ", " a0 ", " a1 "\n .endif\n"
  asm volatile(
      "vldmia %[b], {s4-s%c[last_sum]}\n"
      "vldmia %[zeros], {s9-s23}\n"
      ".if %c[in] >= 8\n mov %[left], #%c[in] / 4\n .endif\n"
      "1: vldmia %[x]!, {s0-s3}\n" INSITU_ROW_0 INSITU_ROW_1 INSITU_ROW_2 INSITU_ROW_3
      ".if %c[in] >= 8\n subs %[left], #1\n bne 1b\n .endif\n"
      ".if %c[in] %% 4 == 1\n vldr s0, [%[x]]\n .endif\n .if %c[in] %% 4 > 1\n vldmia %[x], {s0-s%c[last_x]}\n .endif\n"
      ".if %c[in] %% 4 > 0\n" INSITU_ROW_0 ".endif\n .if %c[in] %% 4 > 1\n" INSITU_ROW_1 ".endif\n .if %c[in] %% 4 > 2\n" INSITU_ROW_2
      ".endif\n" INSITU_TREE(0, "s4", "s9", "s14", "s19") INSITU_TREE(1, "s5", "s10", "s15", "s20")
          INSITU_TREE(2, "s6", "s11", "s16", "s21") INSITU_TREE(3, "s7", "s12", "s17", "s22")
              INSITU_TREE(4, "s8", "s13", "s18", "s23") "vstmia %[y], {s4-s%c[last_sum]}\n"
      : [x] "+&r"(x), [w] "+&r"(w), [left] "=&r"(left)
      : [b] "r"(b), [y] "r"(y), [zeros] "r"(Zeros), [in] "i"(In), [stride] "i"(Stride * 4), [n] "i"(N), [last] "i"(23 + N),
        [last_sum] "i"(3 + N), [last_x] "i"(In % 4 == 3 ? 2 : 1)
      : INSITU_ALL_FPU);
#undef INSITU_ROW
#undef INSITU_ROW_0
#undef INSITU_ROW_1
#undef INSITU_ROW_2
#undef INSITU_ROW_3
#undef INSITU_TREE
}

#undef INSITU_FMA_IF

/// w[i * Stride + k] = fma(x[i], d[k], w[i * Stride + k]) for i < count, k < N. Where count is known to the compiler, so is what is left of it after fours.
template <int N, int Stride>
INSITU_INLINE void add_outer_product(const float* x, const float* d, float* w, int count) {
  static_assert(N > 1 && N <= Widest);
#define INSITU_OUTER_IF(k, weight, delta, x) ".if %c[n] > " #k "\n vfma.f32 " weight ", " delta ", " x "\n .endif\n"
#define INSITU_OUTER_ROW(x) \
  "vldmia %[w], {s18-s%c[last]}\n" INSITU_OUTER_IF(0, "s18", "s4", x) INSITU_OUTER_IF(1, "s19", "s5", x)                   \
      INSITU_OUTER_IF(2, "s20", "s6", x) INSITU_OUTER_IF(3, "s21", "s7", x) INSITU_OUTER_IF(4, "s22", "s8", x)             \
          INSITU_OUTER_IF(5, "s23", "s9", x) INSITU_OUTER_IF(6, "s24", "s10", x) INSITU_OUTER_IF(7, "s25", "s11", x)       \
              INSITU_OUTER_IF(8, "s26", "s12", x) INSITU_OUTER_IF(9, "s27", "s13", x) INSITU_OUTER_IF(10, "s28", "s14", x) \
                  INSITU_OUTER_IF(11, "s29", "s15", x) INSITU_OUTER_IF(12, "s30", "s16", x)                                \
                      INSITU_OUTER_IF(13, "s31", "s17", x)                                                                 \
  ".if %c[n] * 4 == %c[step]\n vstmia %[w]!, {s18-s%c[last]}\n .else\n vstmia %[w], {s18-s%c[last]}\n adds %[w], %[w], %[stride]\n .endif\n"
#define INSITU_OUTER_ROWS(text)                                                                                                     \
  asm volatile("vldmia %[d], {s4-s%c[last_d]}\n" text                                                                               \
               : [x] "+&r"(x), [w] "+&r"(w), [left] "+&r"(left)                                                                     \
               : [d] "r"(d), [stride] "rI"(Stride * 4), [step] "i"(Stride * 4), [n] "i"(N), [last] "i"(17 + N), [last_d] "i"(3 + N) \
               : INSITU_ALL_FPU)
#define INSITU_OUTER_LOOP(text) INSITU_OUTER_ROWS("1:" text "subs %[left], #1\n bne 1b\n")
#define INSITU_OUTER_FOUR \
  "vldmia %[x]!, {s0-s3}\n" INSITU_OUTER_ROW("s0") INSITU_OUTER_ROW("s1") INSITU_OUTER_ROW("s2") INSITU_OUTER_ROW("s3")
#define INSITU_OUTER_SINGLE "vldmia %[x]!, {s0}\n" INSITU_OUTER_ROW("s0")
  int left = count / 4;
  if (__builtin_constant_p(left == 1) && left == 1) {
    INSITU_OUTER_ROWS(INSITU_OUTER_FOUR);
  } else if (left > 0) {
    INSITU_OUTER_LOOP(INSITU_OUTER_FOUR);
  }
  left = count % 4;
  if (__builtin_constant_p(left == 1) && left == 1) {
    INSITU_OUTER_ROWS(INSITU_OUTER_SINGLE);
  } else if (left > 0) {
    INSITU_OUTER_LOOP(INSITU_OUTER_SINGLE);
  }
#undef INSITU_OUTER_LOOP
#undef INSITU_OUTER_FOUR
#undef INSITU_OUTER_SINGLE
#undef INSITU_OUTER_ROWS
#undef INSITU_OUTER_ROW
#undef INSITU_OUTER_IF
}

// The backward product: sums s0.. and s8.., v in s16.., weights in s24..
#define INSITU_EIGHT(a0, a1, a2, a3, a4, a5, a6, a7)                                                                             \
  "vfma.f32 " a0 ", s16, s24\n vfma.f32 " a1 ", s17, s25\n vfma.f32 " a2 ", s18, s26\n vfma.f32 " a3 ", s19, s27\n vfma.f32 " a4 \
  ", s20, s28\n vfma.f32 " a5 ", s21, s29\n vfma.f32 " a6                                                                        \
  ", s22, s30\n"                                                                                                                 \
  "vfma.f32 " a7 ", s23, s31\n"
#define INSITU_EIGHT_A INSITU_EIGHT("s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7")
#define INSITU_EIGHT_B INSITU_EIGHT("s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15")
#define INSITU_FMA_IF(k, sum, v, w) ".if %c[tail] > " #k "\n vfma.f32 " sum ", " v ", " w "\n .endif\n"
#define INSITU_TAIL(a0, a1, a2, a3, a4, a5, a6) \
  INSITU_FMA_IF(0, a0, "s16", "s24")            \
  INSITU_FMA_IF(1, a1, "s17", "s25")            \
  INSITU_FMA_IF(2, a2, "s18", "s26")            \
  INSITU_FMA_IF(3, a3, "s19", "s27")            \
  INSITU_FMA_IF(4, a4, "s20", "s28") INSITU_FMA_IF(5, a5, "s21", "s29") INSITU_FMA_IF(6, a6, "s22", "s30")
// a list of one register is no range
#define INSITU_LOAD(p, first, last) ".if %c[tail] == 1\n vldmia " p ", {" first "}\n .else\n vldmia " p ", {" first "-s" last "}\n .endif\n"
#define INSITU_TREE(to, a0, a1, a2, a3, a4, a5, a6, a7)                                                                                \
  "vadd.f32 " a0 ", " a0 ", " a4 "\n vadd.f32 " a1 ", " a1 ", " a5 "\n vadd.f32 " a2 ", " a2 ", " a6 "\n vadd.f32 " a3 ", " a3 ", " a7 \
  "\n"                                                                                                                                 \
  "vadd.f32 " a0 ", " a0 ", " a2 "\n vadd.f32 " a1 ", " a1 ", " a3 "\n vadd.f32 " to ", " a0 ", " a1 "\n"

/// Eights of a row that one round of the loop takes: two, but where size counts.
#if defined(__OPTIMIZE_SIZE__)
inline constexpr int EightsAtOnce = 1;
#else
inline constexpr int EightsAtOnce = 2;
#endif

/// r[2 q] = v . W[2 q] and r[2 q + 1] = v . W[2 q + 1] for q < pairs: rows of Out >= 8 numbers, by eight interleaved sums from zero and their tree. pairs > 0.
template <int Out>
INSITU_INLINE void dot_pairs(const float* v, const float* W, float* r, int pairs) {
  static constexpr float Zeros[16] = {};
  constexpr int Tail = Out % 8, Eights = Out / 8, Rounds = Eights / EightsAtOnce, Single = Eights % EightsAtOnce;
  const float* wb = W + Out;
  const float* along;
  int left;
#define INSITU_BOTH "vldmia %[along]!, {s16-s23}\n vldmia %[wa]!, {s24-s31}\n" INSITU_EIGHT_A "vldmia %[wb]!, {s24-s31}\n" INSITU_EIGHT_B
  asm volatile(
      "1: vldmia %[zeros], {s0-s15}\n"
      "mov %[along], %[v]\n"
      ".if %c[single]\n" INSITU_BOTH ".endif\n"
      ".if %c[rounds] > 1\n mov %[left], %[all]\n 2:\n .endif\n"
      ".if %c[rounds] > 0\n" INSITU_BOTH ".endif\n"
      ".if %c[rounds] > 0 && %c[at_once] > 1\n" INSITU_BOTH ".endif\n"
      ".if %c[rounds] > 1\n subs %[left], #1\n bne 2b\n .endif\n"
      ".if %c[tail] > 0\n" INSITU_LOAD("%[along]", "s16", "%c[last_v]") INSITU_LOAD("%[wa]!", "s24", "%c[last_w]")
      INSITU_TAIL("s0", "s1", "s2", "s3", "s4", "s5", "s6")
      INSITU_LOAD("%[wb]!", "s24", "%c[last_w]") INSITU_TAIL("s8", "s9", "s10", "s11", "s12", "s13", "s14") ".endif\n"
      INSITU_TREE("s0", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7") INSITU_TREE("s1", "s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15")
      "vstmia %[r]!, {s0-s1}\n"
      "mov %[wa], %[wb]\n add %[wb], %[row]\n"
      "subs %[pairs], #1\n bne 1b\n"
      : [wa] "+&r"(W), [wb] "+&r"(wb), [r] "+&r"(r), [pairs] "+&r"(pairs), [along] "=&r"(along), [left] "=&r"(left)
      : [v] "r"(v), [zeros] "r"(Zeros), [all] "r"(Rounds), [row] "r"(Out * 4), [tail] "i"(Tail), [rounds] "i"(Rounds), [single] "i"(Single),
        [at_once] "i"(EightsAtOnce), [last_v] "i"(Tail == 1 ? 17 : 15 + Tail), [last_w] "i"(Tail == 1 ? 25 : 23 + Tail)
      : INSITU_ALL_FPU);
#undef INSITU_BOTH
}

/// v . w for the last of an odd number of rows.
template <int Out>
INSITU_INLINE float dot_row(const float* v, const float* w) {
  static constexpr float Zeros[8] = {};
  constexpr int Tail = Out % 8;
  int left;
  float r;
  asm volatile(
      "vldmia %[zeros], {s0-s7}\n"
      ".if %c[eights] > 1\n mov %[left], %[all]\n 2:\n .endif\n"
      "vldmia %[v]!, {s16-s23}\n vldmia %[w]!, {s24-s31}\n" INSITU_EIGHT_A
      ".if %c[eights] > 1\n subs %[left], #1\n bne 2b\n .endif\n"
      ".if %c[tail] > 0\n" INSITU_LOAD("%[v]", "s16", "%c[last_v]") INSITU_LOAD("%[w]", "s24", "%c[last_w]")
          INSITU_TAIL("s0", "s1", "s2", "s3", "s4", "s5", "s6") ".endif\n" INSITU_TREE("s0", "s0", "s1", "s2", "s3", "s4", "s5", "s6",
                                                                                       "s7") "vmov %[r], s0\n"
      : [v] "+&r"(v), [w] "+&r"(w), [left] "=&r"(left), [r] "=r"(r)
      : [zeros] "r"(Zeros), [all] "r"(Out / 8), [eights] "i"(Out / 8), [tail] "i"(Tail), [last_v] "i"(Tail == 1 ? 17 : 15 + Tail),
        [last_w] "i"(Tail == 1 ? 25 : 23 + Tail)
      : INSITU_ALL_FPU);
  return r;
}
#undef INSITU_EIGHT
#undef INSITU_EIGHT_A
#undef INSITU_EIGHT_B
#undef INSITU_FMA_IF
#undef INSITU_TAIL
#undef INSITU_LOAD
#undef INSITU_TREE

/// r[i] = v . W[i] for i < rows: rows of 4 <= N < 8 numbers, one sum for each and their tree; in pairs where two rows fit the registers (N < 7).
/// 4 x 4: 6.4 -> 2.9 instructions a multiply-add.
template <int N>
INSITU_INLINE void dot_short_rows(const float* v, const float* W, float* r, int rows) {
  static_assert(N >= 4 && N < 8);
  static constexpr float Zeros[14] = {};
// sums a0 .. a6 of one row and its weights w0 .. w6; v lies in s0 .. s6
#define INSITU_IF(k, text) ".if %c[n] > " #k "\n" text "\n .endif\n"
#define INSITU_SHORT(to, a0, a1, a2, a3, a4, a5, a6, w0, w1, w2, w3, w4, w5, w6)                                                          \
  "vfma.f32 " a0 ", s0, " w0 "\n vfma.f32 " a1 ", s1, " w1 "\n vfma.f32 " a2 ", s2, " w2 "\n vfma.f32 " a3 ", s3, " w3                    \
  "\n" INSITU_IF(4, "vfma.f32 " a4 ", s4, " w4) INSITU_IF(5, "vfma.f32 " a5 ", s5, " w5) INSITU_IF(6, "vfma.f32 " a6 ", s6, " w6)         \
      INSITU_IF(4, "vadd.f32 " a0 ", " a0 ", " a4) INSITU_IF(5, "vadd.f32 " a1 ", " a1 ", " a5)                                           \
          INSITU_IF(6, "vadd.f32 " a2 ", " a2 ", " a6) "vadd.f32 " a0 ", " a0 ", " a2 "\n vadd.f32 " a1 ", " a1 ", " a3 "\n vadd.f32 " to \
                                                       ", " a0 ", " a1 "\n"
#define INSITU_FIRST(to) INSITU_SHORT(to, "s8", "s9", "s10", "s11", "s12", "s13", "s14", "s20", "s21", "s22", "s23", "s24", "s25", "s26")
#define INSITU_SECOND(to)                                                                                                               \
  INSITU_SHORT(to, "s%c[a0]", "s%c[a1]", "s%c[a2]", "s%c[a3]", "s%c[a4]", "s%c[a5]", "s31", "s%c[w0]", "s%c[w1]", "s%c[w2]", "s%c[w3]", \
               "s%c[w4]", "s%c[w5]", "s31")
#define INSITU_ROUND                                                                         \
  "vldmia %[zeros], {s8-s%c[last_sum]}\n vldmia %[W]!, {s20-s%c[last]}\n" INSITU_FIRST("s8") \
      INSITU_IF(6, "vstmia %[r]!, {s8}\n .else\n" INSITU_SECOND("s9") "vstmia %[r]!, {s8-s9}")
#define INSITU_ROUNDS(text)                                                                                                           \
  asm volatile(                                                                                                                       \
      "vldmia %[v], {s0-s%c[last_v]}\n" text                                                                                          \
      : [W] "+&r"(W), [r] "+&r"(r), [left] "+&r"(left)                                                                                \
      : [v] "r"(v), [zeros] "r"(Zeros), [n] "i"(N), [last_v] "i"(N - 1), [last_sum] "i"(7 + AtOnce * N), [last] "i"(19 + AtOnce * N), \
        [a0] "i"(8 + N), [a1] "i"(9 + N), [a2] "i"(10 + N), [a3] "i"(11 + N), [a4] "i"(12 + N), [a5] "i"(13 + N), [w0] "i"(20 + N),   \
        [w1] "i"(21 + N), [w2] "i"(22 + N), [w3] "i"(23 + N), [w4] "i"(24 + N), [w5] "i"(25 + N)                                      \
      : INSITU_ALL_FPU)
  constexpr int AtOnce = N < 7 ? 2 : 1;
  int left = rows / AtOnce;
  if (__builtin_constant_p(left == 2) && left == 2) {
    INSITU_ROUNDS(INSITU_ROUND INSITU_ROUND);
  } else if (left > 0) {
    INSITU_ROUNDS("1:" INSITU_ROUND "subs %[left], #1\n bne 1b\n");
  }
#undef INSITU_ROUND
#undef INSITU_ROUNDS
  if (rows % AtOnce != 0) {
    asm volatile(
        "vldmia %[v], {s0-s%c[last_v]}\n vldmia %[zeros], {s8-s%c[last_sum]}\n vldmia %[W], {s20-s%c[last]}\n" INSITU_FIRST(
            "s8") "vstr s8, [%[r]]\n"
        :
        : [v] "r"(v), [W] "r"(W), [r] "r"(r), [zeros] "r"(Zeros), [n] "i"(N), [last_v] "i"(N - 1), [last_sum] "i"(7 + N), [last] "i"(19 + N)
        : INSITU_ALL_FPU);
  }
#undef INSITU_IF
#undef INSITU_SHORT
#undef INSITU_FIRST
#undef INSITU_SECOND
}

#undef INSITU_ALL_FPU

}  // namespace insitu::fpv4
#endif
