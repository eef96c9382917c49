// Start-up of every Cortex-M here: vector table, reset, and the end of the program by semihosting.
// With newlib (the tests) files and standard output work as well; without a C library it is all that a firmware needs.
#include <cstddef>
#include <cstdint>

#include "semihosting.h"

extern "C" {
// linker.ld.in
extern std::uint32_t __stack_top, __data_load, __data_start, __data_end, __bss_start, __bss_end;
using Function = void (*)();
extern const Function __preinit_array_start[], __preinit_array_end[], __init_array_start[], __init_array_end[];

void initialise_monitor_handles() __attribute__((weak));  // newlib's semihosting opens standard input and output
int main(int argc, char** argv);

void* __dso_handle = nullptr;
int __cxa_atexit(void (*)(void*), void*, void*) { return 0; }  // a firmware never destroys its statics
int atexit(void (*)()) { return 0; }

void Reset_Handler();
void Default_Handler();
void SysTick_Handler() __attribute__((weak, alias("Default_Handler")));
}

namespace {

using insitu::semihosting::exit;

/// A fault ends the program with 100 + its exception number: 103 is a hard fault.
[[noreturn]] void fault() {
  std::uint32_t number;
  asm volatile("mrs %0, ipsr" : "=r"(number));
  insitu::semihosting::print("insitu: fault or unexpected interrupt\n");
  exit(100 + static_cast<int>(number));
}

union Vector {
  const void* pointer;
  Function function;
};

[[gnu::section(".vectors"), gnu::used]] const Vector vectors[16] = {
    {.pointer = &__stack_top},
    {.function = Reset_Handler},
    {.function = Default_Handler},  // NMI
    {.function = Default_Handler},  // HardFault
    {.function = Default_Handler},  // MemManage
    {.function = Default_Handler},  // BusFault
    {.function = Default_Handler},  // UsageFault
    {.function = Default_Handler},  // SecureFault
    {},
    {},
    {},
    {.function = Default_Handler},  // SVCall
    {.function = Default_Handler},  // DebugMonitor
    {},
    {.function = Default_Handler},  // PendSV
    {.function = SysTick_Handler},
};

char words[256];
char* arguments[17];

/// Splits the command line at its spaces; argc.
int split_command_line() {
  int count = 0;
  if (!insitu::semihosting::command_line(words, sizeof words)) words[0] = 0;
  for (char* p = words; *p && count < 16;) {
    arguments[count++] = p;
    while (*p && *p != ' ') ++p;
    while (*p == ' ') *p++ = 0;
  }
  return count;
}

}  // namespace

extern "C" void Default_Handler() { fault(); }

extern "C" void Reset_Handler() {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  // CPACR: full access to coprocessors 10 and 11, before the first float or vector instruction.
  *reinterpret_cast<volatile std::uint32_t*>(0xE000ED88u) |= 0xFu << 20;
  asm volatile("dsb\n\tisb" ::: "memory");
#endif
  const std::uint32_t* from = &__data_load;
  for (std::uint32_t* to = &__data_start; to < &__data_end;) *to++ = *from++;
  for (std::uint32_t* to = &__bss_start; to < &__bss_end;) *to++ = 0;
  if (initialise_monitor_handles != nullptr) initialise_monitor_handles();
  for (const Function* f = __preinit_array_start; f != __preinit_array_end; ++f) (*f)();
  for (const Function* f = __init_array_start; f != __init_array_end; ++f) (*f)();
  const int argc = split_command_line();
  exit(main(argc, arguments));
}
