/* Start-up of a Cortex-M: vector table, reset, and the end of the program in an emulator or debugger (semihosting). A vendor's package has its own;
 * what insitu needs of it is that the FPU, where there is one, is on before its first call. */
#include <stdint.h>

extern uint32_t __stack_top, __data_load, __data_start, __data_end, __bss_start, __bss_end; /* linker.ld */
int main(void);
void Reset_Handler(void);

__attribute__((noinline)) static void leave(int status) {
  const uint32_t block[2] = {0x20026u, (uint32_t)status}; /* SYS_EXIT_EXTENDED: the application has ended, with this status */
  __asm volatile("movs r0, #0x20\n\tmov r1, %0\n\tbkpt 0xab" : : "r"(block) : "r0", "r1", "memory");
  for (;;) {}
}

static void fault(void) { leave(99); }

void Reset_Handler(void) {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
  *(volatile uint32_t*)0xE000ED88u |= 0xFu << 20; /* CPACR: full access to the FPU and Helium */
  __asm volatile("dsb\n\tisb" : : : "memory");
#endif
  const uint32_t* from = &__data_load;
  for (uint32_t* to = &__data_start; to < &__data_end;) *to++ = *from++;
  for (uint32_t* to = &__bss_start; to < &__bss_end;) *to++ = 0;
  leave(main());
}

/* Up to HardFault: the faults beyond it are off after reset and escalate to it, and no interrupt is enabled. A program that enables one needs its entry. */
struct vectors {
  uint32_t* stack;
  void (*handlers[3])(void); /* reset, NMI, HardFault */
};
__attribute__((section(".vectors"), used)) static const struct vectors vectors = {&__stack_top, {Reset_Handler, fault, fault}};
