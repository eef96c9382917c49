# Cortex-M3 (STM32F1/F2, LPC17xx): no FPU.
cpu := -mcpu=cortex-m3 -mthumb
board := mps2-an385
flash := 0x00000000 4M
ram := 0x20000000 4M
variants := Os O2 O3-contract
Os.flags := -Os $(exact)
O2.flags := -O2 $(exact)
O2.folders := none
O3-contract.flags := -O3# and GCC's default contraction
O3-contract.folders := none
include ports/cortex-m/cortex-m.mk
