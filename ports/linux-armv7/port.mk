# 32-bit Arm Linux with NEON and fma (Raspberry Pi 2 and later, Cortex-A7 and up).
packages := g++-arm-linux-gnueabihf qemu-user doctest-dev libxsimd-dev
bench_packages := libbenchmark-dev:armhf
cross := arm-linux-gnueabihf-
variants := neon neon-Os neon-contract scalar
fpu := -mfpu=neon-vfpv4
neon.flags := -O2 $(exact) $(fpu)
# GCC 12 at -O3 takes the loop over the samples of a partial batch for one that leaves the array
neon-contract.flags := -O3 -Wno-array-bounds -Wno-aggressive-loop-optimizations $(fpu)
neon-contract.folders := none
neon-Os.flags := -Os $(exact) $(fpu)
neon-Os.folders := none
scalar.folders := kernels
scalar.flags := -O2 $(exact) $(fpu) -DINSITU_SCALAR
main_flags += $(fpu)
run := qemu-arm -L /usr/arm-linux-gnueabihf
include ports/linux.mk
