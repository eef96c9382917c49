/* The C library of four networks in one image, as plain C99, on every port. Ends with the checksums of what was trained, which must be the same
 * everywhere, and the number of checks. */
#include <stddef.h>
#include <stdint.h>

#include "digits.h"
#include "everything.h"
#include "gate.h"
#include "tuned.h"

#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
static void print(const char* text) { __asm volatile("movs r0, #4\n\tmov r1, %0\n\tbkpt 0xab" : : "r"(text) : "r0", "r1", "memory"); }
#else
#include <stdio.h>
static void print(const char* text) { fputs(text, stderr); }
#endif

static int passed, failed;

static void print_number(uint32_t n, uint32_t base) {
  char text[12];
  int at = 11;
  text[11] = 0;
  do {
    text[--at] = "0123456789abcdef"[n % base];
    n /= base;
  } while (n > 0);
  print(text + at);
}

static void check(int condition, const char* text) {
  if (condition) {
    ++passed;
  } else {
    ++failed;
    print("FAILED: ");
    print(text);
    print("\n");
  }
}
#define CHECK(condition) check((condition) ? 1 : 0, #condition)

/* FNV-1a over the numbers' bits. */
static uint32_t checksum(const float* values, int count) {
  uint32_t hash = 2166136261u;
  for (int k = 0; k < count; ++k) {
    union {
      float number;
      uint32_t bits;
    } value;
    value.number = values[k];
    hash = (hash ^ value.bits) * 16777619u;
  }
  return hash;
}
static void report(const char* name, const float* values, int count) {
  print("bits ");
  print(name);
  print(" ");
  print_number(checksum(values, count), 16);
  print("\n");
}

static uint32_t state = 1;
static float random_number(void) {
  state = state * 1664525u + 1013904223u;
  return (float)(state >> 8) * (1.0f / 16777216.0f);
}
static int equal(const float* a, const float* b, int count) {
  for (int k = 0; k < count; ++k) {
    if (a[k] < b[k] || b[k] < a[k]) return 0;
  }
  return 1;
}

static digits_parameters digits;
static digits_trainer trainer;
static digits_parameters copy;
static digits_normalisation normalisation, other_normalisation;
static union {
  unsigned char bytes[DIGITS_RECORD_SIZE + 8];
  uint64_t aligned;
} record;
static float prototypes[DIGITS_OUTPUTS][DIGITS_INPUTS];
static float input[DIGITS_INPUTS], output[DIGITS_OUTPUTS], before[DIGITS_OUTPUTS];

static int sample(void) {
  const int class_of = (int)(random_number() * (float)DIGITS_OUTPUTS);
  for (int i = 0; i < DIGITS_INPUTS; ++i) input[i] = prototypes[class_of][i] + 0.3f * (random_number() - 0.5f);
  return class_of;
}

static void train_digits(void) {
  float loss = 0.0f, first = 0.0f, last = 0.0f;
  int label;
  for (int c = 0; c < DIGITS_OUTPUTS; ++c) {
    for (int i = 0; i < DIGITS_INPUTS; ++i) prototypes[c][i] = random_number();
  }
  CHECK(digits_initialize(&digits, 7) == DIGITS_OK);
  CHECK(digits_trainer_init(&trainer) == DIGITS_OK);
  CHECK(digits_set_learning_rate(&trainer, 0.03125f) == DIGITS_OK);
  CHECK(digits_learning_rate(&trainer) >= 0.03125f && digits_learning_rate(&trainer) <= 0.03125f);
  for (int step = 0; step < 300; ++step) {
    label = sample();
    if (digits_train_step_labels(&trainer, &digits, input, &label, 1, &loss) != DIGITS_OK) ++failed;
    if (step < 50) first += loss;
    if (step >= 250) last += loss;
  }
  CHECK(last < first / 4);
  report("digits", digits.values, DIGITS_PARAMETER_COUNT);

  label = sample();
  for (int j = 0; j < DIGITS_OUTPUTS; ++j) before[j] = j == label ? 1.0f : 0.0f;
  {
    float by_label = 0.0f, by_target = 1.0f;
    CHECK(digits_evaluate_labels(&trainer, &digits, input, &label, 1, &by_label) == DIGITS_OK);
    CHECK(digits_evaluate(&trainer, &digits, input, before, 1, &by_target) == DIGITS_OK);
    CHECK(equal(&by_label, &by_target, 1));
  }
  CHECK(digits_predict(&digits, input, output) == DIGITS_OK);
  for (int j = 0; j < DIGITS_OUTPUTS; ++j) CHECK(output[j] >= 0.0f && output[j] <= output[label]);
}

static void refuse(void) {
  union {
    uint32_t bits;
    float number;
  } no_number;
  int label = DIGITS_OUTPUTS;
  float loss = 0.0f;
  const uint32_t untouched = checksum(digits.values, DIGITS_PARAMETER_COUNT);
  const digits_parameters* unaligned = (const digits_parameters*)(const void*)(record.bytes + 4);
  CHECK(digits_predict(NULL, input, output) == DIGITS_BAD_POINTER);
  CHECK(digits_predict(&digits, NULL, output) == DIGITS_BAD_POINTER);
  CHECK(digits_predict(&digits, input, NULL) == DIGITS_BAD_POINTER);
  CHECK(digits_predict(unaligned, input, output) == DIGITS_BAD_POINTER);
  CHECK(digits_train_step(NULL, &digits, input, output, 1, &loss) == DIGITS_BAD_POINTER);
  CHECK(digits_train_step(&trainer, &digits, input, NULL, 1, &loss) == DIGITS_BAD_POINTER);
  CHECK(digits_train_step(&trainer, &digits, input, before, 0, &loss) == DIGITS_BAD_COUNT);
  CHECK(digits_train_step(&trainer, &digits, input, before, DIGITS_BATCH + 1, &loss) == DIGITS_BAD_COUNT);
  CHECK(digits_train_step_labels(&trainer, &digits, input, &label, 1, &loss) == DIGITS_BAD_LABEL);
  label = -1;
  CHECK(digits_evaluate_labels(&trainer, &digits, input, &label, 1, &loss) == DIGITS_BAD_LABEL);
  CHECK(checksum(digits.values, DIGITS_PARAMETER_COUNT) == untouched);
  no_number.bits = 0x7fc00000u;
  for (int k = 0; k < DIGITS_PARAMETER_COUNT; ++k) copy.values[k] = digits.values[k];
  input[3] = no_number.number;
  CHECK(digits_train_step(&trainer, &copy, input, before, 1, &loss) == DIGITS_NOT_FINITE);
  input[3] = 0.5f;
  for (digits_status s = 0; s < 16; ++s) CHECK(digits_text(s) != NULL && digits_text(s)[0] != 0);
}

static void keep(void) {
  size_t size = 0;
  const digits_parameters* view = NULL;
  const uint32_t trained = checksum(digits.values, DIGITS_PARAMETER_COUNT);
  uint32_t untouched;
  for (int i = 0; i < DIGITS_INPUTS; ++i) {
    normalisation.offset[i] = (float)i;
    normalisation.scale[i] = 0.5f;
  }
  CHECK(digits_save(&digits, &normalisation, record.bytes, 100, &size) == DIGITS_BUFFER_TOO_SMALL);
  CHECK(digits_save(&digits, &normalisation, record.bytes, 0, &size) == DIGITS_BUFFER_TOO_SMALL);
  CHECK(digits_save(&digits, &normalisation, record.bytes, DIGITS_RECORD_SIZE, &size) == DIGITS_OK);
  CHECK(size == DIGITS_RECORD_SIZE);

  CHECK(digits_initialize(&copy, 8) == DIGITS_OK);
  untouched = checksum(copy.values, DIGITS_PARAMETER_COUNT);
  CHECK(digits_load(&copy, NULL, record.bytes, size) == DIGITS_HAS_NORMALISATION);
  CHECK(digits_load(&copy, &other_normalisation, record.bytes, size - 4) == DIGITS_TRUNCATED);
  CHECK(digits_load(&copy, &other_normalisation, record.bytes, 0) == DIGITS_TRUNCATED);
  CHECK(digits_load(&copy, &other_normalisation, NULL, size) == DIGITS_BAD_POINTER);
  record.bytes[200] ^= 16;
  CHECK(digits_load(&copy, &other_normalisation, record.bytes, size) == DIGITS_DAMAGED);
  record.bytes[200] ^= 16;
  record.bytes[0] ^= 1;
  CHECK(digits_load(&copy, &other_normalisation, record.bytes, size) == DIGITS_NO_RECORD);
  record.bytes[0] ^= 1;
  CHECK(gate_load((gate_parameters*)(void*)&copy, NULL, record.bytes, size) == GATE_OTHER_NETWORK);
  CHECK(checksum(copy.values, DIGITS_PARAMETER_COUNT) == untouched);
  CHECK(equal(other_normalisation.scale, other_normalisation.offset, DIGITS_INPUTS)); /* both still zero */

  CHECK(digits_load(&copy, &other_normalisation, record.bytes, size) == DIGITS_OK);
  CHECK(checksum(copy.values, DIGITS_PARAMETER_COUNT) == trained);
  CHECK(equal(other_normalisation.offset, normalisation.offset, DIGITS_INPUTS));
  CHECK(equal(other_normalisation.scale, normalisation.scale, DIGITS_INPUTS));
  CHECK(digits_view(&view, &other_normalisation, record.bytes, size) == DIGITS_OK);
  CHECK((const unsigned char*)(const void*)view > record.bytes && checksum(view->values, DIGITS_PARAMETER_COUNT) == trained);
  CHECK(digits_predict(&digits, input, before) == DIGITS_OK && digits_predict(view, input, output) == DIGITS_OK);
  CHECK(equal(before, output, DIGITS_OUTPUTS));
  CHECK(digits_view(&view, &other_normalisation, record.bytes + 4, size) == DIGITS_BAD_POINTER);

  CHECK(digits_predict_raw(&digits, &normalisation, input, before) == DIGITS_OK);
  CHECK(digits_predict_raw(&digits, NULL, input, before) == DIGITS_BAD_POINTER);
  CHECK(digits_normalise(&normalisation, input, input) == DIGITS_OK);
  CHECK(input[3] > -1.2500001f && input[3] < -1.2499999f); /* (0.5 - 3) * 0.5 */
  CHECK(digits_predict(&digits, input, output) == DIGITS_OK && equal(before, output, DIGITS_OUTPUTS));

  CHECK(digits_save(&digits, NULL, record.bytes, sizeof record.bytes, &size) == DIGITS_OK);
  CHECK(digits_load(&copy, &other_normalisation, record.bytes, size) == DIGITS_OK);
  CHECK(other_normalisation.offset[5] <= 0.0f && other_normalisation.scale[5] >= 1.0f && other_normalisation.scale[5] <= 1.0f);
  CHECK(digits_load(&copy, NULL, record.bytes, size) == DIGITS_OK);
}

static tuned_trained tuned;
static tuned_trainer tuned_memory;

/* The first layer stays the factory's, which is what digits has become. */
static void tune(void) {
  float loss = 0.0f;
  size_t size = 0;
  int label = sample();
  const tuned_parameters* factory = NULL;
  tuned_trained again;
  CHECK(tuned_view(&factory, NULL, record.bytes, sizeof record.bytes) == TUNED_OK); /* as keep left it */
  CHECK(tuned_copy_factory(&tuned, factory) == TUNED_OK);
  CHECK(equal(tuned.values, digits.values + DIGITS_PARAMETER_COUNT - TUNED_TRAINED_COUNT, TUNED_TRAINED_COUNT));
  CHECK(digits_predict(&digits, input, before) == DIGITS_OK && tuned_predict(&tuned, factory, input, output) == TUNED_OK);
  CHECK(equal(before, output, DIGITS_OUTPUTS));
  CHECK(tuned_trainer_init(&tuned_memory) == TUNED_OK);
  for (int step = 0; step < 50; ++step) {
    label = sample();
    if (tuned_train_step_labels(&tuned_memory, &tuned, factory, input, &label, 1, &loss) != TUNED_OK) ++failed;
  }
  CHECK(tuned_train_step(&tuned_memory, &tuned, NULL, input, before, 1, &loss) == TUNED_BAD_POINTER);
  CHECK(checksum(factory->values, DIGITS_PARAMETER_COUNT) == checksum(digits.values, DIGITS_PARAMETER_COUNT));
  report("tuned", tuned.values, TUNED_TRAINED_COUNT);
  for (int k = 0; k < TUNED_TRAINED_COUNT; ++k) again.values[k] = 0.0f;
  CHECK(tuned_load(&again, NULL, record.bytes, sizeof record.bytes) == TUNED_MISSING_SECTION); /* a record of whole parameters */
  CHECK(tuned_save(&tuned, NULL, record.bytes, sizeof record.bytes, &size) == TUNED_OK);
  CHECK(tuned_load(&again, NULL, record.bytes, size) == TUNED_OK);
  CHECK(equal(again.values, tuned.values, TUNED_TRAINED_COUNT));
  CHECK(tuned_view(&factory, NULL, record.bytes, size) == TUNED_MISSING_SECTION);
}

static gate_parameters gate;
static gate_trainer gate_memory;

static void train_gate(void) {
  static const float inputs[4][GATE_INPUTS] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
  static const float targets[4][GATE_OUTPUTS] = {{0}, {1}, {1}, {0}};
  float loss = 1.0f;
  CHECK(gate_initialize(&gate, 2) == GATE_OK && gate_trainer_init(&gate_memory) == GATE_OK);
  CHECK(gate_set_learning_rate(&gate_memory, 0.05f) == GATE_OK);
  for (int step = 0; step < 500; ++step) {
    if (gate_train_step(&gate_memory, &gate, inputs[0], targets[0], 4, &loss) != GATE_OK) ++failed;
  }
  CHECK(loss < 0.1f);
  CHECK(gate_train_step(&gate_memory, &gate, inputs[0], targets[0], 3, NULL) == GATE_OK); /* a partial batch, no loss */
  report("gate", gate.values, GATE_PARAMETER_COUNT);
}

static everything_parameters everything_factory;
static everything_trained everything;
static everything_trainer everything_memory;

static void train_everything(void) {
  float inputs[EVERYTHING_BATCH][EVERYTHING_INPUTS], targets[EVERYTHING_BATCH][EVERYTHING_OUTPUTS], loss = 0.0f, first = 0.0f;
  for (int k = 0; k < EVERYTHING_PARAMETER_COUNT; ++k) everything_factory.values[k] = random_number() - 0.5f;
  for (int s = 0; s < EVERYTHING_BATCH; ++s) {
    for (int i = 0; i < EVERYTHING_INPUTS; ++i) inputs[s][i] = random_number();
    for (int j = 0; j < EVERYTHING_OUTPUTS; ++j) targets[s][j] = random_number();
  }
  CHECK(everything_copy_factory(&everything, &everything_factory) == EVERYTHING_OK);
  CHECK(everything_trainer_init(&everything_memory) == EVERYTHING_OK);
  CHECK(everything_set_learning_rate(&everything_memory, 0.01f) == EVERYTHING_OK);
  CHECK(everything_evaluate(&everything_memory, &everything, &everything_factory, inputs[0], targets[0], EVERYTHING_BATCH, &first) ==
        EVERYTHING_OK);
  for (int step = 0; step < 60; ++step) {
    if (everything_train_step(&everything_memory, &everything, &everything_factory, inputs[0], targets[0], EVERYTHING_BATCH, &loss) != 0)
      ++failed;
  }
  CHECK(loss < first / 2);
  report("everything", everything.values, EVERYTHING_TRAINED_COUNT);
}

int main(void) {
  train_digits();
  refuse();
  keep();
  tune();
  train_gate();
  train_everything();
  print_number((uint32_t)passed, 10);
  print(" passed, ");
  print_number((uint32_t)failed, 10);
  print(" failed\n");
  return failed == 0 ? 0 : 1;
}
