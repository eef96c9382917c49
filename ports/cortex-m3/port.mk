# Cortex-M3 (STM32F1/F2, LPC17xx): no FPU.
cpu := -mcpu=cortex-m3 -mthumb
board := mps2-an385
flash := 0x00000000 4M
ram := 0x20000000 4M
variants := Os O2 O3
Os.flags := -Os $(exact)
O2.flags := -O2 $(exact)
O2.folders := none
O3.flags := -O3 $(exact)
O3.folders := none
include ports/cortex-m/cortex-m.mk
