/// Arm semihosting for M-profile: what a debugger or QEMU does for a program that has no operating system.
/// Source: Arm, "Semihosting for AArch32 and AArch64", 2.0. A call is `bkpt 0xAB` with the operation in r0 and its argument block in r1.
#pragma once

#include <cstddef>
#include <cstdint>

namespace insitu::semihosting {

enum class Operation : std::uint32_t { write0 = 0x04, get_command_line = 0x15, exit_extended = 0x20 };

inline std::uint32_t call(Operation operation, const void* argument) {
  std::uint32_t result;
  asm volatile(
      "mov r0, %1\n\t"
      "mov r1, %2\n\t"
      "bkpt 0xAB\n\t"
      "mov %0, r0"
      : "=r"(result)
      : "r"(operation), "r"(argument)
      : "r0", "r1", "memory");
  return result;
}

/// Ends the program; QEMU's exit status is `status`.
[[noreturn]] inline void exit(int status) {
  const std::uint32_t block[2] = {0x20026u /* ADP_Stopped_ApplicationExit */, static_cast<std::uint32_t>(status)};
  for (;;) call(Operation::exit_extended, block);
}

/// Prints a string that ends with 0 (QEMU: to its standard error).
inline void print(const char* text) { call(Operation::write0, text); }

/// The command line, words separated by single spaces, into buffer; false when it does not fit or there is none.
inline bool command_line(char* buffer, std::size_t size) {
  struct {
    char* buffer;
    std::size_t size;
  } block{buffer, size};
  return call(Operation::get_command_line, &block) == 0;
}

}  // namespace insitu::semihosting
