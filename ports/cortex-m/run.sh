#!/bin/sh
# run.sh BOARD PROGRAM [ARGUMENT...]: runs a firmware under QEMU; output, files (relative to this folder) and the exit status by semihosting.
# QEMU_OPTIONS: more options, such as a plugin.
board=$1 program=$2
shift 2
arguments=arg=$(basename "$program")
for argument in "$@"; do arguments="$arguments,arg=$argument"; done
exec qemu-system-arm -M "$board" -nographic -monitor none -serial none ${QEMU_OPTIONS:-} \
  -semihosting-config "enable=on,target=native,$arguments" -kernel "$program" </dev/null
