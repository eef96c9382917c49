#!/bin/sh
# install.sh DESTDIR PREFIX VERSION: what `make install` does. All headers; nothing to link.
set -eu
destdir=$1 prefix=$2 version=$3
include=$destdir$prefix/include/insitu pkgconfig=$destdir$prefix/lib/pkgconfig cmake=$destdir$prefix/lib/cmake/insitu
case "$prefix" in /*) ;; *) echo "PREFIX=$prefix must be an absolute path" >&2; exit 1 ;; esac
for folder in kernels kernels/vec model; do
  mkdir -p "$include/$folder"
  for header in "$folder"/*.h; do
    if [ -e "$header" ]; then install -m 644 "$header" "$include/$folder/"; fi
  done
done
install -m 644 build/include/insitu/insitu.h "$include/insitu.h"

mkdir -p "$pkgconfig" "$cmake"
cat >"$pkgconfig/insitu.pc" <<EOF
prefix=\${pcfiledir}/../..
includedir=\${prefix}/include

Name: insitu
Description: Neural networks trained where they run: fixed-size, allocation-free C++20 headers
Version: $version
Cflags: -I\${includedir}
EOF
cat >"$cmake/insituConfig.cmake" <<'EOF'
# find_package(insitu), then target_link_libraries(program insitu::insitu)
if(NOT TARGET insitu::insitu)
  get_filename_component(_insitu_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
  add_library(insitu::insitu INTERFACE IMPORTED)
  set_target_properties(insitu::insitu PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${_insitu_prefix}/include" INTERFACE_COMPILE_FEATURES cxx_std_20)
  unset(_insitu_prefix)
endif()
EOF
cat >"$cmake/insituConfigVersion.cmake" <<EOF
set(PACKAGE_VERSION "$version")
# Before 1.0 a minor version may change what users write.
if(PACKAGE_FIND_VERSION VERSION_GREATER PACKAGE_VERSION)
  set(PACKAGE_VERSION_COMPATIBLE FALSE)
elseif(PACKAGE_FIND_VERSION_MAJOR EQUAL ${version%%.*} AND (${version%%.*} GREATER 0 OR "\${PACKAGE_FIND_VERSION_MINOR}" STREQUAL "$(echo "$version" | cut -d. -f2)" OR PACKAGE_FIND_VERSION_COUNT LESS 2))
  set(PACKAGE_VERSION_COMPATIBLE TRUE)
  if(PACKAGE_FIND_VERSION VERSION_EQUAL PACKAGE_VERSION)
    set(PACKAGE_VERSION_EXACT TRUE)
  endif()
endif()
EOF
echo "installed insitu $version in $destdir$prefix"
