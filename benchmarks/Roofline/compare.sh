#!/usr/bin/env bash
# The limits of the processor as C and as C# reach them: roofline.c and `hotplug bench --roofline` in turn, the best of all runs of each, as a Markdown table.
# Usage: benchmarks/Roofline/compare.sh [RUNS] [THREADS]      after `dotnet build src/Cli -c Release`; needs a C compiler (CC, default gcc) and AVX2
set -uo pipefail
export LC_ALL=C
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
runs=${1:-5} threads=${2:-2} cc=${CC:-gcc} hotplug=$root/src/Cli/bin/Release/net10.0/hotplug
fail() { echo "compare.sh: $*" >&2; exit 2; }
[[ $runs =~ ^[1-9][0-9]*$ && $threads =~ ^[1-9][0-9]*$ ]] || fail "RUNS and THREADS are numbers from 1 on."
command -v "$cc" >/dev/null || fail "there is no C compiler '$cc'; name one with CC."
[ -x "$hotplug" ] || fail "'$hotplug' is missing. Type: dotnet build src/Cli -c Release"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$cc" -O3 -march=native -pthread "$root/benchmarks/Roofline/roofline.c" -o "$folder/roofline" || fail "roofline.c does not compile."

for ((i = 0; i < runs; i++)); do
  "$folder/roofline" "$threads" | awk -F'\t' '{ split($3, v, " "); print "C\t" $1 "\t" $2 "\t" v[1] "\t" ($3 ~ /ns$/ ? "ns" : substr($3, index($3, " ") + 1)) }'
  # The registers of C are 256 bits wide: wider ones are other rows.
  "$hotplug" bench -p 8 -n 0 -r 1 -t "$threads" --roofline --json 2>/dev/null | awk '
    /"kind":/ { kind = $0; sub(/.*: "/, "", kind); sub(/".*/, "", kind) }
    /"subject":/ { subject = $0; sub(/.*: "/, "", subject); sub(/".*/, "", subject); sub(/, 256 bits$/, "", subject) }
    /"threads":/ { count = $2 + 0 }
    /"value":/ { value = $2 + 0; printf "H\t%s\t%d\t%s\t%s\n", subject, count, kind == "Synchronization" ? value * 1e9 : value / 1e9, kind == "Synchronization" ? "ns" : kind == "ReadBandwidth" ? "GB/s" : "G products/s" }
    /"freshPageSeconds":/ { printf "H\tpage of fresh memory, first touch\t1\t%s\tns\n", $2 * 1e9 }'
done | awk -F'\t' -v runs="$runs" '
  { key = $2 "\t" $3; less = $5 == "ns"; if (!(key in unit)) { order[++n] = key; unit[key] = $5 }
    if (!(($1, key) in best) || (less ? $4 < best[$1, key] : $4 > best[$1, key])) best[$1, key] = $4 + 0 }
  END {
    print "| | threads | C | C# | C# is |"; print "|---|---|---|---|---|"
    for (i = 1; i <= n; i++) {
      key = order[i]; split(key, part, "\t"); c = best["C", key]; h = best["H", key]
      printf "| %s | %s | %s | %s | %s |\n", part[1], part[2], c ? sprintf("%.4g %s", c, unit[key]) : "–", h ? sprintf("%.4g %s", h, unit[key]) : "–", c && h ? sprintf("%.2f", unit[key] == "ns" ? c / h : h / c) : "–"
    }
    printf "\nBest of %d runs of each.\n", runs
  }'
