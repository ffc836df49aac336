#!/bin/bash
# Loss and gradient of a batch of candidate cells over 20 s, one JSON line a round with seconds and the most memory beyond that at the start:
# bench/batch.sh [ROUNDS [CANDIDATES [THREADS]]]
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
dotnet build -c Release -v quiet "$here/bench/Fits" >&2
for case in gif gif-pozzorini hodgkin-huxley; do
  "$here/artifacts/bench/Fits/BrainModular.Bench.Fits" batch "$case" "${1:-3}" "${2:-1000}" "${3:-$(nproc)}"
done
