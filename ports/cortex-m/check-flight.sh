#!/bin/sh
# check-flight.sh FOLDER BOARD LD_SCRIPT FLAGS...: a training that fails on the device, its record written by semihosting, is replayed on the desktop to the same
# bits; a damaged record is refused. Environment: GXX.
folder=$1 board=$2 script=$3
shift 3
mkdir -p "$folder"
here=ports/cortex-m
${GXX:-g++} -std=c++20 -O2 -ffp-contract=off -I. $here/flight/replay.cpp -o "$folder/replay" || exit 1
arm-none-eabi-g++ -std=c++20 -I. "$@" -Os -ffp-contract=off --specs=nano.specs --specs=rdimon.specs -nostartfiles -T "$script" $here/flight/record.cpp \
  $here/startup.cpp -o "$folder/record.elf" || exit 1
rm -f "$folder/flight.insitu"
$here/run.sh "$board" "$folder/record.elf" "$folder/flight.insitu" || exit 1
same=0 refused=0
"$folder/replay" "$folder/flight.insitu" && same=1
# a byte of the first weight
cp "$folder/flight.insitu" "$folder/damaged.insitu"
printf '\377' | dd of="$folder/damaged.insitu" bs=1 seek=33 conv=notrunc 2>/dev/null
"$folder/replay" "$folder/damaged.insitu" || refused=1
failed=$((2 - same - refused))
echo "RESULT $((same + refused)) $failed 0 a recorded failure replays on the desktop to the same bits"
[ "$failed" = 0 ]
