/* Trains a gate of two inputs on the device, here the exclusive or, and keeps it as a record: what a firmware would write to flash. */
#include <stdint.h>

#include "gate.h"

static const float inputs[4][GATE_INPUTS] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
static const float targets[4][GATE_OUTPUTS] = {{0}, {1}, {1}, {0}};

static gate_parameters parameters;
static gate_trainer trainer;
static unsigned char record[GATE_RECORD_SIZE];

/* Semihosting: text on the emulator's or debugger's console. */
static void print(const char* text) { __asm volatile("movs r0, #4\n\tmov r1, %0\n\tbkpt 0xab" : : "r"(text) : "r0", "r1", "memory"); }

static void print_thousandths(float x) {
  char text[] = "0.000 ";
  int n = (int)(x * 1000.0f + 0.5f);
  for (int k = 4; k > 0; --k) {
    if (k == 1) k = 0; /* the point */
    text[k] = (char)('0' + n % 10);
    n /= 10;
  }
  print(text);
}

/* Whether the network now does what it was trained for. */
static int works(void) {
  int right = 0;
  for (int s = 0; s < 4; ++s) {
    float output[GATE_OUTPUTS];
    if (gate_predict(&parameters, inputs[s], output) != GATE_OK) return 0;
    print_thousandths(output[0]);
    right += (output[0] > 0.5f) == (targets[s][0] > 0.5f);
  }
  print("\n");
  return right == 4;
}

int main(void) {
  float loss = 1.0f;
  size_t size = 0;
  gate_status status = gate_initialize(&parameters, 7);
  if (status == GATE_OK) status = gate_trainer_init(&trainer);
  if (status == GATE_OK) status = gate_set_learning_rate(&trainer, 5.0f);
  for (int step = 0; step < 3000 && status == GATE_OK && loss > 0.001f; ++step) {
    status = gate_train_step(&trainer, &parameters, inputs[0], targets[0], 4, &loss);
  }
  print("loss after training: ");
  print_thousandths(loss);
  print("\npredictions: ");
  if (status != GATE_OK || !works()) {
    print(gate_text(status));
    return 1;
  }

  status = gate_save(&parameters, NULL, record, sizeof record, &size);
  if (status != GATE_OK) return 2;
  record[40] ^= 1; /* a bit tips over in flash ... */
  print("damaged record: ");
  print(gate_text(gate_load(&parameters, NULL, record, size)));
  record[40] ^= 1;
  gate_status again = gate_initialize(&parameters, 8); /* ... and the device restarts */
  if (again == GATE_OK) again = gate_load(&parameters, NULL, record, size);
  print("\nafter loading: ");
  return again == GATE_OK && works() ? 0 : 3;
}
