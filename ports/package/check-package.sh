#!/bin/sh
# check-package.sh VERSION: uses each folder of build/package/ outside the tree, with the tools that are to be had. What only a stand-in for the ecosystem's
# own tool has read is said so in README.md.
version=$1
sentence=$(ports/packages.sh cmake python3-yaml python3-kconfiglib git 2>&1) || { echo "RESULT 0 0 1 $sentence"; exit; }
packages=$PWD/build/package tree=$PWD
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
cxx=${GXX:-g++} cross=arm-none-eabi-g++
python=$([ -x /usr/bin/python3 ] && echo /usr/bin/python3 || echo python3) # where the system's packages are
passed=0 failed=0 skipped=0
# holds SENTENCE COMMAND...
holds() {
  sentence=$1
  shift
  if "$@" >"$out/log" 2>&1; then passed=$((passed + 1)); echo "ok: $sentence"; else failed=$((failed + 1)); echo "FAILED: $sentence"; tail -n 20 "$out/log"; fi
}
# crosses SENTENCE COMMAND...: the same where there is a compiler for Cortex-M
crosses() {
  if command -v $cross >/dev/null; then holds "$@"; else skipped=$((skipped + 1)); echo "skipped: $1: gcc-arm-none-eabi is not installed"; fi
}
unset MAKEFLAGS MAKELEVEL

# --- One header ---------------------------------------------------------------------------------------------------------------------------
cat >"$out/gate.cpp" <<'EOF'
#include <insitu/insitu.h>

#include <cstdio>

using namespace insitu;
using Model = Network<Dense<7, 19, Tanh>, Dense<19, 3, Softmax>>;
alignas(Alignment) static Parameters<Model> parameters;
alignas(Alignment) static Trainer<Model, CrossEntropy, Momentum, Batch<2>> trainer;
int main() {
  initialize(parameters, Glorot{}, Random{7});
  const Matrix<2, 7> x{{1, 2, 3, 4, 5, 6, 7, -1, 3, -2, 0, 1, 1, 0}};
  float loss = 0;
  for (int step = 0; step < 9; ++step) loss = trainer.step(parameters, x, Vector<2, int>{{0, 2}});
  std::printf("%a %08x\n", static_cast<double>(loss), static_cast<unsigned>(crc32c(reinterpret_cast<const unsigned char*>(&parameters), sizeof parameters)));
}
EOF
mkdir -p "$out/one/insitu"
cp "$packages/single-header/insitu.h" "$out/one/insitu/"
same_bits() {
  (cd "$out" && $cxx -std=c++20 -O2 -Wall -Wextra -Werror -Wno-uninitialized -Wno-maybe-uninitialized "$@" -Ione gate.cpp -o one.program &&
    $cxx -std=c++20 -O2 -w "$@" "-I$tree/build/include" gate.cpp -o tree.program && ./one.program >one.txt && ./tree.program >tree.txt && cmp one.txt tree.txt)
}
compiles() { (cd "$out" && $cross -std=c++20 -Os -Wall -Wextra -Werror "$@"); }
holds 'one header: the same bits as the tree'\''s' same_bits -march=native
holds 'one header: the same on one lane' same_bits -DINSITU_SCALAR
for cpu in '-mcpu=cortex-m0plus -mthumb' '-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16' '-mcpu=cortex-m55 -mthumb -mfloat-abi=hard'; do
  crosses "one header: compiles for ${cpu%% *}" compiles $cpu -fno-exceptions -Ione -c gate.cpp -o gate.o
done

# --- CMake ----------------------------------------------------------------------------------------------------------------------------------
mkdir -p "$out/app"
cp "$tree/ports/desktop/networks/xor.h" "$out/app/network.h"
cp "$out/gate.cpp" "$out/app/"
cat >"$out/app/main.c" <<'EOF'
#include "gate.h"
static gate_parameters parameters;
int main(void) {
  float outputs[GATE_OUTPUTS];
  const float inputs[GATE_INPUTS] = {0, 1};
  if (gate_initialize(&parameters, 7) != GATE_OK) return 1;
  return gate_predict(&parameters, inputs, outputs) != GATE_OK || !(outputs[0] > 0 && outputs[0] < 1);
}
EOF
cat >"$out/targets.cmake" <<'EOF'
insitu_add_network(gate network.h)
add_executable(in_c main.c)
target_link_libraries(in_c gate)
if(NOT CMAKE_CROSSCOMPILING)
  add_executable(in_cpp gate.cpp)
  target_link_libraries(in_cpp insitu::insitu)
endif()
EOF
# builds HOW FOLDER ARGUMENTS...: both programs with CMake, insitu by the line HOW
builds() {
  how=$1 folder=$out/build-$2
  shift 2
  { printf 'cmake_minimum_required(VERSION 3.18)\nproject(app C CXX)\n%s\n' "$how"; cat "$out/targets.cmake"; } >"$out/app/CMakeLists.txt"
  cmake -S "$out/app" -B "$folder" "$@" && cmake --build "$folder"
}
runs() { builds "$@" && "$out/build-$2/in_c" && "$out/build-$2/in_cpp" >"$out/cmake.txt" && cmp "$out/cmake.txt" "$out/tree.txt"; }
fetched="include(FetchContent)
FetchContent_Declare(insitu GIT_REPOSITORY file://$out/clone GIT_TAG main SOURCE_SUBDIR ports/package/cmake)
FetchContent_MakeAvailable(insitu)"
clone() { # the tree as it is here, with what is not committed
  mkdir "$out/clone" && cp -r kernels model ports "$out/clone/" && cd "$out/clone" && git init -q -b main && git add . &&
    git -c user.name=insitu -c user.email=insitu@localhost commit -q -m clone && cd "$tree"
}
cp -r "$packages/conan" "$out/prefix" # it holds what `make install` does
holds 'CMake: find_package, a program in C++ and the C library of a network' runs 'find_package(insitu REQUIRED)' found "-DCMAKE_PREFIX_PATH=$out/prefix"
holds 'a clone for FetchContent' clone
holds 'CMake: FetchContent from a clone, the same two programs' runs "$fetched" fetched
crosses 'CMake: the C library for a Cortex-M4F' builds 'find_package(insitu REQUIRED)' crossed "-DCMAKE_PREFIX_PATH=$out/prefix" -DCMAKE_SYSTEM_NAME=Generic \
  -DCMAKE_C_COMPILER=arm-none-eabi-gcc -DCMAKE_CXX_COMPILER=$cross '-DCMAKE_CXX_FLAGS=-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16' \
  '-DCMAKE_C_FLAGS=-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16' -DCMAKE_EXE_LINKER_FLAGS=--specs=rdimon.specs

# --- What takes a manifest ----------------------------------------------------------------------------------------------------------------
cat >"$out/Arduino.h" <<'EOF'
#include <cstdio>
struct {
  void begin(long) {}
  void print(const char* text) { std::printf("%s", text); }
  void println(const char* text) { std::printf("%s\n", text); }
  void print(int n) { std::printf("%d", n); }
  void print(double x, int digits) { std::printf("%.*f", digits, x); }
  void println(double x, int digits) { std::printf("%.*f\n", digits, x); }
} Serial;
EOF
cat >"$out/sketch.cpp" <<'EOF'
#include "Arduino.h"
#include SKETCH
int main() { setup(); loop(); }
EOF
# sketch FOLDER INCLUDE: the example as its core would compile it, run here; the four gates must be right
sketch() {
  cd "$out" && $cxx -std=gnu++20 -O1 -Wall -Wextra -Werror -I. "-I$packages/$1/$2" -DINSITU_SCALAR "-DSKETCH=\"$packages/$1/examples/ExclusiveOr/ExclusiveOr.ino\"" sketch.cpp -o sketch.program &&
    ./sketch.program | tee sketch.txt && awk '/xor/ { right += ($1 != $3) == ($5 > 0.5) } END { exit right != 4 }' sketch.txt
}
holds 'Arduino: the example learns the exclusive or' sketch arduino src
holds 'PlatformIO: the example learns the exclusive or' sketch platformio include
cd "$tree" || exit
crosses 'Arduino: the header compiles as gnu++20 for a Cortex-M0+' $cross -mcpu=cortex-m0plus -mthumb -std=gnu++20 -Os -fsyntax-only -x c++ "$packages/arduino/src/insitu.h" -w

# stands_in SCRIPT VARIABLES...: the CMake file of a package under functions that note what they were given
stands_in() {
  script=$1
  shift
  cat >"$out/stand-in.cmake" <<'EOF'
function(zephyr_include_directories folder)
  file(APPEND "${NOTES}" "include ${folder}\n")
endfunction()
function(zephyr_compile_definitions word)
  file(APPEND "${NOTES}" "define ${word}\n")
endfunction()
function(idf_component_register)
  cmake_parse_arguments(PARSE_ARGV 0 given "" "" "INCLUDE_DIRS")
  if(DEFINED given_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "${given_UNPARSED_ARGUMENTS}")
  endif()
  file(APPEND "${NOTES}" "include ${CMAKE_CURRENT_LIST_DIR}/${given_INCLUDE_DIRS}\n")
endfunction()
function(vcpkg_install_copyright list file)
  file(INSTALL "${file}" DESTINATION "${CURRENT_PACKAGES_DIR}/share/insitu" RENAME copyright)
endfunction()
include("${SCRIPT}")
EOF
  rm -f "$out/notes"
  cmake "-DSCRIPT=$script" "-DNOTES=$out/notes" "$@" -P "$out/stand-in.cmake"
}
# includes SCRIPT VARIABLES...: the folder that it gives to the build has the header
includes() { stands_in "$@" && cat "$out/notes" && [ -f "$(sed -n 's/^include //p' "$out/notes")/insitu/insitu.h" ]; }
one_lane() { includes "$packages/zephyr/zephyr/CMakeLists.txt" -DCONFIG_INSITU=y -DCONFIG_INSITU_SCALAR=y && grep -q '^define INSITU_SCALAR' "$out/notes"; }
left_out() { stands_in "$packages/zephyr/zephyr/CMakeLists.txt" && [ ! -e "$out/notes" ]; }
ported() { stands_in "$packages/vcpkg/portfile.cmake" "-DCURRENT_PACKAGES_DIR=$out/installed" && runs 'find_package(insitu REQUIRED)' ported "-DCMAKE_PREFIX_PATH=$out/installed"; }
holds 'Zephyr: CMakeLists.txt gives the header and one lane' one_lane
holds 'Zephyr: not chosen, nothing is added' left_out
holds 'ESP-IDF: CMakeLists.txt gives the header' includes "$packages/esp-idf/CMakeLists.txt"
holds 'vcpkg: the port installs what find_package finds and both programs use' ported

$python ports/package/check_manifests.py "$packages" "$version" >"$out/manifests"
cat "$out/manifests"
passed=$((passed + $(grep -c '^ok: ' "$out/manifests")))
failed=$((failed + $(grep -c '^FAILED: ' "$out/manifests")))
grep -q '^ok: ' "$out/manifests" || { echo 'FAILED: the manifests were not read'; failed=$((failed + 1)); }
echo "RESULT $passed $failed $skipped"
