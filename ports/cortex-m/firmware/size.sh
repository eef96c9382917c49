#!/bin/sh
# size.sh heading, or size.sh PORT FOLDER LEVELS PROGRAM...: the rows of one port in the table of `make size`, from FOLDER/LEVEL/PROGRAM.elf.
# Each cell is text / data / bss in bytes: code, vectors, start-up, constants and the weights that stay in flash; nothing else is linked.
if [ "$1" = heading ]; then
  echo '| text / data / bss, bytes | level | 2-3-1 inference | 2-3-1 training | the same, random start | 64-32-10 inference | 64-32-10, last layer trained |'
  echo '|---|---|---|---|---|---|---|'
  exit
fi
port=$1 folder=$2 levels=$3
shift 3
for level in $levels; do
  row="| $port | -$level |"
  for program in "$@"; do
    row="$row $(arm-none-eabi-size "$folder/$level/$program.elf" | awk 'NR == 2 { print $1 " / " $2 " / " $3 }') |"
  done
  echo "$row"
done
