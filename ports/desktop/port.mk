# The machine you sit at: GCC and clang, with and without vectors, optimised or not, with sanitizers; the checks of what is not doctest's;
# and the command line.
packages := g++ doctest-dev libxsimd-dev
main_flags += -g

generated := -isystem build/desktop/generated# onnx.pb.h
command_line := $(call find,tests/ports/desktop) $(wildcard tests/fuzz/readers.cpp)
x86 := $(filter x86_64 amd64 i686,$(shell uname -m))
cpu := $(shell sed -n 's/^flags[^:]*://p' /proc/cpuinfo 2>/dev/null | head -n 1)
lacks = $(if $(x86),$(patsubst %,this processor has no %,$(firstword $(filter-out $(cpu),$(1)))))

bits_only := gcc-scalar-Os gcc-scalar-O3 gcc-Os clang-scalar-Os clang-Os clang-O2# the other levels, for the comparison of bits alone

# A folder of tests is compiled as one file. field: training and weights in the field, tests/field. The last two test the command line's parts.
variants := gcc-native gcc-contract gcc-O0 gcc-scalar clang-scalar clang-native clang-sanitize $(if $(x86),gcc-sse2 gcc-avx512) \
  $(bits_only) field field-sanitize $(if $(command_line),command-line command-line-sanitize)
vectors := $(if $(x86),-mavx2 -mfma)

# GCC 12 takes the last, partial block of a layer's rows for a whole one, of which a part was never written
gcc-native.flags := -O3 $(exact) $(vectors) -Wno-maybe-uninitialized -Wno-aggressive-loop-optimizations
gcc-contract.flags := -O2 $(vectors)# GCC's default, as header users have it: -ffp-contract=fast
gcc-O0.flags := -O0 $(exact) $(vectors)
gcc-scalar.flags := -O2 $(exact) -DINSITU_SCALAR
gcc-sse2.flags := -O2 $(exact)# no fma: the software one
gcc-avx512.flags := -O3 $(exact) -mavx512f -mavx512bw -mavx512dq -mavx512vl -mfma $(avx512_quiet)
clang-scalar.flags := -O2 $(exact) -DINSITU_SCALAR $(if $(x86),-mfma)
clang-native.flags := -O3 $(vectors)# clang's default contraction
gcc-scalar-Os.flags := -Os $(exact) -DINSITU_SCALAR
gcc-scalar-O3.flags := -O3 $(exact) -DINSITU_SCALAR
gcc-Os.flags := -Os $(exact) $(vectors)
clang-scalar-Os.flags := -Os $(exact) -DINSITU_SCALAR $(if $(x86),-mfma)
clang-Os.flags := -Os $(exact) $(vectors)
clang-O2.flags := -O2 $(exact) $(vectors)
clang-sanitize.flags := -O1 -g1 $(exact) $(vectors) -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
# clang: GCC needs minutes for a network with its address sanitizer
clang-sanitize.link := -fsanitize=address,undefined
field.flags := -O2 $(exact) $(vectors) -Wno-array-bounds# GCC 12 takes loops over the samples of a partial batch for ones of whole vectors
field-sanitize.flags := $(clang-sanitize.flags) -DINSITU_SLOW_TARGET# fewer seeds, steps and cuts
field-sanitize.link := $(clang-sanitize.link)
command-line.flags := -O2 $(exact) $(vectors) -Wno-array-bounds $(generated)# as for field
command-line-sanitize.flags := $(clang-sanitize.flags) $(generated)
command-line-sanitize.link := -fsanitize=address,undefined
$(foreach v,command-line command-line-sanitize,$(eval $(v).sources := $(command_line) $(cli_sources))$(eval $(v).packages := $(cli_packages))\
  $(eval $(v).link += $(cli_libraries)))

# Everything is tested with GCC and clang, with vectors and without, and with sanitizers; what is left can only differ in the kernels.
$(foreach v,gcc-contract gcc-O0 gcc-sse2 gcc-avx512 clang-scalar,$(eval $(v).folders := kernels))
$(foreach v,$(bits_only),$(eval $(v).folders := none))
$(foreach v,$(filter-out clang-%,$(variants)),$(eval $(v).cxx := $(GXX)))
$(foreach v,$(filter clang-%,$(variants)),$(eval $(v).cxx := $(CLANGXX))$(eval $(v).packages := clang))
$(foreach v,field field-sanitize,$(eval $(v).sources = $$(call find,tests/field)))
field-sanitize.cxx := $(CLANGXX)
field-sanitize.packages := clang
command-line-sanitize.cxx := $(CLANGXX)# GCC takes minutes for a network with its address sanitizer
command-line-sanitize.packages += clang
$(foreach v,$(variants),$(eval $(v).unity := yes))
$(foreach v,gcc-native gcc-contract gcc-O0 gcc-Os clang-Os clang-O2 clang-native clang-sanitize field field-sanitize command-line command-line-sanitize,$(eval $(v).skip := $(call lacks,avx2 fma)))
gcc-avx512.skip := $(call lacks,avx512f avx512bw avx512dq avx512vl)
clang-scalar.skip := $(call lacks,fma)
clang-scalar-Os.skip := $(call lacks,fma)
