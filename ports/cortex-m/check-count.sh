#!/bin/sh
# check-count.sh FOLDER BOARD LD_SCRIPT FLAGS...: the instruction counter is exact: 90 and 900 more rounds of four instructions are 360 and 3,600 more.
folder=$1 board=$2 script=$3
shift 3
mkdir -p "$folder"
here=ports/cortex-m
arm-none-eabi-g++ -std=c++20 "$@" -Os -nostartfiles --specs=nano.specs -T "$script" $here/counted/loop.cpp $here/startup.cpp -o "$folder/loop.elf" || exit 1
$here/count_instructions.sh $here/run.sh "$board" "$folder/loop.elf" | awk '
  { print } $1 == "region" { n[$2] = $3 }
  END { right = n[1] - n[0] == 360 && n[2] - n[1] == 3600; print "RESULT " right " " !right " 0 instructions are counted exactly" }'
