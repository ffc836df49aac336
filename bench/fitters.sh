#!/bin/bash
# Compares fitters on the targets of Wang et al. 2024, tables S2 and S3: bench/fitters.sh [FOLDER [SEEDS]]
# Each by the budgets that stand in bench/studies/fitters, which are the paper's and unequal, then with the same number of evaluations, then on the target
# with spike-triggered currents; then single starts by gradients, with and without recorded spikes that reset the model, also on targets whose parameters and currents
# are drawn, and how often all parameters came within 1 % of those that a target was made with; and gradients with and without resets. Pages and figures are left in FOLDER. The currents of ../shared/data/icephys-brian2mf-hh-traces are read.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
data=${BRAINMODULAR_DATA:-$here/../shared/data}
folder=${1:-$here/artifacts/fitters}
seeds=${2:-20}
dotnet build -c Release -v quiet "$here/bench/Fits" >&2
"$here/artifacts/bench/Fits/BrainModular.Bench.Fits" targets "$data/icephys-brian2mf-hh-traces/neuron_traces/input_traces_hh.csv" "$folder" 8 >&2

compare() {
  local name=$1 study=$2 level=$3
  shift 3
  echo "## $name"
  "$here/brain" compare-fitters "$here/bench/studies/fitters/$study.json" --seeds "$seeds" --level "$level" \
    --set "stages.fit.recording.path=$folder/$study.nwb" --report "$folder/$name.html" --json "$folder/$name.json" "$@" 2> "$folder/$name.log" || { cat "$folder/$name.log" >&2; exit 1; }
}

compare gif-paper gif 0.02 --to-the-end
compare gif-equal gif-equal 0.02 --evaluations 3000 --set "stages.fit.recording.path=$folder/gif.nwb"
compare gif-currents gif-currents 1e-6 --evaluations 10000
compare hodgkin-huxley-paper hodgkin-huxley 1e-15 --to-the-end
compare hodgkin-huxley-equal hodgkin-huxley-equal 1e-15 --evaluations 1200 --set "stages.fit.recording.path=$folder/hodgkin-huxley.nwb"

# Twenty starts of one descent each, and how often they found what the target NAME.nwb was made with.
starts() {
  local name=$1 study=$2 truth=$3 stage sets=()
  for stage in squares descent fit; do sets+=(--set "stages.$stage.recording.path=$folder/$name.nwb"); done
  compare "$name-starts" "$study-starts" 0.02 --to-the-end --stage fit "${sets[@]}"
  # shellcheck disable=SC2086
  "$here/artifacts/bench/Fits/BrainModular.Bench.Fits" errors "$folder/$name-starts.json" $truth
}

# The model's own spikes and the default surrogate, whose gradient passes through resets or does not: 20 starts, 3 seeds.
resets() {
  local name=$1 loss gradient stage sets=()
  for stage in squares descent fit; do sets+=(--set "stages.$stage.recording.path=$folder/$name.nwb"); done
  for loss in voltage-mean-squared-error van-rossum; do
    for gradient in surrogate none; do
      echo "$name $loss resetGradient=$gradient: $("$here/brain" compare-fitters "$here/bench/studies/fitters/gif-currents-starts.json" --stage fit --seeds 3 --to-the-end "${sets[@]}" \
        --set stages.fit.recording.spikeReset="5 mV" --set "stages.fit.loss.type=$loss" --set stages.fit.surrogate.type=sigmoid --set "stages.fit.resetGradient=$gradient" \
        --set 'stages.fit.fitters={ "l-bfgs-b": { "optimizer": { "type": "l-bfgs-b" }, "starts": 20 } }' 2> "$folder/$name.log" | grep '^l-bfgs-b')"
    done
  done
}

starts gif gif "a=0.005 b=0.01"
starts gif-currents gif-currents "a=0.005 b=0.01 k1=0.2 k2=0.02"
for target in "$folder"/gif-other-*.nwb; do
  starts "$(basename "$target" .nwb)" gif-currents "$(<"${target%.nwb}.txt")"
  resets "$(basename "$target" .nwb)"
done
resets gif-currents
