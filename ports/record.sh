#!/bin/sh
# record.sh NAME COMMAND...: runs one part of `make test`. Its last line `RESULT passed failed skipped note` is kept, with the seconds it
# took, in build/results/ for summary.sh; its output in a log beside it, shown when something failed. Never fails itself.
name=$1
shift
mkdir -p build/results
file=build/results/$(echo "$name" | tr / .)
start=$(date +%s)
"$@" >"$file.log" 2>&1 </dev/null
status=$?
result=$(sed -n 's/^RESULT //p' "$file.log" | tail -n 1)
[ -n "$result" ] || result="0 1 0 ended with status $status and no result"
read -r passed failed skipped note <<EOF
$result
EOF
seconds=$(($(date +%s) - start))
echo "$name|$passed|$failed|$skipped|$seconds|$note" >"$file.result"
if [ "$failed" != 0 ]; then
  printf -- '--- %s: %s passed, %s FAILED, %s\n' "$name" "$passed" "$failed" "$note"
  grep -v '^RESULT ' "$file.log" | tail -n 60
  printf -- '--- end of %s (all of it: %s)\n' "$name" "$file.log"
elif [ "$passed" = 0 ]; then echo "$name: skipped: $note"
else echo "$name: $passed passed${note:+, $note} (${seconds} s)"; fi
