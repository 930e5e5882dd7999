#!/usr/bin/env bash
# Runs Hotplug and llama.cpp in turn on the same files and prints medians and spreads of the ratios as a Markdown table.
#
#   benchmarks/compare.sh --peer DIR smollm2              SmolLM2-135M in Q4_0, Q4_1 and Q8_0
#   benchmarks/compare.sh --peer DIR 1b                   the shape of Llama 3.2 1B in six types, random weights
#   benchmarks/compare.sh --peer DIR MODEL.gguf ...       any files
#   benchmarks/compare.sh --table --results FILE          the table once more, nothing is run
#
#   --peer DIR       folder with llama-bench, llama-completion and (for smollm2) llama-quantize
#   --rows LIST      of speed,speed-8,deep-f16,deep-q8,start,memory; default all but speed-8, deep rows of 1b with Q4_0 only
#                    speed-8 is speed with activations of eight bits (cpu.activations=8)
#   --pairs N        alternating pairs of speed and start (default 7)     --deep-pairs N   of the deep rows and memory (default 3)
#   --threads N      of both (default 2)                                  --seconds N      stop beginning pairs after so long
#   --results FILE   where pairs are kept, a line each; what is there is not run again (default: artifacts/compare/SET-COMMIT.tsv)
#   --work DIR       where made files go (default artifacts/compare); 1b needs 5.5 GB there, and removes what it made with --clean
#
# Needs `dotnet build src/Cli -c Release`, and for 1b `dotnet build benchmarks/Hotplug.ModelForge -c Release`. Interrupt it at will: it goes on where it stopped.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
hotplug=$root/src/Cli/bin/Release/net10.0/hotplug
forge=$root/benchmarks/Hotplug.ModelForge/bin/Release/net10.0/model-forge
peer= rows=speed,start,memory,deep-f16,deep-q8 pairs=7 deep_pairs=3 threads=2 seconds= results= work=$root/artifacts/compare table_only= clean= sets=()
export LC_ALL=C

fail() { echo "compare.sh: $*" >&2; exit 2; }
number() { [[ $2 =~ ^[1-9][0-9]*$ ]] || fail "$1 takes a number from 1 on, not '$2'."; }

while [ $# -gt 0 ]; do
  case $1 in
    --peer|--rows|--pairs|--deep-pairs|--threads|--seconds|--results|--work) [ $# -ge 2 ] || fail "$1 takes a value." ;;&
    --peer) peer=$2; shift ;;
    --rows) rows=$2; shift ;;
    --pairs) number "$1" "$2"; pairs=$2; shift ;;
    --deep-pairs) number "$1" "$2"; deep_pairs=$2; shift ;;
    --threads) number "$1" "$2"; threads=$2; shift ;;
    --seconds) number "$1" "$2"; seconds=$2; shift ;;
    --results) results=$2; shift ;;
    --work) work=$2; shift ;;
    --table) table_only=1 ;;
    --clean) clean=1 ;;
    -h|--help) sed -n '2,17p' "$0" | cut -c3-; exit 0 ;;
    -*) fail "there is no option '$1'; --help lists them." ;;
    *) sets+=("$1") ;;
  esac
  shift
done
for row in ${rows//,/ }; do
  [[ " speed speed-8 deep-f16 deep-q8 start memory " == *" $row "* ]] || fail "there is no row '$row'. Rows: speed, speed-8, deep-f16, deep-q8, start, memory."
done

# --- the table -------------------------------------------------------------------------------------------------------------------

# Lines of results: file, row, ours, theirs, separated by tabs; lines that begin with # say on what, and what could not be measured.
table() {
  [ -f "$results" ] || fail "there are no results in '$results'."
  sed -n 's/^# //p' "$results" | awk '!seen[$0]++'
  echo
  echo '| file | measured | pairs | ratio, median | smallest to largest | Hotplug | llama.cpp | difference |'
  echo '|---|---|---|---|---|---|---|---|'
  awk -F'\t' '
    function sort(a, n,   i, j, t) { for (i = 2; i <= n; i++) { t = a[i]; for (j = i - 1; j > 0 && a[j] > t; j--) a[j + 1] = a[j]; a[j + 1] = t } }
    function median(a, n) { sort(a, n); return n % 2 ? a[(n + 1) / 2] : (a[n / 2] + a[n / 2 + 1]) / 2 }
    /^#/ || NF < 4 { next }
    { key = $1 "\t" $2; if (!(key in count)) order[++keys] = key; n = ++count[key]; ours[key, n] = $3; theirs[key, n] = $4 }
    END {
      for (k = 1; k <= keys; k++) {
        key = order[k]; n = count[key]; split(key, part, "\t"); row = part[2]
        # Of times and sizes less is better.
        less = row ~ /^(start|memory)/; unit = row ~ /^start/ ? " ms" : row ~ /^memory/ ? " MiB" : " tokens/s"
        for (i = 1; i <= n; i++) { o[i] = ours[key, i] + 0; t[i] = theirs[key, i] + 0; r[i] = less ? t[i] / o[i] : o[i] / t[i]; d[i] = o[i] - t[i] }
        ratio = median(r, n); sum[row] += ratio; files[row]++
        if (!(row in seen)) { seen[row] = 1; names[++rows] = row }
        printf "| %s | %s | %d | **%.2f** | %.2f to %.2f | %.4g%s | %.4g%s | %s |\n", part[1], row, n, ratio, r[1], r[n], median(o, n), unit, median(t, n), unit, less ? sprintf("%+.0f%s", median(d, n), unit) : ""
      }
      print ""
      for (k = 1; k <= rows; k++) if (files[names[k]] > 1) printf "Mean of the medians, %s: %.2f\n", names[k], sum[names[k]] / files[names[k]]
    }' "$results"
}

if [ -n "$table_only" ]; then
  [ -n "$results" ] || fail "--table needs --results FILE."
  table
  exit
fi

# --- what is run, and on what ----------------------------------------------------------------------------------------------------

errors=$(mktemp)
trap 'rm -f "$errors"' EXIT
trap 'exit 130' INT TERM
[ ${#sets[@]} -gt 0 ] || fail "name a set (smollm2, 1b) or model files; --help shows how."
[ -n "$peer" ] || fail "--peer DIR is missing: the folder with llama-bench."
[ -d "$peer" ] || fail "--peer: '$peer' is no folder."
mkdir -p "$work" || fail "'$work' cannot be made."
# A copy that lost its links has small files with a name in each in their place: then it is mended in a copy of ours.
if stub=$(find "$peer" -maxdepth 1 -name '*.so*' -type f -size -200c | head -1) && [ -n "$stub" ]; then
  mended=$work/peer
  mkdir -p "$mended" && cp -f "$peer"/* "$mended"/ && chmod -R u+w "$mended" || fail "'$peer' cannot be copied to '$mended'."
  find "$mended" -maxdepth 1 -name '*.so*' -type f -size -200c | while read -r link; do target=$(cat "$link"); rm -f "$link"; ln -s "$target" "$link"; done
  peer=$mended
fi
for program in llama-bench llama-completion; do
  [ -x "$peer/$program" ] || fail "'$peer/$program' is missing or cannot be executed."
  # A copy without its links is the usual trouble, and the loader says which library.
  "$peer/$program" --help >/dev/null 2>"$errors" || { reason=$(head -1 "$errors"); fail "'$peer/$program' does not start: ${reason:-no reason given}"; }
done
[ -x "$hotplug" ] || fail "'$hotplug' is missing. Type: dotnet build src/Cli -c Release"

made=()
quantized() { # FILE TYPE: SmolLM2 in another type, once
  local source=${HOTPLUG_SHARED:-$root/../shared}/models/SmolLM2-135M-Instruct.Q4_1.gguf
  [ -f "$source" ] || fail "'$source' is missing: set HOTPLUG_SHARED to the folder that has models/."
  [ "$2" = Q4_1 ] && { [ -f "$1" ] || ln -sf "$(readlink -f "$source")" "$1"; return; }
  [ -f "$1" ] && return
  [ -x "$peer/llama-quantize" ] || fail "'$peer/llama-quantize' is missing; it makes $2 of SmolLM2."
  echo "making $1" >&2
  "$peer/llama-quantize" --allow-requantize "$source" "$1.partial" "$2" "$threads" >/dev/null 2>&1 && mv "$1.partial" "$1" || fail "llama-quantize could not make '$1'."
}
forged() { # FILE TYPE
  made+=("$1")
  [ -f "$1" ] && return
  [ -x "$forge" ] || fail "'$forge' is missing. Type: dotnet build benchmarks/Hotplug.ModelForge -c Release"
  echo "making $1" >&2
  "$forge" "$1" --shape llama-3.2-1b --type "$2" >/dev/null || fail "model-forge could not make '$1'."
}

files=() deep=()
for set in "${sets[@]}"; do
  case $set in
    smollm2) for t in Q4_0 Q4_1 Q8_0; do f=$work/SmolLM2-135M.$t.gguf; quantized "$f" "$t"; files+=("$f"); deep+=("$f"); done ;;
    1b) for t in Q4_0 Q4_K Q5_K Q6_K Q8_0 IQ4_NL; do f=$work/Llama-3.2-1B-shape.$t.gguf; forged "$f" "$t"; files+=("$f"); [ $t = Q4_0 ] && deep+=("$f"); done ;;
    *) [ -f "$set" ] || fail "'$set' is neither a set (smollm2, 1b) nor a file."; files+=("$set"); deep+=("$set") ;;
  esac
done
commit=$(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)
[ -n "$results" ] || { [ ${#sets[@]} -eq 1 ] && [ ! -f "${sets[0]}" ] && name=${sets[0]} || name=files; results=$work/$name-$commit.tsv; }
touch "$results" 2>/dev/null || fail "'$results' cannot be written."

note() { grep -qxF "# $1" "$results" || echo "# $1" >> "$results"; }
note "Processor: $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo 2>/dev/null | head -1), $(nproc) cores, $(awk '/^flags/ { for (i = 1; i <= NF; i++) if ($i ~ /^(avx2|avx512f|avx512_vnni|avx_vnni)$/) s = s " " $i; print s; exit }' /proc/cpuinfo | xargs); $threads threads of both programs."
note "Hotplug $commit, .NET $(dotnet --list-runtimes 2>/dev/null | awk '/NETCore.App 10/ { v = $2 } END { print v }'); llama.cpp $("$peer/llama-bench" --version 2>&1 | grep -m1 -oE 'version.*|build.*'), $("$peer/llama-bench" --list-devices 2>&1 | grep -o 'libggml-cpu-[a-z0-9]*' | head -1)."

# --- one side of one pair --------------------------------------------------------------------------------------------------------

# Each prints one number per line, or fails; what it said on stderr is kept for the message.

# Large models take long enough for a first run not to matter, and twice as long with one that is not counted.
warm() { [ "$(stat -Lc %s "$1")" -gt 400000000 ] && echo --no-warmup; }
# The last column but one is the speed.
their_bench() { "$peer/llama-bench" -m "$1" -t "$threads" -r 1 -o csv $(warm "$1") "${@:2}" 2>"$errors" | awk -F'","' 'NR > 1 { print $(NF - 1) }'; }
our_bench() { "$hotplug" bench "$1" -t "$threads" -r 1 --json $(warm "$1") "${@:2}" 2>"$errors" | sed -n 's/.*"tokensPerSecond": *\([0-9.]*\).*/\1/p'; }

# Milliseconds from the start of a process to the first byte it writes, or to its end if it writes none.
first_byte() {
  local start=$EPOCHREALTIME end _
  exec {out}< <(exec "$@" 2>"$errors")
  read -r -N 1 -u "$out" _
  end=$EPOCHREALTIME
  cat <&"$out" >/dev/null
  exec {out}<&-
  echo $(( (${end/./} - ${start/./}) / 1000 ))
}

# Largest resident memory of a process, in MiB, without what is mapped of the model.
beyond() { # MODEL COMMAND...
  local model; model=$(readlink -f "$1"); shift
  "$@" >/dev/null 2>"$errors" &
  local pid=$! peak=0 now
  while kill -0 "$pid" 2>/dev/null; do
    now=$(awk -v model="$model" '/^[0-9a-f]+-[0-9a-f]+ / { mapped = index($0, model) } /^Rss:/ { if (!mapped) kib += $2 } END { print kib + 0 }' "/proc/$pid/smaps" 2>/dev/null)
    [ "${now:-0}" -gt "$peak" ] && peak=$now
    sleep 0.05
  done
  wait "$pid" || return 1
  awk -v kib="$peak" 'BEGIN { printf "%.1f\n", kib / 1024 }'
}

# A prompt of 64 tokens of this model: the longest beginning of a text that has no more.
prompt_of() {
  local text="the man and the boy went out to the old house by the sea and there they saw a small boat on the sand with no one in it so they sat down and had some bread and milk and then the boy said that he would like to go out on the water to see what was on the other side of the bay but the man said no it is late and we must go home"
  local words=($text) i line lines=
  for ((i = 1; i <= ${#words[@]}; i++)); do lines+="${words[*]:0:i}"$'\n'; done
  printf '%s' "$lines" > "$work/prompt.$$"
  i=$("$hotplug" tokenize "$1" --file "$work/prompt.$$" 2>"$errors" | awk -F, 'NF <= 64 { n = NR } END { print n + 0 }')
  rm -f "$work/prompt.$$"
  [ "$i" -gt 0 ] && echo "${words[*]:0:i}"
}

# --- pairs -----------------------------------------------------------------------------------------------------------------------

begun=$SECONDS
count() { awk -F'\t' -v f="$1" -v r="$2" '$1 == f && $2 == r { n++ } END { print n + 0 }' "$results"; }
keep() { printf '%s\t%s\t%s\t%s\n' "$@" | tee -a "$results" >&2; }
# A row that one of the programs cannot do is noted with what it said, and the rest goes on.
cannot() {
  local said; said=$(grep -m1 -iE 'error|fail|^hotplug:' "$errors" || grep -v '^$' "$errors" | tail -1)
  note "Not measured: $1, $2: $3: $(cut -c1-200 <<< "${said:-it said nothing}")"
  echo "$1: $2: $3 failed: ${said:-it said nothing}" >&2
}

# Runs pairs until there are enough. ROW-NAMES are the rows that a pair yields, one number of each side per row.
pairs_of() { # FILE N "ROW-NAMES" OURS THEIRS, both functions of the file
  local file=$1 wanted=$2 name ours theirs i turn; name=$(basename "$file" .gguf)
  local -a labels; IFS=';' read -ra labels <<< "$3"
  while [ "$(count "$name" "${labels[-1]}")" -lt "$wanted" ]; do
    [ -z "$seconds" ] || [ $((SECONDS - begun)) -lt "$seconds" ] || { echo "stopped after $seconds seconds; run it again to go on" >&2; return; }
    # Who goes first changes from pair to pair.
    turn=$(($(count "$name" "${labels[-1]}") % 2))
    [ $turn = 0 ] || { theirs=($($5 "$file")); [ ${#theirs[@]} -ge ${#labels[@]} ] || { cannot "$name" "${labels[*]}" llama.cpp; return; }; }
    ours=($($4 "$file")); [ ${#ours[@]} -ge ${#labels[@]} ] || { cannot "$name" "${labels[*]}" Hotplug; return; }
    [ $turn = 1 ] || { theirs=($($5 "$file")); [ ${#theirs[@]} -ge ${#labels[@]} ] || { cannot "$name" "${labels[*]}" llama.cpp; return; }; }
    for ((i = 0; i < ${#labels[@]}; i++)); do keep "$name" "${labels[i]}" "${ours[i]}" "${theirs[i]}"; done
  done
}

our_speed() { our_bench "$1" -p 512 -n 128; }
our_speed_8() { our_bench "$1" -p 512 -n 128 --set cpu.activations=8; }
their_speed() { their_bench "$1" -p 512 -n 128; }
our_deep_f16() { our_bench "$1" -p 512 -n 0 -d 4096 --kv-type f16; }
their_deep_f16() { their_bench "$1" -p 512 -n 0 -d 4096; }
our_deep_q8() { our_bench "$1" -p 512 -n 0 -d 4096 --kv-type q8_0; }
their_deep_q8() { their_bench "$1" -p 512 -n 0 -d 4096 -fa on -ctk q8_0 -ctv q8_0; }
our_start() { first_byte "$hotplug" run "$1" "$prompt" -n 1 --temp 0 -t "$threads" -c 4096; }
their_start() { first_byte "$peer/llama-completion" -m "$1" -t "$threads" -c 4096 -p "$prompt" -n 1 --temp 0 -no-cnv --no-display-prompt; }
their_start_cold() { first_byte "$peer/llama-completion" -m "$1" -t "$threads" -c 4096 -p "$prompt" -n 1 --temp 0 -no-cnv --no-display-prompt --no-warmup; }
our_memory() { beyond "$1" "$hotplug" bench "$1" -t "$threads" -r 1 -p 512 -n 32 --json; }
their_memory() { beyond "$1" "$peer/llama-bench" -m "$1" -t "$threads" -r 1 -p 512 -n 32; }

for row in ${rows//,/ }; do
  list=("${files[@]}"); [[ $row == deep-* ]] && list=(${deep[@]+"${deep[@]}"})
  for file in ${list[@]+"${list[@]}"}; do
    # Once through the file, so that nobody reads it from the disk.
    cat "$file" >/dev/null
    case $row in
      speed) pairs_of "$file" "$pairs" "prefill 512;decode 128" our_speed their_speed ;;
      speed-8) pairs_of "$file" "$pairs" "prefill 512, activations of 8 bits;decode 128, activations of 8 bits" our_speed_8 their_speed ;;
      deep-f16) pairs_of "$file" "$deep_pairs" "prefill 512 at 4096, KV F16" our_deep_f16 their_deep_f16 ;;
      deep-q8) pairs_of "$file" "$deep_pairs" "prefill 512 at 4096, KV Q8_0" our_deep_q8 their_deep_q8 ;;
      start)
        prompt=$(prompt_of "$file") || { cannot "$(basename "$file" .gguf)" start "the tokenizer"; continue; }
        pairs_of "$file" "$pairs" "start to first token, 64 tokens" our_start their_start
        pairs_of "$file" "$pairs" "start to first token, 64 tokens, peer --no-warmup" our_start their_start_cold ;;
      memory) pairs_of "$file" "$deep_pairs" "memory beyond the mapped file" our_memory their_memory ;;
    esac
  done
done
table
[ -z "$clean" ] || rm -f ${made[@]+"${made[@]}"}
