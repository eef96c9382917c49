# Cortex-M3 (STM32F1/F2, LPC17xx): no FPU.
cpu := -mcpu=cortex-m3 -mthumb
board := mps2-an385
flash := 0x00000000 4M
ram := 0x20000000 4M
variants := Os
Os.flags := -Os $(exact)
include ports/cortex-m/cortex-m.mk
