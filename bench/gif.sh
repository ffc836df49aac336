#!/bin/bash
# Fits a generalised integrate-and-fire neuron to the first 10 s of repeated noise currents and predicts the spikes of the next 10 s:
# bench/gif.sh [BRAIN-RUN-OPTION...], such as --set 'stages.potential.recording.sweeps={"train":"1009","test":"1010-1015"}' for a fit to one repeat.
# CONFIG=gif-threshold.json bench/gif.sh fits a threshold without randomness instead. The recordings lie in ../shared/data or in $BRAINMODULAR_DATA.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
waves=${BRAINMODULAR_DATA:-$here/../shared/data}/icephys-gif-pozzorini
"$here/brain" convert "$waves"/Cell3_Ger1Test_ch2_*.ibw "$waves"/Cell3_Ger1Test_ch3_*.ibw "$folder/gif.nwb" >&2
"$here/brain" run "$here/bench/Cells/${CONFIG:-gif.json}" --set "stages.potential.recording.path=$folder/gif.nwb" "$@"
