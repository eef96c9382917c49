#!/bin/sh
# check-misuse.sh: each tests/misuse/*.cpp must not compile, and the compiler must say the sentence of its first line, `// expects: sentence`.
# With -DFIXED it must compile, so that it cannot fail for another reason. A second line `// flags: ...` is what the misuse is, left out then.
# With GCC and with clang; each is one test. One lane, for the time it takes.
passed=0 failed=0 skipped=0 note=
compilers=${GXX:-g++}
if sentence=$(ports/packages.sh clang 2>&1); then compilers="$compilers ${CLANGXX:-clang++}"; else skipped=1 note=$sentence; fi
out=build/misuse
mkdir -p $out
for file in tests/misuse/*.cpp; do
  [ -e "$file" ] || continue
  expected=$(sed -n '1s|^// expects: *||p' "$file")
  flags=$(sed -n '2s|^// flags: *||p' "$file")
  for compiler in $compilers; do
    compile="$compiler -std=c++20 -I. -Ibuild/include -DINSITU_SCALAR -fsyntax-only"
    wrong=
    if [ -z "$expected" ]; then wrong='its first line is not `// expects: <sentence>`'
    elif $compile $flags "$file" >$out/log 2>&1; then wrong='it compiles'
    elif ! tr '\n' ' ' <$out/log | grep -qF "$expected"; then wrong="the compiler does not say: $expected"
    elif ! $compile -DFIXED "$file" >$out/log 2>&1; then wrong='it does not compile with -DFIXED'; fi
    if [ -z "$wrong" ]; then passed=$((passed + 1)); else
      failed=$((failed + 1))
      echo "$file with $compiler: $wrong"
      head -n 20 $out/log
    fi
  done
done
[ $((passed + failed)) != 0 ] || { skipped=$((skipped + 1)); note='there is no tests/misuse/*.cpp'; }
echo "RESULT $passed $failed $skipped $note"
