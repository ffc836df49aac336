#!/bin/bash
# How long it takes until a simulation is under way, and to trace and compile a neuron model: bench/startup.sh [ROUNDS]
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
"$here/brain" --version >&2
dotnet build -c Release -v quiet "$here/bench/Startup" >&2
exec "$here/artifacts/bin/BrainModular.Bench.Startup/release/BrainModular.Bench.Startup" "$here/brain" "$here/bench/Startup/network.json" "${1:-5}"
