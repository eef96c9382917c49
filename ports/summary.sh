#!/bin/sh
# summary.sh: the table of build/results/*.result and, as the last line, the sums. Fails when a test failed or none passed.
cd build/results || exit 1
# the variants (port.variant), then the checks
cat $(ls *.result | grep '\..*\.result'; ls *.result | grep -v '\..*\.result') | awk -F'|' '
  BEGIN { printf "\n%-30s %7s %7s %8s %7s\n", "", "passed", "failed", "skipped", "seconds" }
  { printf "%-30s %7d %7d %8d %7d  %s\n", $1, $2, $3, $4, $5, $6; passed += $2; failed += $3; skipped += $4 }
  END {
    printf "\n%d passed, %d failed%s\n", passed, failed, skipped ? ", " skipped " skipped" : ""
    exit failed || !passed
  }'
