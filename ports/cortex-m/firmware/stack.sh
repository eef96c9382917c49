#!/bin/sh
# stack.sh heading, or stack.sh PORT FOLDER LD_SCRIPT LEVELS COMPILER FLAGS...: the rows of one port in the table of `make stack`.
# Each cell is the worst case in bytes of a function of the C library with all it calls; an interrupt adds its frame (32 bytes, with an FPU 104).
set -eu
functions='predict train_step evaluate initialize copy_factory load save'
if [ "$1" = heading ]; then
  echo '| worst-case stack, bytes | level | network | predict | train_step | evaluate | initialize or copy_factory | load | save |'
  echo '|---|---|---|---|---|---|---|---|---|'
  exit
fi
port=$1 folder=$2 script=$3 levels=$4 compiler=$5
shift 5
here=$(dirname "$0")
for level in $levels; do
  for network in digits tuned; do
    case $network in
      digits) label='64-32-10' ;;
      tuned) label='the same, last layer trained' ;;
    esac
    out=$folder/$level
    "$here/../../c/lib.sh" "$here/networks/$network.h" "$network" "$out" "$compiler" "$@" "-$level" -fcallgraph-info=su,da
    "$here/link.sh" "$out/lib$network.a" "$out/$network.elf" "$script" "$compiler" "$@" "-$level"
    { arm-none-eabi-nm "$out/$network.elf"; arm-none-eabi-objdump -d --no-show-raw-insn "$out/$network.elf"; } >"$out/$network.lst"
    names=
    for f in $functions; do
      if grep -q " <${network}_$f>:" "$out/$network.lst"; then names="$names ${network}_$f"; fi
    done
    bytes=$(awk -v functions="$names" -f "$here/stack.awk" "$out/lib/$network/interface.ci" "$out/$network.lst")
    echo "| $port | -$level | $label | $(echo $bytes | sed 's/ / | /g') |"
  done
done
