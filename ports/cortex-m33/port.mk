# Cortex-M33 (STM32L5/U5/H5, nRF53/91, RP2350).
cpu := -mcpu=cortex-m33 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16
board := mps2-an505
flash := 0x10000000 4M
ram := 0x38000000 2M
variants := O2 Os O3-contract
O2.flags := -O2 $(exact)
Os.flags := -Os $(exact)
Os.folders := none
O3-contract.flags := -O3# and GCC's default contraction
O3-contract.folders := none
include ports/cortex-m/cortex-m.mk
