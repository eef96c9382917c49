#!/bin/sh
# data.sh: brings the data sets of Debian's package python3-sklearn into build/data/ without installing it (BSD licence, about 2 MB).
# digits.csv.gz: 1,797 samples of 8 x 8 pixels and the label, last. iris.csv, wine_data.csv, breast_cancer.csv: the first line says samples,
# features and class names; label last.
set -eu
files='digits.csv.gz iris.csv wine_data.csv breast_cancer.csv'
to=build/data
there() { for file in $files; do [ -s "$to/$file" ] || return 1; done; }
if ! there; then
  if ! command -v apt-get >/dev/null || ! command -v dpkg-deb >/dev/null; then
    echo "There is no apt here. Put $files of scikit-learn (sklearn/datasets/data/ in its package) into $to/ and try again." >&2
    exit 1
  fi
  rm -rf "$to/.package"
  mkdir -p "$to/.package"
  cd "$to/.package"
  echo 'downloading the package python3-sklearn, for its data sets'
  if ! apt-get -q download python3-sklearn >log 2>&1; then
    sudo=
    [ "$(id -u)" = 0 ] || sudo='sudo -n'
    $sudo apt-get -q update >>log 2>&1 || true
    apt-get -q download python3-sklearn >>log 2>&1 || { echo "apt-get could not download python3-sklearn: $(tail -n 1 log)" >&2; exit 1; }
  fi
  dpkg-deb --fsys-tarfile python3-sklearn_*.deb | tar x
  cd - >/dev/null
  for file in $files; do cp "$to/.package/usr/lib/python3/dist-packages/sklearn/datasets/data/$file" "$to/"; done
  rm -rf "$to/.package"
fi
for file in $files; do echo "$to/$file"; done
