# What the Cortex-M ports share: newlib for the tests, one start-up, QEMU. A port.mk sets cpu, board, flash, ram (origin and length) and, where
# they are elsewhere, vectors; and its variants.
vectors ?= $(firstword $(flash))
packages := gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib qemu-system-arm doctest-dev
run := ports/cortex-m/run.sh $(board)
cpu_flags := $(cpu)

# GCC 12 takes a replaced operator new that is inlined for malloc (-Wmismatched-new-delete, in the tests that count allocations)
# nothing that needs a heap, an unwinder or the C library's start files; what the linker does not need is left out
bare := $(cpu) -fno-exceptions -fno-rtti -fno-threadsafe-statics -fno-unwind-tables -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections
common := $(bare) $(common) -isystem build/cross/include --specs=nano.specs -Wno-psabi -Wno-mismatched-new-delete -DINSITU_SMALL_MEMORY -DDOCTEST_CONFIG_NO_POSIX_SIGNALS \
  -DDOCTEST_CONFIG_NO_EXCEPTIONS_BUT_WITH_ALL_ASSERTS -DDOCTEST_CONFIG_COLORS_NONE -DDOCTEST_CONFIG_NO_MULTITHREADING \
  -DDOCTEST_CONFIG_NO_MULTI_LANE_ATOMICS
main_flags := -Os
main_sources += ports/cortex-m/startup.cpp
bits_sources := ports/cortex-m/startup.cpp
link_flags = --specs=rdimon.specs -nostartfiles -Wl,--gc-sections -T build/$(PORT)/linker.ld
link_needs := build/$(PORT)/linker.ld build/cross/include/doctest

$(foreach v,$(variants),$(eval $(v).cxx := arm-none-eabi-g++)$(eval $(v).unity := yes))

build/$(PORT)/linker.ld: ports/cortex-m/linker.ld.in $(port_files)
	@mkdir -p $(@D)
	arm-none-eabi-gcc -E -P -x c -DVECTORS_ORIGIN=$(vectors) -DFLASH_ORIGIN=$(word 1,$(flash)) -DFLASH_LENGTH=$(word 2,$(flash)) \
	  -DRAM_ORIGIN=$(word 1,$(ram)) -DRAM_LENGTH=$(word 2,$(ram)) $< -o $@
include ports/cross.mk

check-count: $(link_needs)
	@ports/record.sh $(PORT)/count ports/cortex-m/check-count.sh build/$(PORT) $(board) build/$(PORT)/linker.ld $(bare) -Wl,--gc-sections

check-flight: $(link_needs)
	@ports/record.sh $(PORT)/flight ports/cortex-m/check-flight.sh build/$(PORT)/flight $(board) build/$(PORT)/linker.ld $(bare) -Wl,--gc-sections
