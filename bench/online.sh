#!/bin/bash
# Times a step of a recurrent network that learns online, beside a forward step and the machine's memory: bench/online.sh [ROUNDS [UNITS [LANES]]]
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
dotnet build -c Release -v quiet "$here/bench/Online" >&2
exec "$here/artifacts/bin/BrainModular.Bench.Online/release/BrainModular.Bench.Online" "$@"
