#!/bin/sh
# check-readme.sh: takes the ```cpp and ```c blocks out of README.md that are whole programs (they begin with #include), compiles them with
# warnings as errors, and runs those that have a main. check-readme.sh PREFIX: against an installed prefix instead of the tree.
prefix=${1:-}
flags=-Ibuild/include
[ -z "$prefix" ] || flags=$(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --cflags insitu) || { echo 'RESULT 0 1 0 pkg-config does not find insitu'; exit; }
out=build/readme${prefix:+-installed}
rm -rf "$out"
mkdir -p "$out"
[ -e README.md ] || { echo 'RESULT 0 0 1 there is no README.md'; exit; }
awk -v out="$out" '
  /^```/ { if (language) { close(file); language = "" } else if ($0 == "```cpp" || $0 == "```c") { language = substr($0, 4); first = 1 } next }
  language && first { first = 0; if ($0 !~ /^#include/) { language = ""; skip = 1; next } file = out "/block" ++n "." language }
  language { print > file }' README.md
passed=0 failed=0
for file in "$out"/block*; do
  [ -e "$file" ] || continue
  case "$file" in
    *.cpp) compile="${GXX:-g++} -std=c++20 -O2 $flags -Wall -Wextra -Werror" ;;
    *.c) compile="${CC:-gcc} -std=c99 -O2 $flags -Ibuild/desktop -Wall -Wextra -Werror" ;;
  esac
  if grep -q '\bmain *(' "$file"; then
    if $compile "$file" -o "$file.program" && timeout 300 "$file.program"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
  elif $compile -fsyntax-only "$file"; then passed=$((passed + 1))
  else failed=$((failed + 1)); fi
done
[ $((passed + failed)) != 0 ] || { echo 'RESULT 0 0 1 README.md has no block that is a whole program'; exit; }
echo "RESULT $passed $failed 0"
