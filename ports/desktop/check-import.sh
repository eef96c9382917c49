#!/bin/sh
# check-import.sh: the way from a file of another library to a C program and back: make import, lib, embed, a program in C that predicts and trains, insitu export. With the
# ONNX file of the tests, whose leaky ReLU has a slope of its own, and, where Python has it, with a model that PyTorch exports here and takes back.
sentence=$(ports/packages.sh gcc g++ 2>&1) || { echo "RESULT 0 0 1 $sentence"; exit; }
out=build/check-import
ports/packages.sh python3-torch python3-numpy >/dev/null 2>&1 || true
rm -rf "$out"
mkdir -p "$out/c"
passed=0 failed=0 note=
# holds SENTENCE COMMAND...
holds() {
  sentence=$1
  shift
  if "$@" >"$out/log" 2>&1; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $sentence"; tail -n 20 "$out/log"; fi
}

# program NAME INPUTS OUTPUTS: reads samples of float32, writes predictions; with an argument it trains one step on the first instead and writes the record
program() {
  cat >"$out/c/$1.c" <<END
#include "$1.h"
#include "$1_checkpoint.h"
#include <stdio.h>
#include <string.h>
static $1_parameters tuned;
static $1_trainer trainer;
static unsigned char record[$(printf %s "$1" | tr a-z A-Z)_RECORD_SIZE];
int main(int count, char** arguments) {
  const $1_parameters* parameters;
  float x[$2], y[$3], loss;
  size_t size;
  (void)arguments;
  if ($1_view(&parameters, NULL, $1_checkpoint, sizeof $1_checkpoint) != 0) return 1;
  while (count == 1 && fread(x, sizeof x, 1, stdin) == 1) {
    if ($1_predict(parameters, x, y) != 0 || fwrite(y, sizeof y, 1, stdout) != 1) return 2;
  }
  if (count == 1) return 0;
  tuned = *parameters;
  memset(y, 0, sizeof y);
  y[0] = 1;
  if (fread(x, sizeof x, 1, stdin) != 1 || $1_trainer_init(&trainer) != 0 || $1_train_step(&trainer, &tuned, x, y, 1, &loss) != 0) return 3;
  if ($1_save(&tuned, NULL, record, sizeof record, &size) != 0) return 4;
  return fwrite(record, size, 1, stdout) == 1 ? 0 : 5;
}
END
  gcc -std=c99 -Wall -Wextra -Werror -Ibuild/desktop "$out/c/$1.c" build/desktop/$1_checkpoint.o build/desktop/lib$1.a -o "$out/$1"
}
# brought NAME FILE INPUTS OUTPUTS: a file becomes a program
brought() {
  ${MAKE:-make} -s import FILE="$2" NAME=$1 OUT="$out" && ${MAKE:-make} -s lib NETWORK="$out/$1.h" NAME=$1 PORT=desktop LEVEL=-O1 &&
    ${MAKE:-make} -s embed MODEL="$out/$1.insitu" NAME=$1 PORT=desktop && program "$1" "$3" "$4"
}
exported() { build/desktop/insitu export --model "$1" --network "$(sed -n 's/^\/\/\/ Imported from [^:]*: \(.*\)\.$/\1/p' "$2")" --out "$3"; }

# x = (1, -1): hidden (-0.05, -0.1, -0.2), outputs softmax(-0.85, 0.2) = (0.259225, 0.740775)
slope() {
  brought onnx_slope tests/fuzz/corpus/onnx/gemm.onnx 2 2 || return 1
  printf '\000\000\200\077\000\000\200\277' >"$out/sample"
  "$out/onnx_slope" <"$out/sample" | od -An -tf4 | awk '{ exit !($1 - 0.259225 < 1e-6 && 0.259225 - $1 < 1e-6 && $2 - 0.740775 < 1e-6 && 0.740775 - $2 < 1e-6) }'
}
back() {
  "$out/onnx_slope" train <"$out/sample" >"$out/tuned.insitu" && ! cmp -s "$out/tuned.insitu" "$out/onnx_slope.insitu" || return 1
  for ending in onnx safetensors; do
    exported "$out/tuned.insitu" "$out/onnx_slope.h" "$out/tuned.$ending" && build/desktop/insitu import "$out/tuned.$ending" --out "$out/again" || return 1
    cmp "$out/again/tuned.insitu" "$out/tuned.insitu" || return 1
  done
}
holds 'an ONNX file becomes a C program, which predicts what it says' slope
holds 'what the program trained comes back through ONNX and safetensors to the bit' back

pytorch=
for python in python3 /usr/bin/python3; do
  [ "$pytorch" ] || ! $python -c 'import torch' 2>/dev/null || pytorch=$python
done
if [ "$pytorch" ]; then
  cat >"$out/model.py" <<'END'
import sys
import numpy
import torch
folder = sys.argv[2]
torch.manual_seed(1)
model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.ReLU(), torch.nn.Linear(32, 10))
if sys.argv[1] == "export":
    torch.onnx.export(model.eval(), torch.zeros(1, 64), folder + "/digits.onnx")
    samples = torch.randn(20, 64)
    samples.numpy().tofile(folder + "/samples")
    model.double()(samples.double()).detach().numpy().tofile(folder + "/expected")
elif sys.argv[1] == "compare":
    expected = numpy.fromfile(folder + "/expected").reshape(20, 10)
    found = numpy.fromfile(folder + "/predictions", dtype=numpy.float32).reshape(20, 10)
    sys.exit(not (abs(found - expected).max(axis=1) < 1e-6 * abs(expected).max(axis=1)).all())
else:
    before = {name: tensor.numpy().tobytes() for name, tensor in model.state_dict().items()}
    model.load_state_dict({name: torch.from_numpy(tensor) for name, tensor in numpy.load(folder + "/back.npz").items()})
    sys.exit(before != {name: tensor.numpy().tobytes() for name, tensor in model.state_dict().items()})
END
  from_pytorch() {
    $pytorch "$out/model.py" export "$out" && brought torch_digits "$out/digits.onnx" 64 10 && "$out/torch_digits" <"$out/samples" >"$out/predictions" &&
      $pytorch "$out/model.py" compare "$out"
  }
  to_pytorch() { exported "$out/torch_digits.insitu" "$out/torch_digits.h" "$out/back.npz" && $pytorch "$out/model.py" back "$out"; }
  holds 'a model of PyTorch becomes a C program, which predicts the same to 1e-6' from_pytorch
  holds 'PyTorch takes the weights back, to the bit' to_pytorch
else
  note='without PyTorch'
fi
echo "RESULT $passed $failed 0 $note"
