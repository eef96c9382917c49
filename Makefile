# insitu: make is the interface. `make` alone lists the targets; PORT= picks a folder of ports/, NETWORK= a header of yours.

ports := desktop $(filter-out desktop,$(sort $(patsubst ports/%/port.mk,%,$(wildcard ports/*/port.mk))))
tested_ports := $(or $(PORT),$(ports))
PORT ?= desktop
GXX ?= g++
CLANGXX ?= clang++
PREFIX ?= /usr/local
version := $(shell sed -n 's/^.define INSITU_VERSION "\(.*\)"/\1/p' model/version.h)
find = $(if $(wildcard $(1)),$(sort $(shell find $(wildcard $(1)) -name '*.cpp')))

ifeq ($(filter $(PORT),$(ports)),)
$(error there is no ports/$(PORT)/port.mk; PORT= is one of: $(ports))
endif
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
endif
MAKEFLAGS += --no-print-directory -r
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: help test variants shared checks bits bits-here breaks install data format lint clean FORCE

# --- How everything is compiled; ports/*/port.mk adds what its machine needs -----------------------------------------------------------
warnings := -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wvla -Wdouble-promotion -Werror
exact := -ffp-contract=off
# GCC 12 warns of its own avx512fintrin.h (its bug 105593), and of vectors wider than a small matrix in loops that never run
avx512_quiet := -Wno-uninitialized -Wno-maybe-uninitialized -Wno-array-bounds -Wno-aggressive-loop-optimizations
this_machine := -march=native $(exact) $(avx512_quiet)
common := -std=c++20 -I. -Ibuild/include $(warnings)
export GXX CLANGXX
run :=
cpu_flags :=# of a port's every build, to be named beside a variant's own
main_sources := tests/main.cpp# doctest's main, and what else every program of the port is linked with
main_flags := -O1
port_checks :=# more than the suite that a port is tested by: check-<name>, each with a line of its own
folders := kernels model golden# of tests/; a variant may have fewer as <variant>.folders (none: it only compares bits)
# the command line in ports/desktop/
cli_packages := g++ libxsimd-dev libcli11-dev zlib1g-dev libzip-dev nlohmann-json3-dev libprotobuf-dev protobuf-compiler
cli_sources := $(filter-out %/main.cpp %/demo.cpp,$(wildcard ports/desktop/*.cpp ports/desktop/doctor/*.cpp ports/desktop/exchange/*.cpp))
cli_libraries := -lzip -lz -lprotobuf-lite
include ports/$(PORT)/port.mk
port_files := $(filter ports/%,$(MAKEFILE_LIST))# a change of flags compiles anew
include ports/desktop/targets.mk
include ports/c/targets.mk
include ports/cortex-m/firmware.mk
include ports/package/package.mk

help: ## this list
	@echo 'insitu $(version): neural networks trained where they run.  make TARGET [PORT=port] [NETWORK=header] ...'
	@awk -F':.*## ' '/^[a-z][a-z -]*:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(filter Makefile ports/desktop/% ports/c/% ports/cortex-m/% ports/package/%,$(MAKEFILE_LIST))
	@echo 'ports: $(ports)'

# --- The tests: every variant of every port, then the checks that are not doctest's -----------------------------------------------------
test: ## everything that must hold, on this machine and on every port under QEMU (or on PORT=); last line: N passed, N failed
	@if [ '$(words $(tested_ports))' = 1 ]; then ports/packages.sh $(packages); else ports/packages.sh g++ doctest-dev libxsimd-dev; fi
	@rm -rf build/results
	+@for port in $(tested_ports); do $(MAKE) -k PORT=$$port variants || ports/record.sh $$port/make sh -c 'echo "RESULT 0 1 0 make stopped"'; done
	+@$(MAKE) -k checks || ports/record.sh checks sh -c 'echo "RESULT 0 1 0 make stopped"'
	@ports/summary.sh

# what they share first, so that they can be made side by side; if that fails, each says why
variants:
	+@! ports/packages.sh $(packages) || $(MAKE) -s -k shared >build/shared.log 2>&1 || true
	+@$(MAKE) -k $(variants:%=variant-%) $(port_checks:%=check-%)

variant-%: FORCE
	+@ports/record.sh $(PORT)/$* ports/variant.sh $(PORT) $* '$(if $($*.lacks),,$(strip $(call programs,$*)))' '$(or $($*.lacks),$($*.skip))' '$(packages) $($*.packages)' '$(run)'

checks := bits$(if $(filter desktop,$(tested_ports)), misuse readme install package layers import tutorial)
checks: $(checks:%=check-%)

check-bits:
	+@$(MAKE) PORT=desktop build/desktop/gcc-scalar/bits.txt >/dev/null 2>&1 || true
	@ports/record.sh bits ports/bits.sh build/desktop/gcc-scalar/bits.txt $(tested_ports)
check-package: build/include/insitu/insitu.h
	+@ports/record.sh package sh -c '$(MAKE) -s package && ports/package/check-package.sh $(version)'
check-readme: build/include/insitu/insitu.h
	+@ports/record.sh readme sh -c '$(MAKE) -s PORT=desktop lib && ports/desktop/check-readme.sh'
check-misuse check-install check-layers check-import: check-%: build/include/insitu/insitu.h
	+@ports/record.sh $* ports/desktop/check-$*.sh
check-tutorial: build/include/insitu/insitu.h | check-import# both make build/desktop/insitu
	+@ports/record.sh tutorial ports/cortex-m/tutorial/check-tutorial.sh

# --- One variant: build/<port>/<variant>/suite and bits ---------------------------------------------------------------------------------
# $(1) variant: its sources: its own, or its folders of tests/ as one file each (<variant>.unity), or file by file
folders_of = $(filter-out none,$(or $($(1).folders),$(folders)))
suite_sources = $(or $($(1).sources),$(if $($(1).unity),$(call unity_sources,$(call folders_of,$(1))),$(call find,$(addprefix tests/,$(call folders_of,$(1))))))
unity_sources = $(foreach f,$(1),$(if $(call find,tests/$(f)),build/unity/$(f).cpp))
main_objects := $(main_sources:%.cpp=build/$(PORT)/main/%.o)

# $(1) variant: what is built; a variant with sources of its own has no part in the comparison of bits
has_bits = $(and $(wildcard tests/bits/bits.cpp),$(if $($(1).sources),,yes))
programs = $(if $(call suite_sources,$(1)),build/$(PORT)/$(1)/suite) $(if $(call has_bits,$(1)),build/$(PORT)/$(1)/bits)
# $(1) variant, $(2) sources: their objects
objects = $(patsubst %.cpp,build/$(PORT)/$(1)/%.o,$(patsubst build/unity/%,unity/%,$(2)))

# what the variants of a port have in common, made before they are made side by side
shared: $(main_objects) $(link_needs) build/include/insitu/insitu.h $(call unity_sources,$(folders))

define variant_rules
build/$$(PORT)/$(1)/suite: $$(call objects,$(1),$$(call suite_sources,$(1))) $$(main_objects) $$(link_needs)
	$$($(1).cxx) $$(common) $$($(1).flags) $$(filter %.o,$$^) $$(link_flags) $$($(1).link) -o $$@
build/$$(PORT)/$(1)/bits: $$(call objects,$(1),tests/bits/bits.cpp) $$(bits_sources:%.cpp=build/$$(PORT)/main/%.o) $$(link_needs)
	@printf '%s\n' "$$(notdir $$($(1).cxx)) $$$$($$($(1).cxx) -dumpfullversion 2>/dev/null || $$($(1).cxx) -dumpversion)" '$$(strip $$(filter-out -W%,$$(cpu_flags) $$($(1).flags)))' '$$(run)' >$$(@D)/bits.build
	$$($(1).cxx) $$(common) $$($(1).flags) $$(filter %.o,$$^) $$(link_flags) -o $$@
build/$$(PORT)/$(1)/%.o: %.cpp $$(port_files) | build/include/insitu/insitu.h
	@mkdir -p $$(@D)
	$$($(1).cxx) $$(common) $$($(1).flags) -MMD -MP -c $$< -o $$@
build/$$(PORT)/$(1)/unity/%.o: build/unity/%.cpp $$(port_files) | build/include/insitu/insitu.h
	@mkdir -p $$(@D)
	$$($(1).cxx) $$(common) $$($(1).flags) -MMD -MP -c $$< -o $$@
endef

$(foreach v,$(variants),$(eval $(call variant_rules,$(v))))

build/$(PORT)/main/%.o: %.cpp $(port_files)
	@mkdir -p $(@D)
	$($(firstword $(variants)).cxx) $(common) $(main_flags) -MMD -MP -c $< -o $@

build/$(PORT)/%/bits.txt: build/$(PORT)/%/bits
	$(run) $< >$@

build/unity/%.cpp: FORCE
	@mkdir -p $(@D); new=$@.$$$$; ports/unity.sh $(call find,tests/$*) >$$new; if cmp -s $$new $@; then rm $$new; else mv $$new $@; fi

-include $(shell find build/$(PORT) -name '*.d' 2>/dev/null)

bits: ## train the same networks on every variant of every port (or PORT=) and compare the bits
	+@status=0; for port in $(tested_ports); do $(MAKE) -k PORT=$$port bits-here || status=1; done; \
	$(MAKE) PORT=desktop build/desktop/gcc-scalar/bits.txt >/dev/null || exit 1; \
	ports/bits.sh build/desktop/gcc-scalar/bits.txt $(tested_ports) >build/bits.log || status=1; \
	sed 's/^RESULT \([0-9]*\) \([0-9]*\) 0/\1 the same, \2 different:/' build/bits.log; exit $$status

breaks: build/include/insitu/insitu.h ## put known mistakes into copies of the tree, one at a time, and check that each is found [BREAK=name]
	@ports/packages.sh g++ doctest-dev libxsimd-dev
	+@MAKE='$(MAKE)' ports/desktop/check-breaks.sh $(BREAK)

bits-here:
	+@ports/packages.sh $(packages) && $(MAKE) -k PORT=$(PORT) $(foreach v,$(variants),$(if $(or $($(v).skip),$($(v).lacks),$($(v).sources)),,build/$(PORT)/$(v)/bits.txt)) >/dev/null

# --- The header as users include it: <insitu/insitu.h>, in the tree and installed -------------------------------------------------------
build/include/insitu/insitu.h: Makefile
	@mkdir -p $(@D)
	@ln -sfn ../../../kernels $(@D)/kernels
	@ln -sfn ../../../model $(@D)/model
	@printf '%s\n' '#pragma once' '#include "model/insitu.h"' >$@

install: build/include/insitu/insitu.h ## headers, pkg-config and CMake package into PREFIX (default /usr/local); DESTDIR is respected
	@ports/desktop/install.sh '$(DESTDIR)' '$(PREFIX)' '$(version)'

format: ## clang-format over everything
	@ports/packages.sh clang-format
	@clang-format -i $(shell find kernels model tests bench ports -name '*.h' -o -name '*.cpp' -o -name '*.c')

lint: ## formatting, the direction of includes, clang-tidy
	@ports/packages.sh clang-format clang-tidy doctest-dev $(cli_packages)
	+@$(MAKE) -s PORT=desktop build/desktop/generated/onnx.pb.h build/include/insitu/insitu.h
	@ports/lint.sh

clean: ## remove build/
	@rm -rf build
