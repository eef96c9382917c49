#!/bin/sh
# check-readme.sh: compiles every ```cpp and ```c block of the manual with warnings as errors, and runs those that have a main. check-readme.sh PREFIX: those of README.md
# that are whole programs, against an installed prefix instead of the tree.
#
# A block that begins with #include is a whole program or header. Any other is the body of a main, below the library's header and what the page says in a comment above it:
#   <!-- before: declarations that the block needs -->
# or, with `<!-- around: ... -->` instead, stands below these, outside of any function, where main must be among them.
prefix=${1:-}
flags=-Ibuild/include
pages=README.md
[ -n "$prefix" ] || pages=$(echo README.md kernels/README.md model/README.md ports/*/README.md)
[ -z "$prefix" ] || flags=$(PKG_CONFIG_PATH=$prefix/lib/pkgconfig pkg-config --cflags insitu) || { echo 'RESULT 0 1 0 pkg-config does not find insitu'; exit; }
out=build/readme${prefix:+-installed}
rm -rf "$out"
mkdir -p "$out"
awk -v out="$out" -v whole="$prefix" '
  FNR == 1 { before = ""; scope = ""; name = FILENAME; gsub(/[\/.]/, "_", name); n = 0 }
  /^<!-- (before|around):/ { reading = 1; scope = $2; sub(/^<!-- [a-z]*: */, "") }
  reading { last = sub(/ *-->.*/, ""); before = before $0 "\n"; if (last) reading = 0; next }
  /^```/ && file { if (body) print "}" > file; close(file); file = ""; before = ""; scope = ""; next }
  /^```(cpp|c)$/ { language = substr($0, 4); first = 1; next }
  first {
    first = 0
    body = 0
    if (whole && $0 !~ /^#include/) { language = ""; next }
    file = out "/" name "_" ++n "." language
    if ($0 !~ /^#include/) {
      if (language == "cpp") print "#include <insitu/insitu.h>\n#include <cstdio>\n#include <new>\nusing namespace insitu;" > file
      printf "%s", before > file
      if (scope != "around:") { body = 1; print (language == "cpp" ? "int main() {" : "int main(void) {") > file }
    }
  }
  file { print > file }' $pages
passed=0 failed=0
for file in "$out"/*.cpp "$out"/*.c; do
  [ -e "$file" ] || continue
  case "$file" in
    *.cpp) compile="${GXX:-g++} -std=c++20 -O2 $flags -Wall -Wextra -Werror -Wno-unused-variable -Wno-unused-but-set-variable -Wno-unused-local-typedefs" libraries= ;;
    *.c) compile="${CC:-gcc} -std=c99 -O2 $flags -Ibuild/desktop -Wall -Wextra -Werror" libraries='-Lbuild/desktop -ldigits' ;;
  esac
  if grep -q '\bmain *(' "$file"; then
    if $compile "$file" $libraries -o "$file.program" && timeout 300 "$file.program"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $file"; fi
  elif $compile -fsyntax-only "$file"; then passed=$((passed + 1))
  else failed=$((failed + 1)); echo "FAILED: $file"; fi
done
[ $((passed + failed)) != 0 ] || { echo "RESULT 0 1 0 no page has a block of code: $pages"; exit; }
echo "RESULT $passed $failed 0"
