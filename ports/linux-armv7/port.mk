# 32-bit Arm Linux with NEON and fma (Raspberry Pi 2 and later, Cortex-A7 and up).
packages := g++-arm-linux-gnueabihf qemu-user doctest-dev libxsimd-dev
cross := arm-linux-gnueabihf-
variants := neon neon-contract scalar
fpu := -mfpu=neon-vfpv4
neon.flags := -O2 $(exact) $(fpu)
neon-contract.flags := -O3 $(fpu)
neon-contract.folders := none
scalar.folders := kernels
scalar.flags := -O2 $(exact) $(fpu) -DINSITU_SCALAR
main_flags += $(fpu)
run := qemu-arm -L /usr/arm-linux-gnueabihf
include ports/linux.mk
