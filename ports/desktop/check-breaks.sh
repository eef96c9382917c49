#!/bin/sh
# check-breaks.sh [NAME...]: puts one mistake after the other into copies of the tree (build/breaks/<name>) and checks that it is found: a broken order of
# operations by the comparison of bits, a broken gradient by the tests, a malloc by the link. The tree as it is must pass each of them.
# With names: only these breaks. MAKE, GXX from the environment. Fails when one is not found.
set -u
here=$(pwd)
make=${MAKE:-make}
reference=build/desktop/gcc-scalar
passed=0 failed=0 skipped=0 only=" $* "

good() { passed=$((passed + 1)); echo "$1"; }
bad() { failed=$((failed + 1)); echo "$1"; shift; [ $# = 0 ] || tail -n 20 "$1"; }
skip() { skipped=$((skipped + 1)); echo "$1"; }
wanted() { [ "$only" = '  ' ] || case "$only" in *" $1 "*) ;; *) return 1 ;; esac; }

# copy NAME: the tree once more, in $tree
copy() {
  tree=$here/build/breaks/$1
  rm -rf "$tree"
  mkdir -p "$tree/build"
  cp -r Makefile kernels model tests ports bench "$tree/"
  [ ! -e build/packages ] || cp -r build/packages "$tree/build/"
}
# replace FILE FROM TO: in the copy, the first line that has FROM; fails where there is none, or nothing changes
replace() {
  FROM=$2 TO=$3 awk '
    !done && (at = index($0, ENVIRON["FROM"])) { $0 = substr($0, 1, at - 1) ENVIRON["TO"] substr($0, at + length(ENVIRON["FROM"])); done = 1 }
    { print } END { exit !done }' "$1" >"$tree/$1" && ! cmp -s "$1" "$tree/$1" || { bad "$name: $1 has no line with: $2"; return 1; }
}
# sound PORT VARIANT: the tree as it is gives the reference's bits there (built once); else the break is not tried
sound() {
  [ -s "$reference/bits.txt" ] || $make -s PORT=desktop "$reference/bits.txt" >build/breaks/log 2>&1 || { bad "$name: the reference does not build" build/breaks/log; return 1; }
  $make -s "PORT=$1" "build/$1/$2/bits.txt" >build/breaks/log 2>&1 || { bad "$name: $1/$2 does not build" build/breaks/log; return 1; }
  tr -d '\r' <"build/$1/$2/bits.txt" | cmp -s "$reference/bits.txt" - || { bad "$name: $1/$2 differs without any break"; return 1; }
}
# bits NAME PORT VARIANT PACKAGES: that variant of the broken copy must differ from the reference
bits() {
  name=$1
  mkdir -p "$tree/build/desktop"
  cp -r "$reference" "$tree/build/desktop/"
  (cd "$tree" && $make -s "PORT=$2" "build/$2/$3/bits.txt") >build/breaks/log 2>&1 || { bad "$name: the broken copy does not build or run" build/breaks/log; return; }
  if (cd "$tree" && ports/bits.sh "$reference/bits.txt" "$2") >"$tree/table"; then bad "$name: NOT found by the bits of $2/$3"; else
    good "$name: found on $2/$3:$(sed -n 's/^ *differs first//p' "$tree/table" | head -n 1)"
  fi
}
# begin NAME PORT VARIANT: whether this break is to be tried; then it has its copy
begin() {
  name=$1
  wanted "$name" && sound "$2" "$3" && copy "$name"
}
packages() {
  sentence=$(ports/packages.sh "$@" 2>&1) || { ! wanted "$name" || skip "$name: skipped: $(echo "$sentence" | tail -n 1)"; return 1; }
}
arm='gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib qemu-system-arm doctest-dev'
mkdir -p build/breaks

# --- The order of operations -------------------------------------------------------------------------------------------------------------
begin unfused desktop gcc-scalar-Os &&
  replace kernels/gemv.h 'acc[p][n] = fma(xi, weight(i, n), acc[p][n]);' 'acc[p][n] = xi * weight(i, n) + acc[p][n];' &&
  bits unfused desktop gcc-scalar-Os
begin lane-count desktop gcc-scalar-Os && replace kernels/order.h 'return out >= 2 ? 4 : 16;' 'return out >= 2 ? Vec::lanes : 16;' && bits lane-count desktop gcc-scalar-Os
begin libm-exp desktop gcc-scalar-Os && replace kernels/math.h 'return exp_up_to(x, 88.72283f);' 'return V(__builtin_expf(x.value));' &&
  bits libm-exp desktop gcc-scalar-Os

name=xsimd-division
if packages g++-aarch64-linux-gnu qemu-user doctest-dev libxsimd-dev; then
  major=$(echo '#include <xsimd/xsimd.hpp>
    XSIMD_VERSION_MAJOR' | ${GXX:-g++} -std=c++20 -E -x c++ - | tail -n 1)
  if [ "$major" -gt 8 ]; then ! wanted $name || skip "$name: skipped: xsimd $major divides rightly on AArch64, 8.1 does not"; else
    begin $name linux-aarch64 neon && replace kernels/vec/xsimd.h 'return Batch(vdivq_f32(a.value, b.value));' 'return a.value / b.value;' &&
      bits $name linux-aarch64 neon
  fi
fi

name=helium-vld1q
if packages $arm; then
  begin $name cortex-m55 helium-O3-contract &&
    replace kernels/vec/helium.h 'return static_cast<float32x4_t>(*reinterpret_cast<const InMemory*>(p));' 'return vld1q_f32(p);' &&
    bits $name cortex-m55 helium-O3-contract
  name=deltas-not-cut
  begin $name cortex-m55 helium-O3-contract &&
    replace kernels/order.h 'return select(abs(dz) < V::broadcast(0x1p-90f), V::broadcast(0.0f), dz);' 'return dz;' &&
    bits $name cortex-m55 helium-O3-contract

  # --- The heap --------------------------------------------------------------------------------------------------------------------------
  # link: the firmware library of the copy, and the proof
  firmware() {
    (cd "$tree" && $make -s PORT=cortex-m4f NETWORK=ports/cortex-m/firmware/networks/gate.h build/cortex-m4f/linker.ld lib &&
      ports/cortex-m/firmware/link.sh build/cortex-m4f/libgate.a build/cortex-m4f/gate.elf build/cortex-m4f/linker.ld arm-none-eabi-g++ \
        -mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16) >"$tree/log" 2>&1
  }
  name=malloc
  if wanted $name; then
    copy $name
    if ! firmware; then bad "$name: the firmware does not link without any break" "$tree/log"; else
      replace model/trainer.h 'namespace insitu {' 'extern "C" void* malloc(unsigned); namespace insitu { inline void* pointer;' && cp "$tree/model/trainer.h" "$tree/trainer.h" &&
        sed 's/unclipped(optimizer).begin_step();/pointer = malloc(16); &/' "$tree/trainer.h" >"$tree/model/trainer.h" &&
        if firmware; then bad "$name: NOT found by the link"; elif grep -q "in function .*step" "$tree/log" && grep -q '__wrap_malloc' "$tree/log"; then
          good "$name: found:$(sed -n 's/.*\(in function [^:]*step[^:]*\).*/ \1/p' "$tree/log" | head -n 1): $(grep -o 'undefined reference.*malloc.' "$tree/log" | head -n 1)"
        else bad "$name: the link fails for another reason" "$tree/log"; fi
    fi
  fi
fi

# --- The bugs this library was made against: each must make a test fail ------------------------------------------------------------------
suite() {
  (cd "$tree" && $make -s build/include/insitu/insitu.h && ${GXX:-g++} -std=c++20 -O1 -ffp-contract=off -I. -Ibuild/include -DINSITU_SCALAR tests/golden/xor.cpp \
    tests/model/loss.cpp "$here/build/breaks/main.o" -o suite) >"$tree/log" 2>&1 || { bad "$name: does not compile" "$tree/log"; return 2; }
  (cd "$tree" && ./suite) >"$tree/log" 2>&1
}
tests() {
  suite
  case $? in
    0) bad "$name: NOT found by the tests" ;;
    1) good "$name: found by$(grep -c '^TEST CASE' "$tree/log" | sed 's/.*/ & failures of assertions, first in/') \"$(sed -n 's/^TEST CASE: *//p' "$tree/log" | head -n 1)\"" ;;
    2) ;;  # said already
    *) bad "$name: the tests end with another status" "$tree/log" ;;
  esac
}
name=none
if [ ! -e build/breaks/main.o ]; then ${GXX:-g++} -std=c++20 -O1 -I. -c tests/main.cpp -o build/breaks/main.o || exit 1; fi
bug() { # NAME FILE FROM TO
  name=$1
  wanted "$name" || return
  if [ -z "${whole:-}" ]; then
    copy none
    name=none
    suite || { bad 'the tests fail without any break' "$tree/log"; return; }
    name=$1 whole=yes
  fi
  copy "$name"
  replace "$2" "$3" "$4" && tests
}
bug mean-missing model/loss.h 'dz = Act::backward(a, mean(loss.slope(a, t), V::broadcast(terms.value)));' 'dz = Act::backward(a, loss.slope(a, t));'
bug sum-for-mean model/loss.h 'return sum / terms;' 'return sum;'
bug derivative-of-z kernels/activation.h 'return da * (a * (V::broadcast(1.0f) - a));' 'return da * (forward(a) * (V::broadcast(1.0f) - forward(a)));'
bug bias-not-updated model/sinks.h 'add_rows(-optimizer.learning_rate, dz, get<I>(trained).bias, rows);' 'static_cast<void>(dz), static_cast<void>(rows);'
rm -f build/breaks/log
echo "$passed found, $failed not found, $skipped not tried"
[ "$((passed + failed + skipped))" != 0 ] || { echo "there is no break called:$only"; exit 1; }
[ "$failed" = 0 ]
