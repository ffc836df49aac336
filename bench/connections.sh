#!/bin/bash
# Builds 1e8 connections and says what that took, one JSON line: bench/connections.sh [GENERATOR [UNITS]]
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
dotnet build -c Release -v quiet "$here/bench/Connections" >&2
exec "$here/artifacts/bin/BrainModular.Bench.Connections/release/BrainModular.Bench.Connections" "$@"
