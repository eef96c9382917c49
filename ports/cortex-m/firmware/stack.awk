# The worst-case stack of functions: awk -v functions='f g' -f stack.awk *.ci symbols disassembly. Prints one number for each, in bytes.
# Frames and calls of what was compiled here come from GCC's -fcallgraph-info=su,da; of what the linker added (libgcc, newlib), from the program's
# disassembly (nm, objdump -d): registers pushed and the stack pointer lowered. Fails where the stack has no bound: recursion, calls by pointer, arrays of
# variable length.
# a function local to a file is "path/file.cpp:name"
function plain(title) { sub(/.*:/, "", title); return title }
function fail(reason) { print reason > "/dev/stderr"; failed = 1; exit 1 }

# node: { title: "digits_predict" label: "digits_predict\nfile.cpp:1:2\n40 bytes (static)\n..." }
/^node: / {
  split($0, part, "\"")
  part[2] = plain(part[2])
  if (match(part[4], /[0-9]+ bytes \([a-z,]*\)/)) {
    frame[part[2]] = substr(part[4], RSTART, RLENGTH) + 0
    if (substr(part[4], RSTART, RLENGTH) ~ /dynamic/ && substr(part[4], RSTART, RLENGTH) !~ /bounded/) fail(part[2] " has a stack of variable size")
    compiled[part[2]] = 1
  }
  next
}
/^edge: / {
  split($0, part, "\"")
  caller = plain(part[2])
  calls[caller] = calls[caller] " " plain(part[4])
  next
}

# 00000040 T memset, from nm: one address may have several names, of which the disassembly shows one
/^[0-9a-f]+ [TtWw] / {
  address[$3] = $1
  next
}
# 00000040 <memset>:
/^[0-9a-f]+ <.*>:$/ {
  at = substr($2, 2, length($2) - 3)
  known[at] = 1
  label[$1] = at
  next
}
/^ *[0-9a-f]+:\t/ && !(at in compiled) {
  if (/\t(push|stmdb|vpush|vstmdb)/ && (/\tv?push/ || /sp!/)) {
    list = $0
    sub(/.*{/, "", list); sub(/}.*/, "", list)
    count = split(list, registers, /, */)
    for (k = 1; k <= count; ++k) {
      range = split(registers[k], ends, "-")
      number = range == 2 ? substr(ends[2], 2) - substr(ends[1], 2) + 1 : 1
      frame[at] += number * (registers[k] ~ /^d/ ? 8 : 4)
    }
  } else if (match($0, /\tsubw?(\.w)?\tsp,( sp,)? #[0-9]+/)) {
    amount = substr($0, RSTART, RLENGTH); sub(/.*#/, "", amount)
    frame[at] += amount
  } else if (match($0, /\[sp, #-[0-9]+\]!/)) {
    amount = substr($0, RSTART, RLENGTH); sub(/.*#-/, "", amount); sub(/\].*/, "", amount)
    frame[at] += amount
  }
  if (match($0, /\t(b|bl|b\.w|b\.n)\t[0-9a-f]+ <[^+>]*>/)) {
    name = substr($0, RSTART, RLENGTH); sub(/.*</, "", name); sub(/>.*/, "", name)
    if (name != at) calls[at] = calls[at] " " name
  }
}

function depth(name, count, callees, k, below, most) {
  if (name in worst) return worst[name]
  if (name in open) fail(name " calls itself, directly or not: its stack has no bound")
  if (name == "__indirect_call") fail("a function is called by pointer: its stack is not known")
  if (!(name in frame) && !(name in known) && label[address[name]] != "") return worst[name] = depth(label[address[name]])
  if (!(name in frame) && !(name in known)) fail(name " is called and not known")
  open[name] = 1
  count = split(calls[name], callees, " ")
  most = 0
  for (k = 1; k <= count; ++k) {
    below = depth(callees[k])
    if (below > most) most = below
  }
  delete open[name]
  return worst[name] = frame[name] + most
}
END {
  if (failed) exit 1
  count = split(functions, wanted, " ")
  for (w = 1; w <= count; ++w) print depth(wanted[w])
}
