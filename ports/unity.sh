#!/bin/sh
# unity.sh FILE...: one source file out of many. Their includes come first (every header has its include guard), then each file in a
# namespace of its own, so that two files may use the same names. For compilers and libraries where a file costs seconds before its first line.
echo '// Made by ports/unity.sh.'
for file in "$@"; do
  folder=$(dirname "$file")
  # the preprocessor lines; a header of the file's own folder by its path from the root
  sed -n -E 's/^[[:space:]]*(#[[:space:]]*(include|if|ifdef|ifndef|elif|else|endif)\b.*)/\1/p' "$file" | while IFS= read -r line; do
    header=$(printf '%s\n' "$line" | sed -n -E 's/^#[[:space:]]*include[[:space:]]*"([^"]*)".*/\1/p')
    if [ -n "$header" ] && [ -e "$folder/$header" ]; then echo "#include \"$folder/$header\""; else printf '%s\n' "$line"; fi
  done
done | awk '/^#[ \t]*if/ { depth++ } depth || !seen[$0]++ { print } /^#[ \t]*endif/ { depth-- }'
for file in "$@"; do
  printf 'namespace %s {\n#include "%s"\n}\n' "$(echo "${file%.cpp}" | tr -c 'a-zA-Z0-9\n' _)" "$file"
done
