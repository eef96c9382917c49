# Cortex-M4 with FPU (STM32F3/F4/L4/G4, nRF52): 32 single-precision registers, fma.
cpu := -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16
board := mps2-an386
flash := 0x00000000 4M
ram := 0x20000000 4M
port_checks := count flight
variants := Os O2 O3-contract field
Os.flags := -Os $(exact)
O2.flags := -O2 $(exact)
O2.folders := kernels
O3-contract.flags := -O3# and GCC's default contraction
O3-contract.folders := none
field.flags := -Os $(exact)
field.sources = $(call unity_sources,field)
include ports/cortex-m/cortex-m.mk
