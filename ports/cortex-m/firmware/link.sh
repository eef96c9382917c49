#!/bin/sh
# link.sh LIBRARY OUT LD_SCRIPT COMPILER FLAGS...: links every C function of LIBRARY into a firmware OUT, where none of what a firmware must not have
# is defined: heap, exceptions and their unwinder, static constructors and destructors, standard input and output, double precision, 64-bit division, libm.
# The linker then fails and names the function that wants it. (--wrap=f makes of every call of f one of __wrap_f, and there is none.)
set -eu
library=$1 out=$2 script=$3 compiler=$4
shift 4
here=$(dirname "$0")
heap='malloc free calloc realloc _malloc_r _free_r _calloc_r _realloc_r _sbrk _sbrk_r _Znwj _Znaj _ZnwjSt11align_val_t _ZnajSt11align_val_t
  _ZdlPv _ZdlPvj _ZdaPv _ZdaPvj'
unwinder='__cxa_throw __cxa_rethrow __cxa_begin_catch __cxa_end_cleanup _Unwind_RaiseException _Unwind_Resume __gxx_personality_v0 __aeabi_unwind_cpp_pr0
  __aeabi_unwind_cpp_pr1 _ZSt9terminatev abort'
statics='__cxa_atexit atexit __cxa_guard_acquire __cxa_guard_release __cxa_pure_virtual __dso_handle'
stdio='printf fprintf sprintf snprintf vsnprintf puts putchar fputs fwrite fopen fread _write _read _impure_ptr __errno __assert_func'
doubles='__aeabi_dadd __aeabi_dsub __aeabi_drsub __aeabi_dmul __aeabi_ddiv __aeabi_f2d __aeabi_d2f __aeabi_i2d __aeabi_d2iz __aeabi_ui2d __aeabi_l2d'
division='__aeabi_ldivmod __aeabi_uldivmod __divdi3 __udivdi3'
libm='expf exp logf log log1pf tanhf tanh sqrtf sqrt fmaf fma powf pow sinf cosf cos fabsf fmaxf fminf floorf roundf ldexpf fmodf'
wraps=
for symbol in $heap $unwinder $statics $stdio $doubles $division $libm; do wraps="$wraps -Wl,--wrap=$symbol"; done
[ -z "${ALLOW_ALL:-}" ] || wraps=

parts=$out.parts
mkdir -p "$parts"
c="-std=c99 -fno-unwind-tables -fno-asynchronous-unwind-tables -ffunction-sections"
cpu=
for flag in "$@"; do case $flag in -mcpu=* | -mthumb | -mfloat-abi=* | -mfpu=*) cpu="$cpu $flag" ;; esac; done
arm-none-eabi-gcc $cpu $c -Os -c "$here/../example/startup.c" -o "$parts/startup.o"
echo 'int main(void); int main(void) { return 0; }' | arm-none-eabi-gcc $cpu $c -Os -x c -c - -o "$parts/main.o"
keep=
for symbol in $(arm-none-eabi-nm -g --defined-only "$library" | awk 'NF == 3 { print $3 }'); do keep="$keep -Wl,--undefined=$symbol"; done
arm-none-eabi-g++ $cpu -nostartfiles --specs=nano.specs --specs=nosys.specs -Wl,--gc-sections -T "$script" "$parts/startup.o" "$parts/main.o" $keep $wraps \
  "$library" -o "$out"
