#!/usr/bin/env bash
# Runs llama-bench and hotplug bench in turn on one file, and prints each pair, then the median, smallest and largest ratio (above 1: hotplug is faster).
# Usage: benchmarks/compare.sh LLAMA_BENCH MODEL [PAIRS] [THREADS]      after `dotnet build Framework.sln -c Release`
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,4p' "$0" | cut -c3-; exit 2; }
peer=$1 model=$2 pairs=${3:-7} threads=${4:-2}
hotplug=$(dirname "$0")/../src/Cli/bin/Release/net10.0/hotplug

# The last column but one is the speed, in the order prompt, generation.
theirs() { "$peer" -m "$model" -t "$threads" -p 512 -n 128 -r 1 -o csv 2>/dev/null | awk -F'","' 'NR > 1 { print $(NF - 1) }'; }
ours() { "$hotplug" bench "$model" -t "$threads" -p 512 -n 128 -r 1 --json 2>/dev/null | sed -n 's/.*"tokensPerSecond": *\([0-9.]*\).*/\1/p'; }
summary() { sort -n | awk -v what="$1" '{ r[NR] = $1 } END { printf "%s: median %.2f (%.2f to %.2f)\n", what, r[int((NR + 1) / 2)], r[1], r[NR] }'; }

ratios=$(mktemp)
trap 'rm -f "$ratios"' EXIT
for ((i = 1; i <= pairs; i++)); do
  mapfile -t a < <(theirs)
  mapfile -t b < <(ours)
  awk -v i="$i" -v tp="${a[0]}" -v tg="${a[1]}" -v op="${b[0]}" -v og="${b[1]}" \
    'BEGIN { printf "pair %d  prefill %.0f / %.0f = %.3f  decode %.1f / %.1f = %.3f\n", i, op, tp, op / tp, og, tg, og / tg }' | tee -a "$ratios"
done
awk '{ print $8 }' "$ratios" | summary "prefill 512"
awk '{ print $14 }' "$ratios" | summary "decode 128"
