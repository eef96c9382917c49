#!/bin/sh
# table.sh [-o FILE.json] COMMAND...: runs a program of main.cpp under QEMU and prints its benchmarks with their instructions, and those per multiply-add; for the sweep
# of square sizes also how many times more these are than at the next multiple of 16. FILE is in Google Benchmark's format, an instruction standing for a nanosecond,
# so that its compare.py works on it.
# Instructions come from a QEMU plugin; where that cannot be built, or with COUNTER=timer, from SysTick under -icount, right to within a few.
set -eu
here=$(dirname "$0")
json=
if [ "$1" = -o ]; then json=$2; shift 2; fi
mkdir -p build/plugin
names=build/plugin/names.$$
counts=build/plugin/table.$$
trap 'rm -f "$names" "$counts"' EXIT

# run.sh BOARD PROGRAM, then the words of the filter
run=$1 board=$2 program=$3
shift 3
counter=${COUNTER:-plugin}
if [ "$counter" = plugin ]; then
  status=0
  "$here/../count_instructions.sh" "$run" "$board" "$program" --plugin "$@" >"$counts" 2>"$names" || status=$?
  if [ "$status" = 3 ]; then
    { grep -v '^benchmark ' "$names" || true; echo 'no plugin: instructions by SysTick under -icount'; } >&2
    counter=timer
  elif [ "$status" != 0 ]; then cat "$names" >&2; exit 1; fi
fi
if [ "$counter" != plugin ]; then
  : >"$counts"
  if ! QEMU_OPTIONS='-icount shift=6' "$run" "$board" "$program" --icount "$@" >"$names" 2>&1; then cat "$names" >&2; exit 1; fi
fi

grep -v '^\(benchmark\|calibration\) ' "$names" >&2 || true
tr -d '\r' <"$names" | awk -v counts="$counts" -v counter="$counter" -v json="$json" -v program="$program" -v date="$(date +%Y-%m-%dT%H:%M:%S%z)" \
  -v host="$(uname -n)" -v cores="$(nproc 2>/dev/null || echo 1)" '
  BEGIN { k = n = 0; if (counter == "plugin") while ((getline line < counts) > 0) { split(line, f, " "); if (f[1] == "region" && f[2] % 2 == 1) region[n++] = f[3] } }
  $1 == "calibration" { rate = $2 / $3 }
  $1 == "benchmark" { reading = $NF; flops[k] = $(NF - 1); text = $0; sub(/^benchmark /, "", text); sub(/ [0-9]+ [0-9]+$/, "", text); name[k] = text
    if (counter != "plugin") region[n++] = int(reading * rate + 0.5)
    if (k < n && flops[k] > 0) { each[k] = region[k] / (flops[k] / 2); by_name[text] = each[k] }
    k++ }
  END { if (k != n) { print "counted " n " regions for " k " benchmarks" > "/dev/stderr"; exit 1 }
    printf "%-44s %14s %18s\n", "", "instructions", "a multiply-add"
    for (i = 0; i < k; ++i) {
      printf "%-44s %14d", name[i], region[i]; if (flops[i] > 0) printf " %18.3f", each[i]
      if (name[i] ~ /^sweep /) { at = name[i]; sub(/[0-9]+x[0-9]+$/, "", at); size = substr(name[i], length(at) + 1) + 0; size = int((size + 15) / 16) * 16
        next16 = by_name[at size "x" size]; if (next16 > 0) printf "   %.2f of %d", each[i] / next16, size }
      print "" }
    if (json == "") exit
    printf "{\n  \"context\": {\n    \"date\": \"%s\",\n    \"host_name\": \"%s\",\n    \"executable\": \"%s\",\n    \"num_cpus\": %d,\n    \"mhz_per_cpu\": 1000,\n    \"cpu_scaling_enabled\": false,\n    \"caches\": [],\n    \"load_avg\": [],\n    \"library_build_type\": \"release\",\n    \"unit\": \"real_time and cpu_time are executed instructions, not time: 1 ns stands for 1 instruction\",\n    \"counter\": \"%s\"\n  },\n  \"benchmarks\": [", date, host, program, cores, counter == "plugin" ? "QEMU plugin" : "SysTick under -icount" > json
    for (i = 0; i < k; ++i) {
      printf "%s\n    {\n      \"name\": \"%s\",\n      \"family_index\": %d,\n      \"per_family_instance_index\": 0,\n      \"run_name\": \"%s\",\n      \"run_type\": \"iteration\",\n      \"repetitions\": 1,\n      \"repetition_index\": 0,\n      \"threads\": 1,\n      \"iterations\": 1,\n      \"real_time\": %d,\n      \"cpu_time\": %d,\n      \"time_unit\": \"ns\"", i ? "," : "", name[i], i, name[i], region[i], region[i] > json
      if (flops[i] > 0) printf ",\n      \"instructions_per_multiply_add\": %.6f", each[i] > json
      printf "\n    }" > json }
    print "\n  ]\n}" > json }'
