#!/bin/bash
# Fits the paper's Hodgkin-Huxley case from random starts, one JSON line a seed: bench/fits.sh [SEEDS [STARTS [THREADS]]]
# The inputs are the currents of ../shared/data/icephys-brian2mf-hh-traces; the target is the model's own, without noise.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
data=${BRAINMODULAR_DATA:-$here/../shared/data}
dotnet build -c Release -v quiet "$here/bench/Fits" >&2
exec "$here/artifacts/bench/Fits/BrainModular.Bench.Fits" \
  "$data/icephys-brian2mf-hh-traces/neuron_traces/input_traces_hh.csv" "$@"
