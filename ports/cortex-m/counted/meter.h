/// What a firmware can measure of itself: cycles where the core has a live counter of them, ticks of SysTick elsewhere.
///
/// DWT CYCCNT (Armv7-M and up; not in every core, and zero under QEMU) is switched on and watched: only a counter that moves is believed. SysTick runs at the
/// processor's clock on a board, where its ticks are cycles, and at a fixed rate of QEMU's clock, which `-icount` derives from instructions.
/// Source: Armv7-M Architecture Reference Manual, B3.3 (SysTick), C1.6.5 (DEMCR), C1.8 (DWT); the lock of the M7's DWT: CoreSight, LAR.
#pragma once

#include <cstdint>

namespace insitu::meter {

enum class Unit { none, cycles, ticks };

namespace registers {
inline volatile std::uint32_t& at(std::uintptr_t address) { return *reinterpret_cast<volatile std::uint32_t*>(address); }
inline volatile std::uint32_t& demcr() { return at(0xE000EDFCu); }
inline volatile std::uint32_t& dwt_control() { return at(0xE0001000u); }
inline volatile std::uint32_t& dwt_cycles() { return at(0xE0001004u); }
inline volatile std::uint32_t& dwt_lock() { return at(0xE0001FB0u); }
inline volatile std::uint32_t& systick_control() { return at(0xE000E010u); }
inline volatile std::uint32_t& systick_reload() { return at(0xE000E014u); }
inline volatile std::uint32_t& systick_value() { return at(0xE000E018u); }
}  // namespace registers

inline Unit unit = Unit::none;
inline volatile std::uint32_t wraps = 0;  ///< of SysTick's 24 bits: SysTick_Handler counts them
inline constexpr std::uint32_t Reload = 0xFFFFFFu;

/// Rounds of four instructions.
[[gnu::noinline]] inline void wait(int rounds) {
  asm volatile(
      ".syntax unified\n\t"
      "1: nop\n\t"
      "nop\n\t"
      "subs %0, %0, #1\n\t"
      "bne 1b"
      : "+l"(rounds)
      :
      : "cc");
}

/// Starts the counter of cycles; false where there is none, or it stands still.
inline bool start_cycles() {
#if __ARM_ARCH >= 7
  using namespace registers;
  demcr() = demcr() | 1u << 24;  // TRCENA
  dwt_lock() = 0xC5ACCE55u;
  dwt_cycles() = 0;
  dwt_control() = dwt_control() | 1u;  // CYCCNTENA
  const std::uint32_t before = dwt_cycles();
  wait(100);
  return dwt_cycles() != before;
#else
  return false;
#endif
}

/// Starts whichever counter there is.
inline void start() {
  if (start_cycles()) {
    unit = Unit::cycles;
    return;
  }
  using namespace registers;
  systick_reload() = Reload;
  systick_value() = 0;
  systick_control() = 7;  // the processor's clock, an interrupt at every wrap, on
  unit = Unit::ticks;
}

[[gnu::noinline]] inline std::uint64_t read() {
  if (unit == Unit::cycles) return registers::dwt_cycles();
  if (unit == Unit::none) return 0;
  for (;;) {
    const std::uint32_t before = wraps, value = registers::systick_value();
    if (before == wraps) return std::uint64_t{before} * (Reload + 1) + (Reload - value);
  }
}

/// Between two readings: the cycle counter has 32 bits.
inline std::uint64_t between(std::uint64_t begin, std::uint64_t end) {
  return unit == Unit::cycles ? static_cast<std::uint32_t>(end - begin) : end - begin;
}

}  // namespace insitu::meter
