#!/bin/bash
# How often single starts find what a trace was made with, where a fit begins otherwise than with whole sweeps: bench/rounds.sh [FOLDER [SEEDS]]
# The traces are two oscillators of 300 and 600 ms, FitzHugh and Nagumo's and Morris and Lecar's, integrated by Runge and Kutta's method from rest.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/artifacts/rounds}
seeds=${2:-20}
mkdir -p "$folder"

# The current in nA and the potential in mV every 0.05 ms; rates() gives dy and dw of both variables, and the current begins after 20 ms.
trace() {
  local name=$1 duration=$2 current=$3 begin=$4 rates=$5 potential=$6
  [[ -f $folder/$name.nwb ]] && return
  awk -v T="$duration" -v I="$current" "function tanh(x) { return 1 - 2 / (exp(2 * x) + 1) } $rates"'
    function step(h,   a, b, c, d, e, f, g, k) {
      rates(y, w); a = dy; b = dw; rates(y + h / 2 * a, w + h / 2 * b); c = dy; d = dw
      rates(y + h / 2 * c, w + h / 2 * d); e = dy; f = dw; rates(y + h * e, w + h * f); g = dy; k = dw
      y += h / 6 * (a + 2 * c + 2 * e + g); w += h / 6 * (b + 2 * d + 2 * f + k)
    }
    BEGIN {'"$begin"'; i = 0; for (k = 0; k < 100000; k++) step(0.01)
      for (k = 0; k < T / 0.05; k++) { i = k >= 400 ? I : 0; printf "%.9g %.12g\n", i, '"$potential"'; for (n = 0; n < 5; n++) step(0.01) } }' > "$folder/$name.txt"
  "$here/brain" convert "$folder/$name.txt" "$folder/$name.nwb" --rate 20000 --stimulus 1 --stimulus-unit nA --response 2 --response-unit mV > /dev/null 2>&1
}

trace fitzhugh-nagumo 300 0.15 "y = -1.2; w = -0.6" 'function rates(a, b) { dy = a - a * a * a / 3 - b + 100 * i / 30; dw = 0.08 * (a + 0.7 - 0.8 * b) }' '-30 + 30 * y'
trace morris-lecar 600 0.1 "y = -60; w = 0.015" 'function rates(a, b) { dy = (1000 * i - 2 * (a + 60) - 2.2 * (1 + tanh((a + 1.2) / 18)) * (a - 120) - 8 * b * (a + 84)) / 20
  dw = 0.02 * ((1 + tanh((a - 2) / 30)) / 2 - b) * (exp((a - 2) / 60) + exp((2 - a) / 60)) }' 'y'

compare() {
  local name=$1 free=$2 kind=$3 aid=$4
  echo "## $name, $kind $aid"
  cat > "$folder/$name.json" <<EOF
{ "stages": { "fit": {
  "neuron": { "type": "$name" }, "recording": { "path": "$name.nwb", "sweeps": { "test": "none" } }, "free": $free, "integrator": "rk4", "$kind": $aid,
  "fitters": { "whole": { "optimizer": { "type": "l-bfgs-b" }, "starts": 1 }, "$kind": { "optimizer": { "type": "l-bfgs-b" }, "starts": 1, "coupled": true } },
} } }
EOF
  "$here/brain" compare-fitters "$folder/$name.json" --seeds "$seeds" --level 0.1 --to-the-end 2> "$folder/$name.log" || { cat "$folder/$name.log" >&2; exit 1; }
}

for aid in 'horizon {"first":"40 ms","rounds":4}' 'coupling {"conductance":"100 nS","rounds":4}' 'shooting {"segment":"20 ms","rounds":2}' 'shooting {"segment":"20 ms","rounds":4}'; do
  compare fitzhugh-nagumo '["a", "b", "phi", "R"]' "${aid%% *}" "${aid#* }"
done
for aid in 'horizon {"first":"60 ms","rounds":4}' 'coupling {"conductance":"10 nS","rounds":4}' 'shooting {"segment":"40 ms","rounds":2}' 'shooting {"segment":"40 ms","rounds":4}'; do
  compare morris-lecar '["gCa", "gK", "gL", "phi", "V3"]' "${aid%% *}" "${aid#* }"
done
