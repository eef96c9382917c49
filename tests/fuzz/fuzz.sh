#!/bin/sh
# fuzz.sh SECONDS READER...: fuzzes each for so long, beginning with the files of corpus/ and what earlier runs have found (build/fuzz/corpus). Fails where one
# finds something, and leaves the input in build/fuzz.
seconds=$1
shift
status=0
for reader in "$@"; do
  found=build/fuzz/corpus/$reader
  mkdir -p "$found"
  [ -n "$(ls tests/fuzz/corpus/$reader 2>/dev/null)" ] || { echo "$reader: tests/fuzz/corpus/$reader has no sample file" >&2; status=1; continue; }
  if INSITU_READER=$reader build/fuzz/fuzz -max_total_time="$seconds" -max_len=16384 -timeout=10 -malloc_limit_mb=64 -rss_limit_mb=2048 \
    -print_final_stats=1 -artifact_prefix="build/fuzz/$reader-" "$found" "tests/fuzz/corpus/$reader" >"build/fuzz/$reader.log" 2>&1; then
    echo "$reader: $(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$reader.log") inputs in $seconds s, nothing found; $(ls "$found" | wc -l) kept"
  else
    status=1
    echo "$reader: FOUND, see build/fuzz/$reader.log"
    tail -n 30 "build/fuzz/$reader.log"
  fi
done
exit $status
