# Cortex-M0+ (RP2040, STM32C0/L0/G0, SAMD21): no FPU, no divide, no unaligned access. QEMU has no M0+ board with room for the tests, so its code
# runs on the M3 board; QEMU does not fault on unaligned access in any case.
cpu := -mcpu=cortex-m0plus -mthumb
board := mps2-an385
flash := 0x00000000 4M
ram := 0x20000000 4M
port_checks := count
variants := Os O2 O3-contract
Os.flags := -Os $(exact)
O2.flags := -O2 $(exact)
O2.folders := none
O3-contract.flags := -O3# and GCC's default contraction
O3-contract.folders := none
include ports/cortex-m/cortex-m.mk
