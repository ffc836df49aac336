#!/bin/bash
# Simulates the cortical microcircuit of Potjans and Diesmann 2014 and sets its rates beside the published ones: bench/microcircuit.sh [FOLDER [SCALE [SECONDS [ROUNDS [THREADS]]]]]
# Scale 1 has 77,169 cells and 0.3 billion connections and needs about 8 GB; 0.1 is the default. FOLDER keeps the configuration and the last run. Where the variable PEERS is set and the
# interpreter that PYTHON names has NEST, NEST simulates the same configuration in turn.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/artifacts/microcircuit}
mkdir -p "$folder"
"$here/brain" --version >&2
dotnet build -c Release -v quiet "$here/bench/Microcircuit" >&2
PEERS=${PEERS:+$here/bench/Microcircuit} exec "$here/artifacts/bin/BrainModular.Bench.Microcircuit/release/BrainModular.Bench.Microcircuit" \
  "$here/brain" "$folder" "${2:-0.1}" "${3:-10}" "${4:-1}" "${5:-$(nproc)}"
