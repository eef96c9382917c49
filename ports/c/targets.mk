# The C library of a network: build/<port>/lib<name>.a and build/<port>/<name>.h
.PHONY: lib
library_network := $(or $(NETWORK),ports/desktop/networks/digits.h)
# NAME counts where make was given it: some systems have it in the environment
library_name := $(or $(if $(filter command,$(origin NAME)),$(NAME)),$(basename $(notdir $(library_network))))
# firmware small, programs fast; LEVEL= chooses otherwise
library_level := $(or $(LEVEL),$(if $(filter cortex-%,$(PORT)),-Os,-O3))
library_target := $(if $(filter desktop,$(PORT)),$(this_machine),$(filter-out -O%,$($(firstword $(variants)).flags)))
library_compiler := $($(firstword $(variants)).cxx)
library_base = $(filter-out -Werror,$(common)) $(library_target)
library_flags = $(library_base) $(library_level)
library_packages := $(filter-out doctest-dev qemu-%,$(packages))

lib: build/include/insitu/insitu.h ## C library and header of NETWORK= for PORT= [NAME= LEVEL=-O2]
	@ports/packages.sh $(library_packages)
	@$(if $(link_needs),$(MAKE) -s PORT=$(PORT) $(link_needs))
	@ports/c/lib.sh '$(library_network)' '$(library_name)' build/$(PORT) $(library_compiler) $(library_flags)
	@echo 'build/$(PORT)/lib$(library_name).a build/$(PORT)/$(library_name).h'
