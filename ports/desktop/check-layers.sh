#!/bin/sh
# check-layers.sh: includes point down only, ports -> model -> kernels -> xsimd; xsimd and arm_mve.h are behind one file each. One test a rule.
passed=0 failed=0
# rule SENTENCE LINES: holds when there are no lines, which are those against it
rule() {
  if [ -z "$2" ]; then passed=$((passed + 1)); else
    failed=$((failed + 1))
    printf '%s:\n%s\n' "$1" "$2"
  fi
}
# lines PATTERN FOLDER...: the source lines that match
lines() {
  pattern=$1
  shift
  grep -rnE --include='*.h' --include='*.cpp' --include='*.c' "$pattern" "$@" 2>/dev/null
}
include='^[[:space:]]*#[[:space:]]*include[[:space:]]*'
# C++20's freestanding headers, and those of which only what needs no runtime is used: memcpy, std::array and the like
freestanding='array|bit|cfloat|climits|compare|concepts|cstddef|cstdint|cstring|initializer_list|limits|new|tuple|type_traits|utility|version'
intrinsics='[a-z]*intrin\.h|arm_neon\.h|arm_sve\.h|arm_acle\.h'

rule 'kernels/ includes something that is not of kernels/' \
  "$(lines "$include\"" kernels | grep -E '"(\.\./)*(model|ports|tests|bench)/|"\.\./\.\./')"
rule 'kernels/ includes more than the freestanding part of the standard library' \
  "$(lines "$include<" kernels | grep -vE "<($freestanding|$intrinsics)>|^kernels/reference\.h:.*<cmath>|^kernels/vec/xsimd\.h:.*<xsimd/|^kernels/vec/helium\.h:.*<arm_mve\.h>")"
rule 'model/ includes something that is not of model/ or kernels/' "$(lines "$include\"" model | grep -vE '"(\.\./kernels/)?[a-z0-9_/]+\.h"')"
rule 'model/ includes more than the freestanding part of the standard library' "$(lines "$include<" model | grep -vE "<($freestanding)>")"
rule 'xsimd is included outside kernels/vec/xsimd.h' "$(lines "$include[<\"]xsimd" kernels model ports bench tests | grep -v '^kernels/vec/xsimd\.h:')"
rule 'arm_mve.h is included outside kernels/vec/helium.h' "$(lines "$include[<\"]arm_mve\.h" kernels model ports bench tests | grep -v '^kernels/vec/helium\.h:')"
rule 'kernels/ or model/ uses a heap, exceptions, RTTI, I/O or isnan' \
  "$(lines 'std::(isnan|isinf|isfinite|vector|string|function|map|unique_ptr|shared_ptr)\b|\b(malloc|calloc|realloc|printf)\(|\bthrow\b|\bnew [A-Za-z]|dynamic_cast|typeid' kernels model | grep -vE '^[^:]*:[0-9]+: *//')"
echo "RESULT $passed $failed 0"
[ "$failed" = 0 ]
