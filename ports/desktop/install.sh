#!/bin/sh
# install.sh DESTDIR PREFIX VERSION: what `make install` does. All headers, nothing to link; and what compiles the C library of a network.
set -eu
destdir=$1 prefix=$2 version=$3
include=$destdir$prefix/include/insitu pkgconfig=$destdir$prefix/lib/pkgconfig share=$destdir$prefix/share/insitu
case "$prefix" in /*) ;; *) echo "PREFIX=$prefix must be an absolute path" >&2; exit 1 ;; esac
for folder in kernels kernels/vec model; do
  mkdir -p "$include/$folder"
  for header in "$folder"/*.h; do
    if [ -e "$header" ]; then install -m 644 "$header" "$include/$folder/"; fi
  done
done
install -m 644 build/include/insitu/insitu.h "$include/insitu.h"

mkdir -p "$pkgconfig" "$share/cmake" "$share/c"
cat >"$pkgconfig/insitu.pc" <<EOF
prefix=\${pcfiledir}/../..
includedir=\${prefix}/include

Name: insitu
Description: Neural networks trained where they run: fixed-size, allocation-free C++20 headers
Version: $version
Cflags: -I\${includedir}
EOF
install -m 644 ports/package/cmake/insituConfig.cmake ports/package/cmake/insitu_network.cmake "$share/cmake/"
cat >"$share/cmake/insituConfigVersion.cmake" <<EOF
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
# what insitu_add_network compiles
install -m 644 ports/c/*.cpp ports/c/*.h ports/c/*.in "$share/c/"
install -m 755 ports/c/*.sh "$share/c/"
echo "installed insitu $version in $destdir$prefix"
