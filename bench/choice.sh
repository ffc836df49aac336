#!/bin/bash
# Chooses each neuron's form and the settings of its fits by cross-validation within the training sweeps: bench/choice.sh [THREADS [NEURON...]]
# What is tried, and on which sweeps, stands in bench/Cells/choice.json; the recordings lie in ../shared/data or in $BRAINMODULAR_DATA.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
dotnet build -c Release -v quiet "$here/bench/Cells" >&2
exec "$here/artifacts/bin/BrainModular.Bench.Cells/release/BrainModular.Bench.Cells" \
  choose "$here/bench/Cells/experiment.json" "${BRAINMODULAR_DATA:-$here/../shared/data}" "${1:-1}" "$here/bench/Cells/choice.json" "${@:2}"
