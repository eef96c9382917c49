#!/bin/sh
# check-tutorial.sh: the tutorial, word for word: files are saved where their first line says, commands run from the project's folder. Ends with the line that record.sh reads.
page=ports/cortex-m/tutorial/README.md
out=build/tutorial
sentence=$(ports/packages.sh python3-torch python3-numpy gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm 2>&1) || { echo "RESULT 0 0 1 $(echo "$sentence" | tail -n 1)"; exit; }
unset MAKEFLAGS MAKELEVEL # the commands are a person's
rm -rf "$out"
mkdir -p "$out/bin"
# the distribution's Python, where another comes first and has no PyTorch
python3 -c 'import torch' 2>/dev/null || ln -s /usr/bin/python3 "$out/bin/python3"
PATH=$PWD/$out/bin:$PATH
awk -v out="$out" '
  /^```$/ && inside { inside = 0; if (file) close(file); file = ""; next }
  inside == 1 { file = language == "sh" ? out "/steps/" sprintf("%02d", ++steps) ".sh" : $2; sub(/:$/, "", file); inside = 2 }
  inside { print > file; next }
  /^```[a-z]+$/ { language = substr($0, 4); inside = 1 }
  BEGIN { system("mkdir -p " out "/steps") }' "$page"
passed=0 failed=0
for step in "$out"/steps/*.sh; do
  if sh -e "$step" >"$step.log" 2>&1; then passed=$((passed + 1)); cat "$step.log"; else
    failed=$((failed + 1))
    echo "FAILED: this step of $page, and so those after it"
    cat "$step" "$step.log"
    break
  fi
done
# the device's count is PyTorch's, and better than before
device=$(sed -n 's/^after: *0*\([0-9]*\) of 500.*/\1/p' "$out"/steps/*.log)
back=$(sed -n 's/^tuned on the device: \([0-9]*\) of 500.*/\1/p' "$out"/steps/*.log)
if [ "$device" ] && [ "$device" = "$back" ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: the device has ${device:-none} right, PyTorch counts ${back:-none}"; fi
echo "RESULT $passed $failed 0"
