#!/bin/bash
# Runs a training step of a recurrent network beside the hand-written C++ reference: bench/networks.sh [FOLDER [ROUNDS [UNITSxTRIALSxSTEPS,... [LANES]]]]
# FOLDER holds the compiled reference w3, which needs OpenBLAS; without one it is compiled from ../shared/bench beside the repository.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/artifacts/bench-reference}
if [ ! -x "$folder/w3" ]; then bash "$here/../shared/bench/build.sh" "$folder"; fi
dotnet build -c Release -v quiet "$here/bench/Networks" >&2
exec "$here/artifacts/bin/BrainModular.Bench.Networks/release/BrainModular.Bench.Networks" "$folder" "${@:2}"
