# The headers of this machine's packages that a cross compiler may see: never all of /usr/include.
header_folder = $(firstword $(wildcard $(foreach d,/usr/include /usr/local/include /opt/homebrew/include,$(d)/$(1))) /usr/include/$(1))
build/cross/include/%:
	@mkdir -p $(@D)
	@ln -sfn $(call header_folder,$*) $@
