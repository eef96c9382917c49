#!/bin/sh
# flags.sh compile|link: what the compiler needs for those of the peers that are on this machine. CXX names the compiler.
set -eu
has() { echo "#include <$1>" | ${CXX:-g++} -std=c++20 $eigen -E -x c++ - >/dev/null 2>&1; }
eigen=
for folder in /usr/include/eigen3 /usr/local/include/eigen3 /opt/homebrew/include/eigen3; do
  if [ -z "$eigen" ] && [ -d "$folder" ]; then eigen="-isystem $folder"; fi
done
if [ "$1" = compile ]; then
  # GCC 12 takes Eigen's strided loops for endless ones once they are inlined
  echo "$eigen -Wno-aggressive-loop-optimizations -Wno-unknown-warning-option"
else
  libraries=
  if has dnnl.h; then libraries="$libraries -ldnnl"; fi
  if has floatfann.h; then libraries="$libraries -lfloatfann"; fi
  if has libxsmm.h; then libraries="$libraries -lxsmm"; fi
  if has cblas.h; then libraries="$libraries -lopenblas"; elif has libxsmm.h; then libraries="$libraries -lxsmmnoblas"; fi
  echo "$libraries -lpthread -ldl"
fi
