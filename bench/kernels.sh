#!/bin/bash
# Runs the kernel benchmark beside the hand-written C++ reference: bench/kernels.sh [FOLDER [ROUNDS [N,N,... [STEPS [float32|float64]]]]]
# FOLDER holds the compiled references w4f and w4d; without one they are compiled from ../shared/bench beside the repository.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/artifacts/bench-reference}
if [ ! -x "$folder/w4f" ]; then bash "$here/../shared/bench/build.sh" "$folder"; fi
dotnet build -c Release -v quiet "$here/bench/Kernels" >&2
exec "$here/artifacts/bin/BrainModular.Bench.Kernels/release/BrainModular.Bench.Kernels" "$folder" "${@:2}"
