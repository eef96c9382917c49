#!/bin/sh
# table.sh COMMAND...: runs a program of main.cpp under QEMU and prints its benchmarks with their instructions, and those per multiply-add.
set -eu
mkdir -p build/plugin
names=build/plugin/names.$$
counts=build/plugin/table.$$
trap 'rm -f "$names" "$counts"' EXIT
if ! "$(dirname "$0")/../count_instructions.sh" "$@" >"$counts" 2>"$names"; then cat "$names" >&2; exit 1; fi
grep -v '^benchmark ' "$names" >&2 || true
tr -d '\r' <"$names" | awk -v counts="$counts" '
  BEGIN { k = 0; while ((getline line < counts) > 0) { split(line, f, " "); if (f[1] == "region") region[n++] = f[3]
          } printf "%-44s %14s %18s\n", "", "instructions", "a multiply-add" }
  $1 == "benchmark" { flops = $NF; name = $0; sub(/^benchmark /, "", name); sub(/ [0-9]+$/, "", name)
    printf "%-44s %14d", name, region[k]; if (flops > 0) printf " %18.3f", region[k] / (flops / 2); print ""; k++ }
  END { if (k != n) { print "counted " n " regions for " k " benchmarks" > "/dev/stderr"; exit 1 } }'
