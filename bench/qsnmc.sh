#!/bin/bash
# Fits a generalised integrate-and-fire neuron to set 11 of the 2007 competition of single-neuron models and predicts the spikes of set 04, another noise current into
# the same cell: bench/qsnmc.sh [BRAIN-RUN-OPTION...]. Within the training alone: --set 'stages.potential.recording.sweeps={"train":"1,2","test":"none"}'
# --set 'stages.potential.recording.testFrom=4.5 s'. The recordings lie in ../shared/data or in $BRAINMODULAR_DATA.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
sets=${BRAINMODULAR_DATA:-$here/../shared/data}/icephys-qsnmc2007/Challenge_A/training
"$here/brain" convert "$sets"/11-{0,1}.voltage.gz "$sets"/04-{0,1}.voltage.gz "$folder/qsnmc.nwb" \
  --rate 5000 --stimulus 2 --stimulus-unit pA --response 3 --response-unit mV >&2
"$here/brain" run "$here/bench/Cells/qsnmc.json" --set "stages.potential.recording.path=$folder/qsnmc.nwb" "$@"
