#!/bin/bash
# Processor seconds until the paper's Hodgkin-Huxley fit has come to a loss, beside PyTorch with SciPy's L-BFGS-B and Brian2 with SciPy's differential evolution: bench/fit-peers.sh [ROUNDS [THREADS]]
# PYTHON names the interpreter that has PyTorch, SciPy and Brian2. A round takes one to two minutes, most of them PyTorch's.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
data=${BRAINMODULAR_DATA:-$here/../shared/data}
dotnet build -c Release -v quiet "$here/bench/Fits" >&2
PEERS="$here/bench/Fits" exec "$here/artifacts/bench/Fits/BrainModular.Bench.Fits" peers \
  "$data/icephys-brian2mf-hh-traces/neuron_traces/input_traces_hh.csv" "${1:-3}" "${2:-$(nproc)}"
