// The device: a Cortex-M without an operating system, a heap or a C library; samples come by semihosting. `count` as an argument: three steps of
// training between insitu_count_begin and insitu_count_end, for the instruction counter.
#include <new>

#include "ports/cortex-m/semihosting.h"
#include "tuning.h"
#include "weights.h"

extern "C" {
extern std::uint32_t __bss_start, __bss_end, __data_start, __data_end, __stack_top;
int main();
[[gnu::noinline]] void insitu_count_begin();
[[gnu::noinline]] void insitu_count_end();
}
void insitu_count_begin() { asm volatile(""); }
void insitu_count_end() { asm volatile(""); }

namespace {

using namespace insitu;
using namespace insitu::demo;
using semihosting::print;

/// Parameters and trainer of the device; and the samples it keeps.
alignas(Alignment) unsigned char memory[sizeof(Device<Tuned>)];

const Parameters<Tuned>& factory() { return *reinterpret_cast<const Parameters<Tuned>*>(FactoryWeights); }

void print(std::uint32_t number, const char* after, std::uint32_t base = 10) {
  char text[12];
  int at = 11;
  text[11] = 0;
  do text[--at] = "0123456789abcdef"[number % base];
  while ((number /= base) > 0);
  print(text + at);
  print(after);
}
/// Thousandths as a percentage.
void print_percent(int right) {
  print(static_cast<std::uint32_t>(right / 10), ".");
  print(static_cast<std::uint32_t>(right % 10), " %");
}

/// A file by semihosting (open 0x01, read 0x06, seek 0x0a).
class Source {
 public:
  explicit Source(const char* name) {
    std::uint32_t length = 0;
    while (name[length] != 0) ++length;
    const std::uintptr_t block[3] = {reinterpret_cast<std::uintptr_t>(name), 1 /* rb */, length};
    handle = call(0x01, block);
    if (handle == ~0u) {
      print("the samples cannot be read\n");
      semihosting::exit(2);
    }
  }
  void rewind() {
    const std::uintptr_t block[2] = {handle, 0};
    call(0x0a, block);
  }
  void next(Sample& sample) {
    const std::uintptr_t block[3] = {handle, reinterpret_cast<std::uintptr_t>(&sample), sizeof sample};
    if (call(0x06, block) != 0) semihosting::exit(3);
  }

 private:
  static std::uint32_t call(std::uint32_t operation, const void* block) {
    return semihosting::call(static_cast<semihosting::Operation>(operation), block);
  }
  std::uint32_t handle;
};

/// The stack is painted below what is in use, and later found to be overwritten down to somewhere.
constexpr std::uint32_t Paint = 0x5ac35ac3u, Painted = 4096;
[[gnu::noinline]] void paint_stack() {
  std::uint32_t here;
  for (std::uint32_t volatile* p = &here - Painted / 4; p < &here; ++p) *p = Paint;
}
[[gnu::noinline]] std::uint32_t stack_used() {
  std::uint32_t here;
  const std::uint32_t volatile* p = &here - Painted / 4 + 64;
  while (*p == Paint) ++p;
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(&__stack_top) - reinterpret_cast<std::uintptr_t>(p));
}

bool counts() {
  char words[128];
  if (!semihosting::command_line(words, sizeof words)) return false;
  const char* last = words;
  for (const char* p = words; *p != 0; ++p) {
    if (*p == ' ') last = p + 1;
  }
  return last[0] == 'c' && last[1] == 'o' && last[2] == 'u';
}

}  // namespace

int main() {
  Device<Tuned>& device = *new (memory) Device<Tuned>;
  Source source(DRIFTED);
  copy_factory<Tuned>(factory(), device.trained);
  device.keep(source);
  if (counts()) {
    device.trainer.optimizer.learning_rate = Rate;
    for (int k = 0; k < 3; ++k) {
      Matrix<1, 64> input;
      device.kept[k].to(input);
      const Vector<1, int> label{{device.kept[k].label}};
      insitu_count_begin();
      device.trainer.step(device.trained, factory(), input, label);
      insitu_count_end();
    }
    return 0;
  }
  const int before = device.recognised(source, factory());
  paint_stack();
  device.tune(factory(), Rate, 1);
  const std::uint32_t stack = stack_used();
  const int after = device.recognised(source, factory());

  print("device: recognises ");
  print_percent(before);
  print(" of samples from its drifted sensor, and after tuning on ");
  print(Kept, " others ");
  print_percent(after);
  print("\nRAM: ");
  print(sizeof device.trained, " bytes of parameters, ");
  print(sizeof device.trainer, " of trainer, ");
  print(sizeof device.kept + sizeof device.order, " of samples kept, ");
  print(stack, " of stack while training; data and bss as a whole ");
  print(static_cast<std::uint32_t>((&__data_end - &__data_start + (&__bss_end - &__bss_start)) * 4), " bytes\n");
  print("CRC of the trained parameters: ");
  print(device.checksum(), "\n", 16);
  return 0;
}
