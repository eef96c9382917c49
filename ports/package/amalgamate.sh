#!/bin/sh
# amalgamate.sh VERSION: model/insitu.h and all that it includes as one header, on standard output.
# A file that is included under an #if is put in at each such place, behind a guard of its own: which of them a target sees is known only to its compiler.
set -eu
echo "// insitu $1 in one header, made from its sources: what is to be changed is changed there."
sed 's|^|// |; s| *$||' LICENSE
echo '#pragma once'
awk '
  function normal(path) {  # without x/..
    while (match(path, /[^\/]+\/\.\.\//)) path = substr(path, 1, RSTART - 1) substr(path, RSTART + RLENGTH)
    return path
  }
  function put(path, conditional,    line, guard, depth, folder, wanted) {
    if (path in whole) return
    if (!conditional) whole[path]
    guard = "INSITU_ONE_" toupper(path)
    gsub(/[^A-Z0-9]/, "_", guard)
    folder = path
    sub(/[^\/]*$/, "", folder)
    print "\n// " path "\n#ifndef " guard "\n#define " guard
    while ((result = (getline line < path)) > 0) {
      if (line ~ /^ *# *pragma once/) continue
      if (line ~ /^ *# *if/) ++depth
      if (line ~ /^ *# *endif/) --depth
      if (line ~ /^ *# *include "/) {
        split(line, wanted, "\"")
        put(normal(folder wanted[2]), conditional || depth > 0)
      } else {
        print line
      }
    }
    if (result < 0) { print "amalgamate.sh: there is no " path > "/dev/stderr"; exit 1 }
    close(path)
    print "#endif"
  }
  BEGIN { put("model/insitu.h", 0) }'
