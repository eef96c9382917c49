#!/bin/sh
# bits.sh REFERENCE PORT...: compares the ports' build/<port>/<variant>/bits.txt (lines `network step crc`, and `all n crc` over the nth checkpoints of all
# networks) with the reference. Prints one row a build: its compiler, the CRCs of the three checkpoints, its flags. All networks: build/bits.networks.
# Of a build that differs it says where: both programs run again and print every tensor after every step. Ends with the line that record.sh reads.
reference=$1
shift
[ -e tests/bits/bits.cpp ] || { echo 'RESULT 0 0 1 there is no tests/bits/bits.cpp'; exit; }
[ -s "$reference" ] || { echo 'RESULT 0 1 0 the reference on the desktop does not build or run'; exit 1; }
networks=build/bits.networks
same=0 different=0 wrong=

line() { sed -n "$2p" "$1" 2>/dev/null; }
row() { printf '%-32s %-32s %-8s %-8s %-8s  %s\n' "$@"; }
# steps FOLDER: every tensor after every step
steps() { timeout 900 $(line "$1/bits.build" 3) "$1/bits" steps >build/bits.printed && tr -d '\r' <build/bits.printed; }

# where FOLDER: the first network, step and tensor in which it differs from the reference
where() {
  [ -s build/bits.steps ] || steps "$(dirname "$reference")" >build/bits.steps
  steps "$1" >"$1/bits.steps" || { echo '  the program fails when it is to print every step'; return; }
  awk -v other="$1/bits.steps" '
    { if ((getline theirs < other) <= 0) theirs = "nothing"
      if ($0 != theirs && !found) { split(theirs, t, " "); found = 1
        printf "  differs first in network %s, step %d, %s: CRC %s, on the desktop %s\n", $1, $2, $3, t[4], $4 } }
    END { if (!found) print "  no step differs when the program prints every step" }' build/bits.steps
}

rm -f build/bits.steps
: >"$networks"
row 'the same bits' compiler 'CRC of' 'three' 'checkpoints' flags | sed 's/CRC of   three    checkpoints/CRC of three checkpoints   /'
for file in "$reference" $(for port in "$@"; do ls build/"$port"/*/bits.txt 2>/dev/null; done | grep -vxF "$reference"); do
  folder=$(dirname "$file")
  build=${folder#build/}
  tr -d '\r' <"$file" >build/bits.one
  awk -v build="$build" '{ print build, $0 }' build/bits.one >>"$networks"
  set -- $(awk '$1 == "all" { print $3 }' build/bits.one) - - -
  row "$build" "$(line "$folder/bits.build" 1)" "$1" "$2" "$3" "$(line "$folder/bits.build" 2)"
  if [ "$file" = "$reference" ]; then cp build/bits.one build/bits.reference; fi
  if cmp -s build/bits.one build/bits.reference; then same=$((same + 1)); else
    different=$((different + 1))
    where "$folder"
  fi
done
awk 'NF == 3 && $1 != "all" { if (!($1 in seen)) { seen[$1]; ++n; names = names (n > 1 ? ", " : "") $1 } } END { print "networks: " names }' build/bits.reference
echo 'no -ffp-contract=off in a row: with the contraction that the compiler does by default'
echo "RESULT $same $different 0 $((same + different)) builds, three checkpoints of each network: $networks"
[ "$different" = 0 ]
