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
#define INSITU_ALL_MVE "q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "lr", "memory", "cc"

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

/// w[i * Stride + k] = fma(x[i], d[k], w[i * Stride + k]) for i < count, over the N vectors of a block. The last two are loaded before either is stored, as they
/// may overlap; a block of more than one vector whose last overlaps is therefore right in place.
template <int N, int Last, int Stride>
INSITU_INLINE void add_outer_product(const float* x, const float* d, float* w, int count) {
  static_assert(N <= Widest);
#define INSITU_ONE(k, delta, o)                                                                                                  \
  ".if %c[n] > " #k " + 2 || %c[n] == 1\n vldrw.32 q6, [%[w], #" o "]\n vfma.f32 q6, " delta ", %[x0]\n vstrw.32 q6, [%[w], #" o \
  "]\n .endif\n"
#define INSITU_LAST_TWO(k, d0, o0, d1, o1)                                                                                                \
  ".if %c[n] == " #k " + 2\n vldrw.32 q6, [%[w], #" o0 "]\n vldrw.32 q7, [%[w], #" o1 "]\n vfma.f32 q6, " d0 ", %[x0]\n vfma.f32 q7, " d1 \
  ", %[x0]\n vstrw.32 q6, [%[w], #" o0 "]\n vstrw.32 q7, [%[w], #" o1 "]\n .endif\n"
  unsigned x0;
  asm volatile(
      INSITU_EACH("vldrw.32", "d")
      "wls lr, %[count], 2f\n"
      "1: ldr %[x0], [%[x]], #4\n"
      INSITU_ONE(0, "q0", "0") INSITU_IF(3 - 1, INSITU_ONE(1, "q1", "%c[o1]")) INSITU_IF(4 - 1, INSITU_ONE(2, "q2", "%c[o2]")) INSITU_IF(5 - 1, INSITU_ONE(3, "q3", "%c[o3]"))
      INSITU_LAST_TWO(0, "q0", "0", "q1", "%c[o1]") INSITU_LAST_TWO(1, "q1", "%c[o1]", "q2", "%c[o2]") INSITU_LAST_TWO(2, "q2", "%c[o2]", "q3", "%c[o3]")
      INSITU_LAST_TWO(3, "q3", "%c[o3]", "q4", "%c[o4]") INSITU_LAST_TWO(4, "q4", "%c[o4]", "q5", "%c[o5]")
      "adds %[w], %[w], %[stride]\n"
      "le lr, 1b\n"
      "2:\n"
      : [x] "+&r"(x), [w] "+&r"(w), [x0] "=&r"(x0)
      : [d] "r"(d), [count] "r"(count), [stride] "r"(Stride * 4), INSITU_OFFSETS(N, Last)
      : INSITU_ALL_MVE);
#undef INSITU_ONE
#undef INSITU_LAST_TWO
}

/// r[2 q] = v . W[2 q] and r[2 q + 1] = v . W[2 q + 1] for q < pairs: rows of Out >= 8 numbers, by eight interleaved sums from zero and their tree.
template <int Out>
INSITU_INLINE void dot_pairs(const float* v, const float* W, float* r, int pairs) {
  constexpr int Tail = Out % 8;
  const float* wb = W + Out;
  const float* along;
#define INSITU_TREE(a, b, s0, s1, s2, s3) \
  "vadd.f32 " a ", " a ", " b "\n vadd.f32 " s0 ", " s0 ", " s2 "\n vadd.f32 " s1 ", " s1 ", " s3 "\n vadd.f32 " s0 ", " s0 ", " s1 "\n"
  asm volatile(
      "1: vmov.i32 q0, #0\n vmov.i32 q1, #0\n vmov.i32 q2, #0\n vmov.i32 q3, #0\n"
      "mov %[along], %[v]\n dls lr, %[eights]\n"
      "2: vldrw.32 q4, [%[along]], #16\n vldrw.32 q5, [%[along]], #16\n"
      "vldrw.32 q6, [%[wa]], #16\n vldrw.32 q7, [%[wa]], #16\n vfma.f32 q0, q6, q4\n vfma.f32 q1, q7, q5\n"
      "vldrw.32 q6, [%[wb]], #16\n vldrw.32 q7, [%[wb]], #16\n vfma.f32 q2, q6, q4\n vfma.f32 q3, q7, q5\n"
      "le lr, 2b\n"
      ".if %c[tail] >= 4\n vldrw.32 q4, [%[along]], #16\n vldrw.32 q6, [%[wa]], #16\n vldrw.32 q7, [%[wb]], #16\n vfma.f32 q0, q6, q4\n vfma.f32 q2, q7, q4\n .endif\n"
      ".if %c[tail] & 3\n vctp.32 %[rest]\n vpstttt\n vldrwt.32 q4, [%[along]]\n vldrwt.32 q6, [%[wa]]\n vldrwt.32 q7, [%[wb]]\n"
      ".if %c[tail] >= 4\n vfmat.f32 q1, q6, q4\n vpst\n vfmat.f32 q3, q7, q4\n .else\n vfmat.f32 q0, q6, q4\n vpst\n vfmat.f32 q2, q7, q4\n .endif\n"
      "adds %[wb], %[wb], #4*(%c[tail] & 3)\n .endif\n"
      INSITU_TREE("q0", "q1", "s0", "s1", "s2", "s3") INSITU_TREE("q2", "q3", "s8", "s9", "s10", "s11")
      "vstr s0, [%[r]]\n vstr s8, [%[r], #4]\n adds %[r], #8\n"
      "mov %[wa], %[wb]\n add %[wb], %[row]\n"
      "subs %[pairs], #1\n bne 1b\n"
      : [wa] "+&r"(W), [wb] "+&r"(wb), [r] "+&r"(r), [pairs] "+&r"(pairs), [along] "=&r"(along)
      : [v] "r"(v), [eights] "r"(Out / 8), [row] "r"(Out * 4), [rest] "r"(Tail % 4), [tail] "i"(Tail)
      : INSITU_ALL_MVE);
#undef INSITU_TREE
}

#undef INSITU_IF
#undef INSITU_OFFSETS
#undef INSITU_EACH
#undef INSITU_ALL_MVE

}  // namespace insitu::helium
#endif
