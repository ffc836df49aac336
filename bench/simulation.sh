#!/bin/bash
# Simulates networks of excitatory and inhibitory cells beside the hand-written C++ reference: bench/simulation.sh [FOLDER [ROUNDS [coba|cuba:CELLSxINDEGREExSECONDS,... [THREADS]]]]
# FOLDER holds the compiled reference w1; without one it is compiled from ../shared/bench beside the repository.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/artifacts/bench-reference}
if [ "$folder" != - ] && [ ! -x "$folder/w1" ]; then bash "$here/../shared/bench/build.sh" "$folder"; fi
dotnet build -c Release -v quiet "$here/bench/Simulation" >&2
exec "$here/artifacts/bin/BrainModular.Bench.Simulation/release/BrainModular.Bench.Simulation" "$folder" "${@:2}"
