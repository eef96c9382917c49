# What the Linux ports share: a cross compiler, and the header-only packages of this machine. xsimd's templates cost seconds a file: few files.
common += -Wno-psabi -isystem build/cross/include $(if $(run),-DINSITU_SLOW_TARGET)# under an emulator: shorter sweeps
link_needs := build/cross/include/doctest build/cross/include/xsimd
$(foreach v,$(variants),$(eval $(v).cxx := $(cross)g++)$(eval $(v).unity := yes))
include ports/cross.mk
