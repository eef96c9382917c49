#!/bin/sh
# count_instructions.sh COMMAND...: runs a program on QEMU with the plugin of count_instructions.c and prints its lines:
# `region N instructions` for every pair of calls of insitu_count_begin and insitu_count_end, then `total instructions`.
# COMMAND is ports/cortex-m/run.sh BOARD PROGRAM, or qemu-aarch64 or qemu-arm and their arguments.
# The interface's version differs from QEMU to QEMU: the plugin is built with each until this one takes it. Exits with 3 where none can be built or loaded.
set -eu
here=$(dirname "$0")
out=build/plugin
mkdir -p "$out"
counts=$out/counts.$$
trap 'rm -f "$counts" "$counts.log"' EXIT

# run PLUGIN COMMAND...
run() {
  plugin=$1,out=$counts
  shift
  case "$1" in
    *run.sh) QEMU_OPTIONS="-plugin $plugin" "$@" ;;
    *) QEMU_PLUGIN=$plugin "$@" ;;
  esac
}

emulator=qemu-system-arm
case "$1" in *run.sh) ;; *) emulator=$1 ;; esac
version_of=$out/$(basename "$emulator").version
for version in $(cat "$version_of" 2>/dev/null || echo 1 2 3 4 5 6); do
  plugin=$out/count_instructions.$version.so
  if ! [ "$plugin" -nt "$here/count_instructions.c" ]; then
    ${CC:-cc} -O2 -shared -fPIC -fvisibility=hidden -DPLUGIN_VERSION="$version" "$here/count_instructions.c" -o "$plugin.$$" || exit 3
    mv "$plugin.$$" "$plugin"
  fi
  rm -f "$counts"
  status=0
  run "$plugin" "$@" >"$counts.log" 2>&1 || status=$?
  if [ -s "$counts" ]; then
    [ -e "$version_of" ] || {
      echo "$version" >"$version_of"
      echo "plugin interface $version of $($emulator --version | head -n 1)" >&2
    }
    cat "$counts.log" >&2
    cat "$counts"
    exit "$status"
  fi
done
echo "$emulator loads the instruction counter with no version of the plugin interface from 1 to 6:" >&2
tail -n 3 "$counts.log" >&2
exit 3
