#!/bin/bash
# Simulates the cortical microcircuit of Potjans and Diesmann 2014 and sets its rates beside the published ones: bench/microcircuit.sh [FOLDER [SCALE [SECONDS]]]
# Scale 1 has 77,169 cells and 0.3 billion connections and needs about 8 GB; 0.1 is the default. FOLDER keeps the configuration and the run.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/artifacts/microcircuit}
mkdir -p "$folder"
dotnet build -c Release -v quiet "$here/bench/Microcircuit" >&2
program=$here/artifacts/bin/BrainModular.Bench.Microcircuit/release/BrainModular.Bench.Microcircuit
"$program" "${2:-0.1}" "${3:-10}" "$folder/microcircuit.json"
rm -rf "$folder/run"
"$here/brain" run "$folder/microcircuit.json" --out "$folder/run" >&2
"$program" "$folder/run/summary.json"
