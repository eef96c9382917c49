#!/bin/sh
# assemble.sh VERSION URL: what `make package` does: a folder for each ecosystem in build/package/, as it wants its manifest at the root, ready to publish.
set -eu
version=$1 url=$2
here=ports/package
out=build/package
rm -rf "$out"
mkdir -p "$out/single-header"
$here/amalgamate.sh "$version" >"$out/single-header/insitu.h"
ports/desktop/install.sh "$out" /prefix "$version" >/dev/null

# begin NAME: the templates of one ecosystem, and what every package has
begin() {
  folder=$out/$1
  mkdir -p "$folder"
  (cd "$here/$1" && find . -type f) | while read -r file; do
    mkdir -p "$(dirname "$folder/$file")"
    sed "s|@VERSION@|$version|g; s|@URL@|$url|g" "$here/$1/$file" >"$folder/$file"
  done
  cp LICENSE "$folder/"
}
# header FOLDER: the one header, as <insitu/insitu.h>
header() {
  mkdir -p "$folder/include/insitu"
  cp "$out/single-header/insitu.h" "$folder/include/insitu/insitu.h"
}
manual() { cp README.md "$folder/"; }

for name in platformio zephyr esp-idf cmsis-pack; do begin "$name"; header; manual; done
mkdir -p "$out/platformio/examples"
cp -r $here/arduino/examples/ExclusiveOr "$out/platformio/examples/"
sed -i.original 's|<insitu.h>|<insitu/insitu.h>|' "$out/platformio/examples/ExclusiveOr/ExclusiveOr.ino"
rm "$out/platformio/examples/ExclusiveOr/ExclusiveOr.ino.original"
cp CHANGELOG.md "$out/cmsis-pack/"
(cd "$out/cmsis-pack" && cmake -E tar cf "../insitu.insitu.$version.pack" --format=zip .)
begin arduino
manual
mkdir -p "$folder/src"
cp "$out/single-header/insitu.h" "$folder/src/"
for name in conan vcpkg; do
  begin "$name"
  cp -r "$out/prefix/include" "$out/prefix/share" "$folder/"
done
mkdir -p "$out/conan/lib"
cp -r "$out/prefix/lib/pkgconfig" "$out/conan/lib/"
rm -r "$out/prefix"
echo "insitu $version for:" $(ls "$out")
