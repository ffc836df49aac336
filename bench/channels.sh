#!/bin/bash
# Fits a cell of six ion channels to the features of an interneuron's spikes and the potential between them: bench/channels.sh [BRAIN-RUN-OPTION...].
# The recording lies in ../shared/data or in $BRAINMODULAR_DATA.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
exec "$here/brain" run "$here/bench/Cells/channels.json" \
  --set "stages.cell.recording.path=${BRAINMODULAR_DATA:-$here/../shared/data}/icephys-lantyer2018/LantyerEtAl2018_180817_ME_9_CC.nwb" "$@"
