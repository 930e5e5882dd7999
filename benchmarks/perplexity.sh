#!/usr/bin/env bash
# Perplexity of SmolLM2-135M in several types with Hotplug and with llama.cpp, the same files, the same chunks; prints a Markdown table.
#
#   benchmarks/perplexity.sh --peer DIR --text FILE
#
#   --peer DIR       folder with llama-perplexity and llama-quantize
#   --text FILE      UTF-8
#   --model FILE     what the other types are made of (default: the Q4_1 file in HOTPLUG_SHARED/models)
#   --types LIST     (default Q4_0,Q4_1,Q5_0,Q8_0,Q3_K_M,Q4_K_M,Q5_K_M,Q6_K)
#   --chunks N       the first N chunks of 512 tokens (default 16)
#   --ours "FLAGS"   for hotplug perplexity        --theirs "FLAGS"   for llama-perplexity (default "-fa off", see docs/models.md)
#   --threads N      of both (default 2)
#   --work DIR       where made files and results go (default artifacts/perplexity); what is there is not made or run again
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
hotplug=$root/src/Cli/bin/Release/net10.0/hotplug
peer= text= model=${HOTPLUG_SHARED:-$root/../shared}/models/SmolLM2-135M-Instruct.Q4_1.gguf
types=Q4_0,Q4_1,Q5_0,Q8_0,Q3_K_M,Q4_K_M,Q5_K_M,Q6_K chunks=16 ours= theirs="-fa off" threads=2 work=$root/artifacts/perplexity
export LC_ALL=C
fail() { echo "perplexity.sh: $*" >&2; exit 2; }

while [ $# -gt 0 ]; do
  case $1 in
    -h|--help) sed -n '2,15p' "$0" | cut -c3-; exit 0 ;;
    --peer|--text|--model|--types|--chunks|--ours|--theirs|--threads|--work) [ $# -ge 2 ] || fail "$1 takes a value."; declare "${1#--}=$2"; shift ;;
    *) fail "there is no option '$1'; --help lists them." ;;
  esac
  shift
done
for tool in llama-perplexity llama-quantize; do [ -x "$peer/$tool" ] || fail "'$peer/$tool' is missing: give its folder with --peer."; done
[ -f "$text" ] || fail "give a text with --text; '$text' is no file."
[ -f "$model" ] || fail "'$model' is missing: give a model with --model."
[ -x "$hotplug" ] || fail "'$hotplug' is missing. Type: dotnet build src/Cli -c Release"
mkdir -p "$work" || fail "'$work' cannot be made."
results=$work/results.tsv
touch "$results"

# Once for each program, type and set of flags.
measured() { # KEY COMMAND...
  local value
  value=$(awk -F'\t' -v key="$1" '$1 == key { print $2; exit }' "$results")
  if [ -z "$value" ]; then
    value=$("${@:2}") && [ -n "$value" ] || { echo "perplexity.sh: ${*:2} gave no number" >&2; return 1; }
    printf '%s\t%s\n' "$1" "$value" >> "$results"
  fi
  echo "$value"
}
of_ours() { "$hotplug" perplexity "$1" "$text" --chunks "$chunks" -t "$threads" $ours --json 2>/dev/null | sed -n 's/.*"perplexity": *\([0-9.]*\).*/\1/p'; }
of_theirs() { "$peer/llama-perplexity" -m "$1" -f "$text" -c 512 --chunks "$chunks" -t "$threads" $theirs 2>&1 | sed -n 's/.*Final estimate: PPL = \([0-9.]*\).*/\1/p'; }

echo "| type | hotplug${ours:+ $ours} | llama.cpp${theirs:+ $theirs} | difference |"
echo "|---|---|---|---|"
for type in ${types//,/ }; do
  file=$work/SmolLM2-135M.$type.gguf
  [ -f "$file" ] || { "$peer/llama-quantize" --allow-requantize "$model" "$file.partial" "$type" "$threads" >/dev/null 2>&1 && mv "$file.partial" "$file"; } || fail "llama-quantize could not make '$file'."
  a=$(measured "ours $type $chunks $ours" of_ours "$file") || exit 1
  b=$(measured "theirs $type $chunks $theirs" of_theirs "$file") || exit 1
  awk -v t="$type" -v a="$a" -v b="$b" 'BEGIN { printf "| %s | %.4f | %.4f | %+.2f %% |\n", t, a, b, 100 * (a - b) / b }'
done
