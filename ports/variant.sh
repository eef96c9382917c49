#!/bin/sh
# variant.sh PORT VARIANT PROGRAMS SKIP PACKAGES RUN: builds the doctest suite and the bits program of one variant and runs them, as RUN says
# (QEMU, say). SKIP is the reason why this machine cannot run it; it is then built all the same, as far as the packages allow, unless PROGRAMS is empty.
# Ends with the line that record.sh reads.
port=$1 variant=$2 programs=$3 skip=$4 packages=$5 run=$6
build=build/$port/$variant
sentence=$(ports/packages.sh $packages 2>&1) || { echo "RESULT 0 0 1 $(echo "$sentence" | tail -n 1)"; exit; }

[ "$programs" ] || { echo "RESULT 0 0 1 $skip"; exit; }
[ -z "$skip" ] || programs=${programs##* } # the smaller one shows that it builds
mkdir -p "$build"
if ! ${MAKE:-make} -k "PORT=$port" $programs >"$build/build.log" 2>&1; then
  rm -f "$build/bits.txt"
  grep -E 'error:|undefined reference|overflowed|No rule' "$build/build.log" | head -n 40
  echo "all of it: $build/build.log"
  echo "RESULT 0 1 0 does not build"
  exit
fi
[ -z "$skip" ] || { echo "RESULT 0 0 1 builds, but was not run: $skip"; exit; }

note=
failed_here=0
case "$programs" in */bits) bits=yes ;; *) bits= ;; esac
if [ "$bits" ] && ! timeout 900 $run "$build/bits" >"$build/bits.txt"; then
  rm -f "$build/bits.txt"
  failed_here=1 note='the bits program failed'
fi

case "$programs" in
  *suite*) ;;
  *) echo "RESULT $((1 - failed_here)) $failed_here 0 ${note:-bits only}"; exit ;;
esac
timeout 1800 $run "$build/suite" >"$build/suite.log" 2>&1
status=$?
grep -v '^\[doctest\] \(doctest version\|run with\)' "$build/suite.log"
# what tests have counted, by MESSAGE("what: N tried, N so and so")
counts=$(tr -d '\r' <"$build/suite.log" | sed -n 's/^.*MESSAGE: \([a-z ]*: [0-9]* tried, [0-9]* [a-z]*\)$/\1/p' | paste -s -d ';' - | sed 's/;/; /g')
[ -z "$counts" ] || note="${note:+$note; }$counts"
# [doctest] test cases: 12 | 12 passed | 0 failed | 0 skipped
set -- $(tr -d '\r' <"$build/suite.log" | sed -n 's/^\[doctest\] test cases: *\([0-9]*\) *| *\([0-9]*\) passed *| *\([0-9]*\) failed.*/\2 \3/p' | tail -n 1)
if [ $# != 2 ]; then echo "RESULT 0 $((1 + failed_here)) 0 the test program ended with status $status and no summary $note"; exit; fi
passed=$1 failed=$2
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then failed=1 note="the test program ended with status $status"; fi
echo "RESULT $passed $((failed + failed_here)) 0 $note"
