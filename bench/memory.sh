#!/bin/bash
# Memory and time of a batch by backpropagation and by online methods, for trials of several lengths: bench/memory.sh [FIGURE.svg [MS...]]
# Three recurrent layers of 512 units, 128 trials (bench/studies/layers.json, whose digits it reads from ../shared/data beside the repository).
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
figure=${1:-$here/artifacts/online-memory.svg}
lengths=("${@:2}")
if [ ${#lengths[@]} = 0 ]; then lengths=(50 100 200 400); fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
files=()
for ms in "${lengths[@]}"; do
  "$here/brain" compare-gradients "$here/bench/studies/layers.json" --set "stages.train.task.image=$ms ms" --json "$folder/$ms.json" >&2
  files+=("$folder/$ms.json")
done
dotnet build -c Release -v quiet "$here/bench/Online" >&2
exec "$here/artifacts/bin/BrainModular.Bench.Online/release/BrainModular.Bench.Online" figure "$figure" "${files[@]}"
