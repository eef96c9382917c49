#!/bin/sh
# lint.sh: formatting, the direction of includes, clang-tidy. Says what is wrong and where; fails when anything is.
status=0
files=$(find kernels model tests bench ports -name '*.h' -o -name '*.cpp' -o -name '*.c' 2>/dev/null)
echo "formatting ($(echo "$files" | wc -l) files)"
for file in $files; do
  clang-format --dry-run -Werror "$file" >/dev/null 2>&1 || { echo "  not as \`make format\` writes it: $file"; status=1; }
done
echo 'includes'
ports/desktop/check-layers.sh || status=1
echo 'clang-tidy'
flags='-std=c++20 -I. -Ibuild/include -isystem build/desktop/generated'
[ "$(uname -m)" != x86_64 ] || flags="$flags -mavx2 -mfma"
find tests/kernels tests/model tests/golden ports/desktop -name '*.cpp' 2>/dev/null | xargs -P "$(nproc)" -n 1 sh -c 'clang-tidy --quiet "$0" -- '"$flags"' 2>/dev/null' || status=1
[ $status = 0 ] && echo 'lint: clean'
exit $status
