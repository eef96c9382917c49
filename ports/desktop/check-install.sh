#!/bin/sh
# check-install.sh: installs into a folder of its own and uses it from there alone, as a stranger would: the README's programs by pkg-config, a
# program by CMake's find_package, and again after the whole prefix was moved.
sentence=$(ports/packages.sh pkg-config cmake 2>&1) || { echo "RESULT 0 0 1 $sentence"; exit; }
out=$PWD/build/check-install
rm -rf "$out"
mkdir -p "$out/app"
passed=0 failed=0
# holds SENTENCE COMMAND...
holds() {
  sentence=$1
  shift
  if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $sentence"; fi
}
cat >"$out/app/main.cpp" <<'EOF'
#include <insitu/insitu.h>
#include <cstdio>
using namespace insitu;
using Model = Network<Dense<4, 3, Relu>, Dense<3, 2>>;
alignas(Alignment) static Parameters<Model> parameters;
int main() {
  initialize(parameters, He{}, Random{7});
  const Vector<2> y = predict<Model>(parameters, Vector<4>{{1, 2, 3, 4}});
  std::printf("%s %g %g\n", INSITU_VERSION, static_cast<double>(y[0]), static_cast<double>(y[1]));
}
EOF
cat >"$out/app/CMakeLists.txt" <<'EOF'
cmake_minimum_required(VERSION 3.16)
project(app CXX)
find_package(insitu 0.1 REQUIRED)
add_executable(app main.cpp)
target_link_libraries(app insitu::insitu)
EOF
with_cmake() (
  unset MAKEFLAGS MAKELEVEL
  cmake -S "$out/app" -B "$out/app/build" -DCMAKE_PREFIX_PATH="$1" -DCMAKE_BUILD_TYPE=Release >"$out/cmake.log" 2>&1 &&
    cmake --build "$out/app/build" >>"$out/cmake.log" 2>&1 && "$out/app/build/app" || { tail -n 20 "$out/cmake.log"; exit 1; }
)
with_pkg_config() {
  ${GXX:-g++} -std=c++20 -O1 $(PKG_CONFIG_PATH=$1/lib/pkgconfig pkg-config --cflags insitu) "$out/app/main.cpp" -o "$out/app/program" && "$out/app/program"
}
newer_is_refused() {
  sed 's/insitu 0.1/insitu 99.0/' "$out/app/CMakeLists.txt" >"$out/CMakeLists.txt" && cp "$out/app/main.cpp" "$out/" &&
    ! cmake -S "$out" -B "$out/refused" -DCMAKE_PREFIX_PATH="$1" >/dev/null 2>&1
}
holds 'make install into a prefix' ${MAKE:-make} install PREFIX="$out/prefix" DESTDIR=
holds 'make install with DESTDIR' ${MAKE:-make} install PREFIX=/usr DESTDIR="$out/staged"
holds 'DESTDIR and PREFIX hold the same files' diff -r "$out/prefix" "$out/staged/usr"
mv "$out/prefix" "$out/moved"
holds 'a program by pkg-config' with_pkg_config "$out/moved"
holds 'a program by CMake' with_cmake "$out/moved"
holds 'CMake refuses a newer version than the installed one' newer_is_refused "$out/moved"
readme=$(ports/desktop/check-readme.sh "$out/moved")
echo "$readme"
set -- $(echo "$readme" | sed -n 's/^RESULT //p')
echo "RESULT $((passed + $1)) $((failed + $2)) $3"
