#!/bin/bash
# Lets a network learn online from ten minutes of one stream, kills the same half-way and resumes it, and compares what both leave: bench/stream.sh [FOLDER]
# Prints the memory of a tenth of the stream and of the whole of it, and whether both ways come to the same bits.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/artifacts/stream}
config=$here/bench/studies/stream.json
rm -rf "$folder"
mkdir -p "$folder"

# A figure of a run's summary.
figure() { sed -n "s/^      \"$2\": \([^,]*\),*$/\1/p" "$folder/$1/summary.json"; }

# Runs the stream and samples the working set in kB, twice a second.
run() {
  "$here/brain" run "$config" --out "$folder/$1" "${@:2}" > /dev/null 2> "$folder/$1.log" &
  local process=$!
  while kill -0 $process 2> /dev/null; do
    if [ -f "$folder/$1/metrics.jsonl" ]; then
      echo "$(wc -l < "$folder/$1/metrics.jsonl") $(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' /proc/$process/status 2> /dev/null)" >> "$folder/$1.memory"
    fi
    sleep 0.5
  done
  wait $process || { cat "$folder/$1.log" >&2; exit 1; }
}

run tenth --set stages.train.maxTrials=60
run whole
echo "| steps | accuracy on fresh trials | engine's memory, bytes | working set, MB, at a quarter of the stream | at its end | seconds |"
echo "|---|---|---|---|---|---|"
for name in tenth whole; do
  set -- $(awk -v trials="$(figure $name trials)" 'NF == 2 && $1 >= trials / 4 && !first { first = $2 } NF == 2 && $1 < trials { last = $2 } END { printf "%.1f %.1f", first / 1024, last / 1024 }' "$folder/$name.memory")
  printf '| %d | %.3f | %s | %s | %s | %.0f |\n' "$(($(figure $name trials) * 1000))" "$(figure $name accuracy)" "$(figure $name bytes)" "$1" "$2" "$(figure $name seconds)"
done

"$here/brain" run "$config" --out "$folder/killed" > /dev/null 2>&1 &
process=$!
until [ "$(cat "$folder/killed/metrics.jsonl" 2> /dev/null | wc -l)" -ge 300 ]; do
  kill -0 $process
  sleep 0.05
done
kill -9 $process
wait $process 2> /dev/null || true
echo
echo "killed after $(wc -l < "$folder/killed/metrics.jsonl") of 600 trials"
"$here/brain" resume "$folder/killed" > /dev/null 2> "$folder/killed.log"
cmp "$folder/whole/metrics.jsonl" "$folder/killed/metrics.jsonl"

# A checkpoint holds weights, the optimiser, all states and all traces; its bytes 5 to 12 are the seconds that the run took.
cmp -i 12 "$folder/whole/checkpoints/train" "$folder/killed/checkpoints/train"
echo "the loss of every trial and $(($(stat -c %s "$folder/whole/checkpoints/train") - 12)) bytes of weights, optimiser, states and traces are the same"
