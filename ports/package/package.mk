# What other build systems take home.
.PHONY: package amalgamation
URL ?= https://example.org/insitu

amalgamation: ## all of the library as one header, build/insitu.h
	@mkdir -p build
	@ports/package/amalgamate.sh '$(version)' >build/insitu.h
	@echo build/insitu.h

package: build/include/insitu/insitu.h ## folders to publish in build/package/: PlatformIO, Arduino, Zephyr, ESP-IDF, CMSIS-Pack, Conan, vcpkg [URL=the project's page]
	@ports/packages.sh cmake
	@ports/package/assemble.sh '$(version)' '$(URL)'
