#!/bin/bash
# Fits recorded cells with the chosen settings and measures the fits on the sweeps that are held out: bench/cells.sh [THREADS [RECORDING...]]
# Settings and recordings stand in bench/Cells/cells.json; the recordings lie in ../shared/data or in $BRAINMODULAR_DATA.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
dotnet build -c Release -v quiet "$here/bench/Cells" >&2
exec "$here/artifacts/bin/BrainModular.Bench.Cells/release/BrainModular.Bench.Cells" \
  measure "$here/bench/Cells/experiment.json" "${BRAINMODULAR_DATA:-$here/../shared/data}" "${1:-1}" "$here/bench/Cells/cells.json" "${@:2}"
