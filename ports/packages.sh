#!/bin/sh
# packages.sh PACKAGE...: makes sure that packages (by their Debian names) are on this machine. Installs what is missing with apt when it
# may (root, or sudo without a password) and says so; otherwise names them, in the words of this system's package manager, and exits with 3.
# PACKAGE may name a foreign architecture, libbenchmark-dev:arm64: apt is then told of it (dpkg --add-architecture).
# A package that was found once leaves a stamp in build/packages/.
set -eu
stamps=build/packages
mkdir -p "$stamps"

# Debian | how to see that it is there: a command, a header, a file or a library | Fedora | Arch | Homebrew
table='
g++                         command g++                              gcc-c++                 gcc                     gcc
clang                       command clang++                          clang                   clang                   llvm
clang-tidy                  command clang-tidy                       clang-tools-extra       clang                   llvm
clang-format                command clang-format                     clang-tools-extra       clang                   clang-format
cmake                       command cmake                            cmake                   cmake                   cmake
pkg-config                  command pkg-config                       pkgconf                 pkgconf                 pkgconf
gnuplot-nox                 command gnuplot                          gnuplot                 gnuplot                 gnuplot
doctest-dev                 header  doctest/doctest.h                doctest-devel           doctest                 doctest
libxsimd-dev                header  xsimd/xsimd.hpp                  xsimd-devel             xsimd                   xsimd
libbenchmark-dev            header  benchmark/benchmark.h            google-benchmark-devel  benchmark               google-benchmark
libcli11-dev                header  CLI/CLI.hpp                      cli11-devel             cli11                   cli11
zlib1g-dev                  header  zlib.h                           zlib-devel              zlib                    zlib
libzip-dev                  header  zip.h                            libzip-devel            libzip                  libzip
nlohmann-json3-dev          header  nlohmann/json.hpp                json-devel              nlohmann-json           nlohmann-json
libprotobuf-dev             header  google/protobuf/message_lite.h   protobuf-lite-devel     protobuf                protobuf
protobuf-compiler           command protoc                           protobuf-compiler       protobuf                protobuf
libeigen3-dev               file    eigen3/Eigen/Core                eigen3-devel            eigen                   eigen
libopenblas-dev             library openblas                         openblas-devel          openblas                openblas
libdnnl-dev                 header  dnnl.h                           onednn-devel            onednn                  onednn
libxsmm-dev                 header  libxsmm.h                        libxsmm-devel           libxsmm                 -
libfann-dev                 header  floatfann.h                      fann-devel              fann                    fann
gcc-arm-none-eabi           command arm-none-eabi-gcc                arm-none-eabi-gcc-cs    arm-none-eabi-gcc       arm-none-eabi-gcc
libnewlib-arm-none-eabi     target  arm-none-eabi-gcc,stdio.h        arm-none-eabi-newlib    arm-none-eabi-newlib    arm-none-eabi-gcc
libstdc++-arm-none-eabi-newlib target arm-none-eabi-g++,array        arm-none-eabi-gcc-cs-c++ arm-none-eabi-gcc      arm-none-eabi-gcc
qemu-system-arm             command qemu-system-arm                  qemu-system-arm         qemu-system-arm         qemu
qemu-user                   command qemu-aarch64                     qemu-user               qemu-user               -
g++-aarch64-linux-gnu       command aarch64-linux-gnu-g++            -                       aarch64-linux-gnu-gcc   -
g++-arm-linux-gnueabihf     command arm-linux-gnueabihf-g++          -                       -                       -
'

# there PACKAGE: is it on this machine?
there() {
  set -- "$1" $(printf '%s' "$table" | awk -v p="$1" '$1 == p { print $2, $3 }')
  case "${2:-}" in
    command) command -v "$3" >/dev/null ;;
    file) [ -e "/usr/include/$3" ] || [ -e "/usr/local/include/$3" ] || [ -e "/opt/homebrew/include/$3" ] ;;
    header) echo "#include <$3>" | ${CXX:-g++} -std=c++20 -E -x c++ - >/dev/null 2>&1 ;;
    library) echo 'int main() {}' | ${CXX:-g++} -x c++ - -l"$3" -o /dev/null 2>/dev/null ;; # a header may be another package's: cblas.h
    target) echo "#include <${3#*,}>" | "${3%,*}" -E -x "$([ "${3%,*}" = arm-none-eabi-gcc ] && echo c || echo c++)" - >/dev/null 2>&1 ;;
    *) dpkg -s "$1" >/dev/null 2>&1 ;;
  esac
}

missing() {
  for package in "$@"; do
    if [ -e "$stamps/$package" ]; then continue; fi
    if there "$package"; then : >"$stamps/$package"; else printf '%s ' "$package"; fi
  done
}

# names COLUMN PACKAGE...: the same packages in another system's words
names() {
  column=$1; shift
  for package in "$@"; do
    printf '%s' "$table" | awk -v p="$package" -v c="$column" '$1 == p { n = $c } END { printf "%s ", (n == "" || n == "-") ? p "(Debian name)" : n }'
  done
}

need=$(missing "$@")
need=${need% }
[ -n "$need" ] || exit 0
if command -v flock >/dev/null; then # parallel recipes may ask at the same time
  exec 9>"$stamps/.lock"
  flock 9
  need=$(missing "$@")
  need=${need% }
  [ -n "$need" ] || exit 0
fi

if command -v apt-get >/dev/null; then
  foreign= # architectures that dpkg does not know yet
  for package in $need; do
    arch=${package##*:}
    case " $(dpkg --print-architecture; dpkg --print-foreign-architectures | tr '\n' ' ') $foreign" in
      *"$arch"*) ;;
      *) [ "$arch" = "$package" ] || foreign="$foreign $arch" ;;
    esac
  done
  sudo=
  if [ "$(id -u)" != 0 ]; then
    if sudo -n true 2>/dev/null; then sudo='sudo -n'; else
      echo "This needs packages that are not installed, and installing needs root: run '$(for arch in $foreign; do printf 'sudo dpkg --add-architecture %s && ' "$arch"; done)${foreign:+sudo apt-get update && }sudo apt-get install $need' and try again." >&2
      exit 3
    fi
  fi
  echo "installing with apt-get: $need" >&2
  log=$stamps/apt.log
  # another apt may be at work: it is waited for
  apt() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=600 "$@" >"$log" 2>&1 </dev/null; }
  for arch in $foreign; do
    echo "telling dpkg of the architecture $arch" >&2
    $sudo dpkg --add-architecture "$arch"
    rm -f "$stamps/.updated"
  done
  install() { apt install -y --no-remove --no-install-recommends $need; }
  if [ -e "$stamps/.updated" ] || apt update; then : >"$stamps/.updated"; fi
  if ! install && ! { apt update && install; }; then
    echo "apt-get could not install $need: $(grep '^E:' "$log" | head -3)" >&2
    exit 3
  fi
  left=$(missing $need)
  if [ -n "$left" ]; then
    echo "apt-get installed $need, yet $left still does not work with this compiler." >&2
    exit 3
  fi
  exit 0
fi

if command -v dnf >/dev/null; then how="sudo dnf install $(names 4 $need)"
elif command -v pacman >/dev/null; then how="sudo pacman -S $(names 5 $need)"
elif command -v brew >/dev/null; then how="brew install $(names 6 $need)"
else how="the packages that Debian calls $need, by this system's own means"; fi
echo "This needs packages that are not installed; please install: $how" >&2
exit 3
