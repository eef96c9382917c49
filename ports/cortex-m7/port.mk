# Cortex-M7 (STM32F7/H7, i.MX RT): double-precision FPU.
cpu := -mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-d16
board := mps2-an500
flash := 0x00000000 4M
ram := 0x20000000 4M
variants := O2 Os O3-contract
O2.flags := -O2 $(exact)
Os.flags := -Os $(exact)
Os.folders := none
O3-contract.flags := -O3# and GCC's default contraction
O3-contract.folders := none
include ports/cortex-m/cortex-m.mk
