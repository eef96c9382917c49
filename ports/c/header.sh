#!/bin/sh
# header.sh NAME CONSTANTS TEMPLATE: the C header of a network on standard output, from the assembly of constants.cpp and interface.h.in.
# In the template @word@ is a constant, @if word ... @else ... @end keeps one of two parts.
awk -v name="$1" '
  FNR == NR {
    if (match($0, /insitu-constant [a-z_]+ -?[0-9]+/)) {
      split(substr($0, RSTART, RLENGTH), word, " ")
      if (word[2] == "text") text = text sprintf("%c", word[3] + 0)
      else value[word[2]] = word[3] + 0
    }
    next
  }
  function hex(n) { if (n < 0) n += 4294967296; return sprintf("%04x%04x", int(n / 65536), n % 65536) }
  FNR == 1 {
    value["name"] = name
    value["NAME"] = toupper(name)
    value["network"] = text
    value["hash"] = hex(value["hash_high"]) hex(value["hash_low"])
    whole = name "_parameters* parameters"
    value["stored"] = value["frozen"] ? name "_trained* trained" : whole
    value["weights"] = value["frozen"] ? name "_trained* trained, const " name "_parameters* factory, " : whole ", "
    value["const_weights"] = "const " value["weights"]
    value["from"] = value["frozen"] ? "" : ", or a checkpoint of insitu\047s command line"
    value["view"] = value["frozen"] ? "" : " and " name "_save"
    value["record"] = value["stored_record"] + 8 + 8 * value["inputs"]
    keep = 1
  }
  /^@if / { keep = value[$2]; next }
  /^@else/ { keep = !keep; next }
  /^@end/ { keep = 1; next }
  keep {
    while (match($0, /@[A-Za-z_]+@/)) {
      key = substr($0, RSTART + 1, RLENGTH - 2)
      if (!(key in value)) { print "header.sh: the template asks for " key > "/dev/stderr"; exit 1 }
      $0 = substr($0, 1, RSTART - 1) value[key] substr($0, RSTART + RLENGTH)
    }
    print
  }' "$2" "$3"
