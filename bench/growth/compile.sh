#!/bin/sh
# compile.sh COMPILER FLAG...: compile time and code of networks against their depth, and of programs against the number of their networks.
# Seconds are the compiler's processor time; bytes are the text of the object file, as `size` says. OUT names the folder, default build/growth.
set -eu
out=${OUT:-build/growth}
mkdir -p "$out"

# seconds COMMAND...: the processor time that it took. /bin/sh knows it of all children of a shell
seconds() {
  (
    "$@"
    times
  ) | awk 'END { split($1, u, /[ms]/); split($2, s, /[ms]/); printf "%.1f", 60 * u[1] + u[2] + 60 * s[1] + s[2] }'
}

# network NAME LAYERS INPUTS: trained in batches of 8, and asked for one sample
network() {
  echo "using $1 = Network<$2>;
alignas(Alignment) static Parameters<$1> parameters_$1;
alignas(Alignment) static Trainer<$1, CrossEntropy, Sgd, Batch<8>> trainer_$1;
float step_$1(const Matrix<8, $3>& x, const Vector<8, int>& t) { return trainer_$1.step(parameters_$1, x, t); }
Vector<10> predict_$1(const Vector<$3>& x) { return predict<$1>(parameters_$1, x); }"
}
program() { printf '#include <insitu/insitu.h>\nusing namespace insitu;\n'; }

# layers DEPTH FIRST STEP: Dense<FIRST, FIRST + STEP, Relu>, ..., Dense<..., 10, Softmax>
layers() {
  awk -v n="$1" -v w="$2" -v step="$3" 'BEGIN { for (k = 1; k < n; ++k) { printf "Dense<%d, %d, Relu>, ", w, w + step; w += step } printf "Dense<%d, 10, Softmax>", w }'
}

# table UNIT NUMBER...: compiles $out/UNIT-NUMBER.cpp, a row each; more: by each further one
table() {
  unit=$1; shift
  printf '\n| %s | compile, s | more for each | text, bytes | more for each |\n|---|---|---|---|---|\n' "$title"
  before=
  for n in "$@"; do
    rm -f "$out/$unit-$n.o"
    took=$(seconds $compile -c "$out/$unit-$n.cpp" -o "$out/$unit-$n.o")
    [ -s "$out/$unit-$n.o" ] || { echo "$out/$unit-$n.cpp does not compile" >&2; exit 1; }
    text=$(size "$out/$unit-$n.o" | awk 'NR == 2 { print $1 }')
    echo "$n $took $text $before" | awk '{ if (NF == 3) printf "| %d | %.1f | | %d | |\n", $1, $2, $3; else printf "| %d | %.1f | %.2f | %d | %d |\n", $1, $2, ($2 - $5) / ($1 - $4), $3, ($3 - $6) / ($1 - $4) }'
    before="$n $took $text"
  done
}

compile="$*"
echo "Compile time and code with $compile"
for n in 1 2 5 10 20; do
  { program; network Net "$(layers $n 64 0)" 64; } >"$out/same-$n.cpp"
  { program; network Net "$(layers $n 32 8)" 32; } >"$out/widths-$n.cpp"
done
for n in 1 2 4 8; do
  program >"$out/networks-$n.cpp"
  k=0
  while [ $k -lt $n ]; do
    first=$((32 + 8 * k)) k=$((k + 1))
    network Net$k "$(layers 2 $first 8)" $first >>"$out/networks-$n.cpp"
  done
done
title='layers, each 64 wide' && table same 1 2 5 10 20
title='layers, each of its own width: 32, 40, 48 ...' && table widths 1 2 5 10 20
title='networks in a program, each of two layers of its own widths' && table networks 1 2 4 8
