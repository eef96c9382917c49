# What firmware costs, and proofs of what is not in it: size and stack of small programs on every Cortex-M, and checks of the C library.
.PHONY: size stack size-here stack-here tutorial
cortex_ports := $(filter cortex-m%,$(tested_ports))
firmware_programs := xor_predict xor_train xor_train_random digits_predict digits_tune
firmware_levels := Os O2
firmware := build/$(PORT)/firmware

size: ## flash and RAM of small firmwares on every Cortex-M (or PORT=), as a table
	@ports/packages.sh $(cortex_packages)
	@ports/cortex-m/firmware/size.sh heading
	+@for port in $(cortex_ports); do $(MAKE) -s PORT=$$port size-here || exit 1; done

stack: ## worst-case stack of the C library's functions on every Cortex-M (or PORT=), as a table
	@ports/packages.sh $(cortex_packages)
	@ports/cortex-m/firmware/stack.sh heading
	+@for port in $(cortex_ports); do $(MAKE) -s PORT=$$port stack-here || exit 1; done

tutorial: build/include/insitu/insitu.h ## from PyTorch to a Cortex-M4F under QEMU that tunes itself, and back: ports/cortex-m/tutorial/, word for word
	+@ports/cortex-m/tutorial/check-tutorial.sh | sed 's/^RESULT \([0-9]*\) \([0-9]*\).*/\1 passed, \2 failed/; / failed$$/{/ 0 failed$$/!q 1}'

# part of `make test`: the C library on the desktop, whose bits the others must have, then on each Cortex-M
.PHONY: check-library library-here
checks: check-library
check-library: library-desktop $(cortex_ports:%=library-%)
$(cortex_ports:%=library-%): library-desktop
library-%: FORCE
	+@$(MAKE) -s PORT=$* library-here

library-here: build/include/insitu/insitu.h
	+@$(if $(filter cortex-m%,$(PORT)),! ports/packages.sh $(library_packages) >/dev/null 2>&1 || \
	  $(MAKE) -s PORT=$(PORT) build/$(PORT)/linker.ld $(firmware)/Os/xor_train.elf $(firmware)/Os/xor_train_random.elf)
	@PACKAGES='$(filter-out doctest-dev,$(packages))' ports/record.sh $(PORT)/library ports/cortex-m/check-firmware.sh build/$(PORT)/library \
	  $(or $(board),native) build/$(PORT)/linker.ld $(library_compiler) $(library_base)

cortex_packages := gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib qemu-system-arm

ifneq ($(filter cortex-m%,$(PORT)),)
# loops that look like memset stay loops: a call of newlib's costs more than it saves here
firmware_flags := $(exact) -fno-tree-loop-distribute-patterns -fno-schedule-insns2 $(warnings)
firmware_elves := $(foreach l,$(firmware_levels),$(firmware_programs:%=$(firmware)/$(l)/%.elf))

demo: build/$(PORT)/linker.ld build/include/insitu/insitu.h ## with PORT=cortex-m4f, say: a network tuned on the device to its drifted sensor [TUNE=biases|last|all SAMPLES=32 SEED=1 DATA=]
	@ports/packages.sh $(cortex_packages) g++
	@GXX='$(GXX)' DESKTOP_FLAGS='$(filter-out $(bare) -D% --specs% -isystem build/cross/include,$(common)) -O2 $(this_machine)' \
	  ports/cortex-m/demo/demo.sh $(PORT) $(board) build/$(PORT)/linker.ld '$(or $(TUNE),biases)' '$(or $(SAMPLES),32)' '$(or $(SEED),1)' '$(DATA)' \
	  -std=c++20 -I. -Ibuild/include $(bare) $(or $(LEVEL),-O2) $(firmware_flags)

size-here: $(firmware_elves)
	@ports/cortex-m/firmware/size.sh $(PORT) $(firmware) '$(firmware_levels)' $(firmware_programs)

stack-here: build/$(PORT)/linker.ld build/include/insitu/insitu.h
	@ports/cortex-m/firmware/stack.sh $(PORT) $(firmware) build/$(PORT)/linker.ld '$(firmware_levels)' $(library_compiler) $(library_base)

define firmware_rules
$(firmware)/$(1)/%.elf: $(firmware)/$(1)/%.o $(firmware)/$(1)/weights.o $(firmware)/$(1)/memory.o $(firmware)/$(1)/startup.o build/$(PORT)/linker.ld
	arm-none-eabi-g++ $(cpu) -nostdlib -Wl,--gc-sections -T build/$(PORT)/linker.ld $$(filter %.o,$$^) -lgcc -o $$@
$(firmware)/$(1)/%.o: ports/cortex-m/firmware/%.cpp $(port_files) ports/cortex-m/firmware.mk
	@mkdir -p $$(@D)
	arm-none-eabi-g++ -std=c++20 -I. $(bare) -$(1) $(firmware_flags) -MMD -MP -c $$< -o $$@
$(firmware)/$(1)/%.o: ports/cortex-m/firmware/%.c $(port_files) ports/cortex-m/firmware.mk
	@mkdir -p $$(@D)
	arm-none-eabi-gcc -std=c99 $(filter-out -fno-rtti -fno-threadsafe-statics,$(bare)) -$(1) -fno-tree-loop-distribute-patterns -c $$< -o $$@
$(firmware)/$(1)/startup.o: ports/cortex-m/example/startup.c $(port_files) ports/cortex-m/firmware.mk
	@mkdir -p $$(@D)
	arm-none-eabi-gcc -std=c99 $(filter-out -fno-rtti -fno-threadsafe-statics,$(bare)) -$(1) -fno-tree-loop-distribute-patterns -c $$< -o $$@
endef
$(foreach l,$(firmware_levels),$(eval $(call firmware_rules,$(l))))
endif
