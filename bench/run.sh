#!/bin/bash
# Runs the benchmarks beside hand-written C++ and the peers that are present, and makes one table of them: bench/run.sh [FOLDER [ROUNDS]]
# FOLDER holds the compiled references (made of ../shared/bench where they are not there) and gets the table, proof.md and proof.json. PYTHON names the interpreter that has PyTorch,
# Brian2, NEST, snnTorch, Norse and SpikingJelly; the table names those that it has not. About half an hour on two cores for three rounds where all are there, with nothing else running; beside other work its figures say little.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/artifacts/bench-reference}
rounds=${2:-5}
if [ ! -x "$folder/w1" ]; then bash "$here/../shared/bench/build.sh" "$folder" >&2; fi
export PEERS=${PEERS-$here/../shared/bench}
export PYTHON=${PYTHON:-python3}
lines=$folder/proof.lines.jsonl
limits=$folder/proof.limits.jsonl
if [ -x "$folder/limits" ]; then "$folder/limits" > "$limits"; else : > "$limits"; fi
failed=()
run() { echo "$*" >&2; "$@" >> "$lines" || failed+=("$*"); }
: > "$lines"
run bash "$here/bench/startup.sh" "$rounds"
run bash "$here/bench/kernels.sh" "$folder" "$rounds" 1,64,1024 4000 float32
run bash "$here/bench/kernels.sh" "$folder" 1 100000 4000 float32
run bash "$here/bench/networks.sh" "$folder" "$rounds" 128x1x500,512x32x500,128x1x500x0.1x0.2,512x32x500x0.1x0.2
run bash "$here/bench/networks.sh" "$folder" 2 2048x32x100
PEERS= run bash "$here/bench/networks.sh" "$folder" "$rounds" 128x32x500,512x1x500,2048x1x100,128x128x100,512x128x100
PEERS= run bash "$here/bench/networks.sh" "$folder" "$rounds" 128x1x500x0.7,128x32x500x0.7,512x32x500x0.7
run bash "$here/bench/simulation.sh" "$folder" "$rounds" coba:4000x80x2,coba:40000x80x0.5,cuba:4000x80x2,cuba:40000x80x0.5
PEERS= run bash "$here/bench/simulation.sh" "$folder" "$rounds" coba:400000x80x0.1
PEERS= run bash "$here/bench/simulation.sh" "$folder" "$rounds" coba:4000x80x2,coba:40000x80x0.5,coba:400000x80x0.1,cuba:4000x80x2 2
for threads in 1 2; do run bash "$here/bench/microcircuit.sh" "$folder/microcircuit" 0.1 10 "$rounds" "$threads"; done
run bash "$here/bench/products.sh" "$folder" "$rounds"
run bash "$here/bench/online.sh" "$rounds"
dotnet build -c Release -v quiet "$here/bench/Proof" >&2
"$here/artifacts/bin/BrainModular.Bench.Proof/release/BrainModular.Bench.Proof" "$lines" "$limits" "$folder/proof"
for command in ${failed[@]+"${failed[@]}"}; do echo "failed, or with rates that differ: $command" >&2; done
[ ${#failed[@]} = 0 ]
