# 64-bit Arm Linux (Raspberry Pi 3 and later, servers): NEON. Under QEMU, or directly on such a machine.
packages := g++-aarch64-linux-gnu doctest-dev libxsimd-dev
bench_packages := libbenchmark-dev
cross := aarch64-linux-gnu-
variants := neon neon-contract scalar
neon.flags := -O2 $(exact)
# GCC 12 at -O3 takes the loop over the samples of a partial batch for one that leaves the array
neon-contract.flags := -O3 -Wno-array-bounds
neon-contract.folders := none
scalar.folders := kernels
scalar.flags := -O2 $(exact) -DINSITU_SCALAR
ifneq ($(shell uname -m),aarch64)
packages += qemu-user
bench_packages := libbenchmark-dev:arm64
run := qemu-aarch64 -L /usr/aarch64-linux-gnu
endif
include ports/linux.mk
