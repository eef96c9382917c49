#!/bin/sh
# demo.sh PORT BOARD LD_SCRIPT TUNE SAMPLES SEED DATA FLAGS...: the fine-tuning demo on one Cortex-M. Environment: GXX, DESKTOP_FLAGS.
set -eu
port=$1 board=$2 script=$3 tune=$4 samples=$5 seed=$6 data=$7
shift 7
here=ports/cortex-m/demo
case $tune in biases | last | all) ;; *) echo "TUNE=$tune: it is one of biases, last and all" >&2; exit 2 ;; esac
folder=build/demo/$seed$(printf %s "$data" | cksum | cut -d' ' -f1)
out=build/$port/demo
mkdir -p "$folder" "$out"
choice="-DTUNE_$tune -DSAMPLES=$samples"

$GXX $DESKTOP_FLAGS "$here/factory.cpp" -o "$folder/factory"
"$folder/factory" "$seed" "$folder" $data
arm-none-eabi-g++ "$@" $choice -I"$folder" "-DDRIFTED=\"$folder/drifted.bin\"" -c "$here/device.cpp" -o "$out/device.o"
cpu=
for flag in "$@"; do case $flag in -mcpu=* | -mthumb | -mfloat-abi=* | -mfpu=*) cpu="$cpu $flag" ;; esac; done
for source in ports/cortex-m/example/startup.c ports/cortex-m/firmware/memory.c; do
  arm-none-eabi-gcc $cpu -Os -std=c99 -fno-tree-loop-distribute-patterns -fno-unwind-tables -ffunction-sections -c $source -o "$out/$(basename $source .c).o"
done
arm-none-eabi-g++ $cpu -nostdlib -Wl,--gc-sections -T "$script" "$out/device.o" "$out/startup.o" "$out/memory.o" -lgcc -o "$out/device.elf"
echo "$port: $(arm-none-eabi-size "$out/device.elf" | awk 'NR == 2 { print $1 + $2 }') bytes of flash, 9640 of them weights; tuned: $tune, $samples samples"
ports/cortex-m/run.sh "$board" "$out/device.elf" >"$out/report" 2>&1 || { cat "$out/report"; exit 1; }
cat "$out/report"
ports/cortex-m/count_instructions.sh ports/cortex-m/run.sh "$board" "$out/device.elf" count 2>/dev/null |
  awk '$1 == "region" { total += $3; ++count } END { if (count) printf "%d instructions for one step of training\n", total / count }'
$GXX $DESKTOP_FLAGS $choice -I"$folder" "$here/desktop.cpp" -o "$out/desktop"
"$out/desktop" "$folder/drifted.bin" "$folder/sound.bin" "$(sed -n 's/CRC of the trained parameters: //p' "$out/report" | tr -d '\r')"
