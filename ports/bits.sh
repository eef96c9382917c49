#!/bin/sh
# bits.sh REFERENCE PORT...: compares the ports' build/<port>/<variant>/bits.txt (lines `network checkpoint crc`) with the reference. One row a build, one
# column a network with the CRC of its last checkpoint; a build that differs anywhere is marked. Ends with the line that record.sh reads.
reference=$1
shift
[ -e tests/bits/bits.cpp ] || { echo 'RESULT 0 0 1 there is no tests/bits/bits.cpp'; exit; }
[ -s "$reference" ] || { echo 'RESULT 0 1 0 the reference on the desktop does not build or run'; exit 1; }
files=$(for port in "$@"; do ls build/"$port"/*/bits.txt 2>/dev/null; done | grep -vxF "$reference")
awk '
  FNR == 1 { n = split(FILENAME, path, "/"); build = path[n - 2] "/" path[n - 1]; if (!(build in known)) { known[build] = 1; builds[++count] = build } }
  NF == 3 { sub(/\r$/, "", $3); crc[build, $1, $2] = $3; last[build, $1] = $3
    if (build == builds[1]) { if (!($1 in column)) { column[$1] = ++columns; name[columns] = $1 } line[++lines] = $1 SUBSEP $2 } }
  END {
    printf "%-26s", "the same bits"; for (c = 1; c <= columns; c++) printf " %*s", width(name[c]), name[c]; print ""
    for (b = 1; b <= count; b++) {
      wrong = ""
      for (l = 1; l <= lines; l++) if (crc[builds[b] SUBSEP line[l]] != crc[builds[1] SUBSEP line[l]]) { split(line[l], at, SUBSEP); wrong = wrong " " at[1] ":" at[2] }
      printf "%-26s", builds[b]; for (c = 1; c <= columns; c++) printf " %*s", width(name[c]), (builds[b], name[c]) in last ? last[builds[b], name[c]] : "-"
      print wrong == "" ? "" : "  DIFFERS at" wrong
      if (wrong == "") same++; else differ++
    }
    printf "RESULT %d %d 0 %d builds, %d checkpoints each\n", same, differ, count, lines
    exit differ > 0
  }
  function width(text) { return length(text) > 10 ? length(text) : 10 }
' "$reference" $files
