#!/bin/sh
# lib.sh NETWORK NAME FOLDER COMPILER FLAGS...: FOLDER/lib<NAME>.a and FOLDER/<NAME>.h of the network header NETWORK. COMPILER's prefix is that of
# ar and objcopy as well. Of the library only the C functions are visible, so that two of them with types of the same name can be linked together.
set -eu
network=$1 name=$2 folder=$3 compiler=$4
shift 4
here=$(dirname "$0")
cross=$(printf %s "$compiler" | sed -n 's/^\(.*-\)*\(g++\|gcc\|clang++\|c++\).*/\1/p')
case "$name" in
  *[!A-Za-z0-9_]* | [0-9]* | '') echo "the name of the library begins the names of C functions, and '$name' cannot: say NAME=word" >&2; exit 2 ;;
esac
[ -f "$network" ] || { echo "NETWORK=$network: there is no such file" >&2; exit 2; }
network=$(cd "$(dirname "$network")" && pwd)/$(basename "$network")

parts=$folder/lib/$name
mkdir -p "$parts"
unique=-fno-gnu-unique
case "$compiler" in *clang*) unique= ;; esac
compile() { "$compiler" "$@" -fno-exceptions -fno-rtti -fno-threadsafe-statics $unique "-DINSITU_NETWORK=\"$network\""; }
compile "$@" -S "$here/constants.cpp" -o "$parts/constants.s"
sh "$here/header.sh" "$name" "$parts/constants.s" "$here/interface.h.in" >"$parts/$name.h"
constant() { sed -n "s/.*insitu-constant $1 \([0-9]*\).*/\1/p" "$parts/constants.s"; }
compile "$@" "-DINSITU_INTERFACE=\"$parts/$name.h\"" "-DINSITU_NAME=$name" "-DINSITU_FROZEN=$(constant frozen)" "-DINSITU_LABELS=$(constant labels)" \
  -c "$here/interface.cpp" -o "$parts/interface.o"

if "$compiler" "$@" -r -nostdlib -Wl,--force-group-allocation "$parts/interface.o" -o "$parts/$name.o" 2>"$parts/link.log" &&
  "${cross}objcopy" --wildcard --keep-global-symbol="${name}_*" "$parts/$name.o" 2>>"$parts/link.log"; then :; else
  echo "note: this system's linker leaves the library's inner names visible: give types of two networks that are linked together different names" >&2
  cp "$parts/interface.o" "$parts/$name.o"
fi
rm -f "$folder/lib$name.a"
"${cross}ar" rcs "$folder/lib$name.a" "$parts/$name.o"
cp "$parts/$name.h" "$folder/$name.h"
