# 64-bit Arm Linux (Raspberry Pi 3 and later, servers): NEON. Under QEMU, or directly on such a machine.
packages := g++-aarch64-linux-gnu doctest-dev libxsimd-dev
bench_packages := libbenchmark-dev
cross := aarch64-linux-gnu-
variants := neon neon-Os neon-contract scalar sve256
neon.flags := -O2 $(exact)
# GCC 12 at -O3 takes the loop over the samples of a partial batch for one that leaves the array
neon-contract.flags := -O3 -Wno-array-bounds -Wno-aggressive-loop-optimizations
neon-contract.folders := none
neon-Os.flags := -Os $(exact)
neon-Os.folders := none
scalar.folders := kernels
scalar.flags := -O2 $(exact) -DINSITU_SCALAR
# eight lanes of SVE, which xsimd has from 13 on
xsimd_version := $(shell sed -n 's/^.define XSIMD_VERSION_\(MAJOR\|MINOR\) \([0-9]*\)$$/\2/p' $(firstword $(wildcard /usr/include/xsimd/config/xsimd_config.hpp \
  /usr/local/include/xsimd/config/xsimd_config.hpp)) /dev/null)
sve256.flags := -O2 $(exact) -march=armv8.2-a+sve -msve-vector-bits=256
sve256.lacks := $(if $(filter 13 14 15 16,$(firstword $(xsimd_version))),,xsimd $(or $(firstword $(xsimd_version)),before 13)$(addprefix .,$(word 2,$(xsimd_version))) has no SVE: 13 or later is needed)
ifneq ($(shell uname -m),aarch64)
packages += qemu-user
bench_packages := libbenchmark-dev:arm64
run := qemu-aarch64 -cpu max,sve256=on,sve-default-vector-length=32 -L /usr/aarch64-linux-gnu
endif
include ports/linux.mk
