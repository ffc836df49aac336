#!/bin/bash
# Multiplies sparse connections with the units that are active, forward and both ways back, beside C++: bench/products.sh [FOLDER [ROUNDS [N [PER-ROW]]]]
# FOLDER holds the compiled reference w5; without one it is compiled from ../shared/bench beside the repository. The ways back are held against bench/Products/adjoints.cpp.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/artifacts/bench-reference}
if [ ! -x "$folder/w5" ]; then bash "$here/../shared/bench/build.sh" "$folder"; fi
if [ ! -x "$folder/adjoints" ]; then g++ -O3 -march=native -ffast-math -std=c++17 "$here/bench/Products/adjoints.cpp" -o "$folder/adjoints"; fi
dotnet build -c Release -v quiet "$here/bench/Products" >&2
exec "$here/artifacts/bin/BrainModular.Bench.Products/release/BrainModular.Bench.Products" "$folder" "${@:2}"
