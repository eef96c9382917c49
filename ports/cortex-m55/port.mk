# Cortex-M55 (Helium: four lanes of float). Code in the board's SRAM, data in its internal SRAM: the tightly coupled memories are too small
# for the tests.
cpu := -mcpu=cortex-m55 -mthumb -mfloat-abi=hard
board := mps3-an547
vectors := 0x00000000
flash := 0x01000000 2M
ram := 0x21000000 4M
port_checks := count
variants := helium-O2 helium-Os helium-O3-contract scalar-O2
helium-O2.flags := -O2 $(exact)
helium-Os.flags := -Os $(exact)
helium-Os.folders := kernels
helium-O3-contract.flags := -O3
helium-O3-contract.folders := none
scalar-O2.flags := -O2 $(exact) -DINSITU_SCALAR
scalar-O2.folders := kernels
include ports/cortex-m/cortex-m.mk
