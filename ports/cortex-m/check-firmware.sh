#!/bin/sh
# check-firmware.sh FOLDER BOARD LD_SCRIPT COMPILER FLAGS...: the C library on one port, desktop (BOARD native) or a Cortex-M. Ends with the line that
# record.sh reads. FOLDER takes what is built. PACKAGES are what
# it needs. Checked:
#   libraries of four networks whose linked firmware has no heap, exceptions, unwinder, static constructors, stdio, doubles, 64-bit division, libm;
#   only their own names visible; headers without warnings as C99 and C++; all four in one image, trained to the same bits as everywhere; the worst-case
#   stack; the small programs of `make size`, run; the example, taken home; and on one port that each proof does find what it forbids.
set -u
folder=$1 board=$2 script=$3 compiler=$4
shift 4
here=ports/cortex-m
passed=0 failed=0
networks='digits gate tuned everything'
cross=$(printf %s "$compiler" | sed -n 's/^\(.*-\)*\(g++\|gcc\|clang++\|c++\).*/\1/p')
cpu=
for flag in "$@"; do case $flag in -mcpu=* | -mthumb | -mfloat-abi=* | -mfpu=*) cpu="$cpu $flag" ;; esac; done
strict='-Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wdouble-promotion -Werror'
mkdir -p "$folder"
sentence=$(ports/packages.sh ${PACKAGES:-} 2>&1) || { echo "RESULT 0 0 1 $(echo "$sentence" | tail -n 1)"; exit; }

# check SENTENCE COMMAND...
check() {
  sentence=$1
  shift
  if "$@" >"$folder/check.log" 2>&1; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    echo "FAILED: $sentence"
    tail -n 20 "$folder/check.log"
  fi
}
# refuses WORD COMMAND...: the command fails, and says WORD
refuses() {
  word=$1
  shift
  if "$@" >"$folder/refused.log" 2>&1; then echo 'it did not fail'; return 1; fi
  grep -q "$word" "$folder/refused.log" || { echo "it failed without a word of $word:"; cat "$folder/refused.log"; return 1; }
}
run() { if [ "$board" = native ]; then "$@"; else $here/run.sh "$board" "$@"; fi; }
finish() { echo "RESULT $passed $failed 0 ${1:-}"; exit; }

lib() {
  scalar=
  if [ "$board" = native ] && [ "$1" != digits ]; then scalar=-DINSITU_SCALAR; fi # a quarter of the time to compile
  ports/c/lib.sh "$here/firmware/networks/$1.h" "$1" "$2" "$compiler" $flags $scalar
}
own_names() { ! "${cross}nm" -g --defined-only "$folder/lib$1.a" | awk -v n="$1_" 'NF == 3 && index($3, n) != 1 { print; bad = 1 } END { exit !bad }'; }
no_special_sections() {
  ! "${cross}objdump" -h "$folder/lib$1.a" | awk '$2 ~ /^\.(init_array|ctors|preinit_array|fini_array|dtors|ARM\.extab|eh_frame|gcc_except|data)/ && $3 !~ /^0+$/ { print; bad = 1 }
    END { exit !bad }'
}

flags="$* -Os -Werror"
[ "$board" != native ] || flags="$* -O2 -Werror"
for network in $networks; do
  check "the library of $network is built" lib $network "$folder"
  check "of lib$network.a only ${network}_... is visible" own_names $network
  if [ "$board" != native ]; then
    check "lib$network.a has no constructors, tables of the unwinder or initialised data" no_special_sections $network
    check "lib$network.a links without heap, unwinder, stdio, libm and the like" $here/firmware/link.sh "$folder/lib$network.a" "$folder/$network.elf" "$script" "$compiler" $flags
  fi
done

image() { # LANGUAGE-FLAGS OUT
  if [ "$board" = native ]; then
    "$compiler" $1 $strict -I"$folder" tests/firmware/library.c -L"$folder" -ldigits -lgate -ltuned -leverything -o "$2"
  else
    arm-none-eabi-gcc $cpu -std=c99 -Os -c $here/example/startup.c -o "$folder/startup.o" &&
      arm-none-eabi-gcc $cpu $1 $strict -Os -ffunction-sections -I"$folder" -c tests/firmware/library.c -o "$2.o" &&
      arm-none-eabi-gcc $cpu -nostartfiles --specs=nano.specs -Wl,--gc-sections -T "$script" "$2.o" "$folder/startup.o" -L"$folder" -ldigits -lgate -ltuned \
        -leverything -o "$2"
  fi
}
same_bits() {
  run "$folder/library" >"$folder/library.log" 2>&1 || { cat "$folder/library.log"; return 1; }
  grep '^bits ' "$folder/library.log" >"$folder/library.bits"
  cat "$folder/library.log"
  [ -s "$folder/library.bits" ] && diff "$folder/library.bits" build/desktop/library/library.bits
}
header_in() { # LANGUAGE-FLAGS
  { for n in $networks $networks; do echo "#include \"$n.h\""; done; echo 'extern int nothing;'; } | "$compiler" $cpu $1 -pedantic $strict -I"$folder" -fsyntax-only -
}
check 'four networks in one image, C99' image '-x c -std=c99' "$folder/library"
check 'they do what they say, and train to the same bits as everywhere' same_bits
for language in 'c -std=c99' 'c -std=c11' 'c++ -std=c++11 -Wno-variadic-macros' 'c++ -std=c++20'; do check "the headers as $language" header_in "-x $language"; done
if [ "$board" = native ]; then finish; fi

stack_is_bounded() { $here/firmware/stack.sh port "$folder/stack" "$script" Os "$compiler" "$@"; }
check 'the stack of the library is bounded and known' stack_is_bounded "$@"
# what is measured is no more than what was computed, and not far from it: predict train_step evaluate initialize load save
stack_is_right() {
  set -- $($here/firmware/stack.sh port "$folder/stack" "$script" Os "$compiler" "$@" | grep 64-32-10 | head -n 1 | cut -d'|' -f5- | tr -d '|')
  arm-none-eabi-gcc $cpu -std=c99 $strict -Os -I"$folder/stack/Os" -c tests/firmware/stack.c -o "$folder/stack.o" &&
    arm-none-eabi-gcc $cpu -nostartfiles --specs=nano.specs -Wl,--gc-sections -T "$script" "$folder/stack.o" "$folder/startup.o" -L"$folder/stack/Os" -ldigits \
      -o "$folder/stack.elf" && run "$folder/stack.elf" >"$folder/stack.log" 2>&1 || { cat "$folder/stack.log"; return 1; }
  for function in predict train_step evaluate initialize load save; do
    measured=$(sed -n "s/stack $function //p" "$folder/stack.log" | tr -d '\r')
    echo "$function: computed $1, measured $measured"
    [ "$measured" -le "$1" ] && [ "$measured" -ge $(($1 * 2 / 3)) ] || return 1
    shift
  done
}
check 'the computed stack bounds the measured one' stack_is_right "$@"
for program in xor_train xor_train_random; do check "$program learns" run "$folder/../firmware/Os/$program.elf"; done

# --- Once: the example, and what the proofs must find ------------------------------------------------------------------------------------
case " $* " in *" -mcpu=cortex-m4 "*) ;; *) finish ;; esac

home=$(mktemp -d) # outside the tree
trap 'rm -rf "$home"' EXIT
example() {
  ports/c/lib.sh ports/desktop/networks/xor.h gate "$home/library" "$compiler" $flags && cp -r $here/example "$home/example" &&
    MAKEFLAGS= make -C "$home/example" INSITU="$home/library" && MAKEFLAGS= make -C "$home/example" INSITU="$home/library" run >"$home/out" 2>&1 || return 1
  cat "$home/out"
  grep -q 'damaged record: expected an undamaged record' "$home/out" && grep -q 'after loading: 0' "$home/out"
}
check 'the example builds outside the tree with the library alone, and runs' example

demo() { ${MAKE:-make} -s demo PORT=cortex-m4f SEED=1 TUNE=biases SAMPLES=32 DATA= && ${MAKE:-make} -s demo PORT=cortex-m4f SEED=1 TUNE=last SAMPLES=32 DATA=; }
check 'the demo: tuned on the device to the same bits as here, better than a random start' demo

# spoilt STATEMENT BEFORE WHOM: a copy of the library with STATEMENT in Trainer::step (before its optimizer's begin_step) does not link, and the linker names WHOM and the caller
spoilt() {
  root=$home/spoilt
  rm -rf "$root"
  mkdir -p "$root"
  cp -r kernels model "$root/"
  awk -v statement="$1" -v before="$2" '
    !declared && /^namespace insitu/ { print before; declared = 1 }
    { print }
    /begin_step\(\);/ && !put { print statement; put = 1 }
    END { exit !put || !declared }' model/trainer.h >"$root/model/trainer.h" || { echo 'nothing was put in'; return 1; }
  mkdir -p "$root/include/insitu"
  ln -s "$root/kernels" "$root/model" "$root/include/insitu/"
  printf '%s\n' '#pragma once' '#include "model/insitu.h"' >"$root/include/insitu/insitu.h"
  ports/c/lib.sh $here/firmware/networks/gate.h gate "$root" "$compiler" -I"$root/include" $(echo "$flags" | sed 's/-Werror//; s/-Wdouble-promotion//') || return 1
  refuses "__wrap_$3" $here/firmware/link.sh "$root/libgate.a" "$root/gate.elf" "$script" "$compiler" $flags || return 1
  grep -q 'in function .gate_train_step\|in function .*step' "$folder/refused.log" || { echo 'the caller is not named:'; cat "$folder/refused.log"; return 1; }
  grep "__wrap_$3" "$folder/refused.log"
  ALLOW_ALL=yes $here/firmware/link.sh "$root/libgate.a" "$root/gate.elf" "$script" "$compiler" $flags
}
check 'malloc in the trainer is found' spoilt '    pointer = malloc(16);' 'extern "C" void* malloc(unsigned); inline void* pointer;' malloc
check 'new in the trainer is found' spoilt '    pointer = new int[3];' 'inline int* pointer;' _Znaj
check 'printf in the trainer is found' spoilt '    puts("step");' 'extern "C" int puts(const char*);' puts
check 'expf in the trainer is found' spoilt '    number = expf(number);' 'extern "C" float expf(float); inline float number;' expf
check 'a double in the trainer is found' spoilt '    number = number * 3.0;' 'inline double number;' __aeabi_dmul
check '64-bit division in the trainer is found' spoilt '    number = number / divisor;' 'inline unsigned long long number, divisor = 3;' __aeabi_uldivmod
constructor() {
  spoilt '    number = number + 1;' 'int first(); inline int number = first(); int first() { return *reinterpret_cast<volatile int*>(16); }' nothing >/dev/null 2>&1
  cp "$root/libgate.a" "$folder/libspoilt.a"
  ! no_special_sections spoilt
}
check 'a static constructor in the trainer is found' constructor
finish "bits of digits $(sed -n 's/bits digits //p' "$folder/library.bits")"
