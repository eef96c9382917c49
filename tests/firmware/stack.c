/* Paints the stack, calls each function of the C library and looks how deep it went: `stack <function> <bytes>`, never above what `make stack` says. */
#include <stddef.h>
#include <stdint.h>

#include "digits.h"

static digits_parameters parameters;
static digits_trainer trainer;
static unsigned char record[DIGITS_RECORD_SIZE];
static float input[DIGITS_INPUTS], output[DIGITS_OUTPUTS], target[DIGITS_OUTPUTS];

static void print(const char* text) { __asm volatile("movs r0, #4\n\tmov r1, %0\n\tbkpt 0xab" : : "r"(text) : "r0", "r1", "memory"); }
static void print_result(const char* name, uint32_t bytes) {
  char text[12];
  int at = 11;
  text[11] = 0;
  do text[--at] = (char)('0' + bytes % 10);
  while ((bytes /= 10) > 0);
  print("stack ");
  print(name);
  print(" ");
  print(text + at);
  print("\n");
}

#define PAINT 0x5ac35ac3u
#define MEASURE(name, call)                                                                                    \
  do {                                                                                                         \
    volatile uint32_t* top;                                                                                    \
    volatile uint32_t* p;                                                                                      \
    __asm volatile("mov %0, sp" : "=r"(top));                                                                  \
    for (p = top - 512; p < top; ++p) *p = PAINT;                                                              \
    if ((call) != DIGITS_OK) return 1;                                                                         \
    for (p = top - 512; p < top && *p == PAINT;) ++p;                                                          \
    print_result(name, (uint32_t)((uintptr_t)(const volatile void*)top - (uintptr_t)(const volatile void*)p)); \
  } while (0)

int main(void) {
  float loss;
  size_t size;
  target[3] = 1.0f;
  MEASURE("initialize", digits_initialize(&parameters, 7));
  if (digits_trainer_init(&trainer) != DIGITS_OK) return 1;
  MEASURE("predict", digits_predict(&parameters, input, output));
  MEASURE("train_step", digits_train_step(&trainer, &parameters, input, target, 1, &loss));
  MEASURE("evaluate", digits_evaluate(&trainer, &parameters, input, target, 1, &loss));
  MEASURE("save", digits_save(&parameters, NULL, record, sizeof record, &size));
  MEASURE("load", digits_load(&parameters, NULL, record, size));
  return 0;
}
