#!/bin/bash
# Fits a generalised integrate-and-fire neuron to current steps into a pyramidal cell and predicts the sweeps that are held out: bench/steps.sh [BRAIN-RUN-OPTION...]
# The recording lies in ../shared/data or in $BRAINMODULAR_DATA.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
cell=${BRAINMODULAR_DATA:-$here/../shared/data}/icephys-ferguson2015/FergusonEtAl2015_PYR2.nwb
exec "$here/brain" run "$here/bench/Cells/steps.json" --set "stages.potential.recording.path=$cell" "$@"
