#!/bin/bash
# Fits 20 recordings in one command with one table: bench/recordings.sh [FOLDER [BRAIN-RUN-OPTION...]]. Recordings that are no NWB files yet are converted into FOLDER, once, and the last lines on stderr
# are the seconds that passed and those of all processors. One of them is a voltage clamp, which fails, and two are simulated cells. The recordings lie in ../shared/data or in $BRAINMODULAR_DATA.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
data=${BRAINMODULAR_DATA:-$here/../shared/data}
folder=$(mkdir -p "${1:-$here/artifacts/recordings}" && cd "${1:-$here/artifacts/recordings}" && pwd)
shift || true

convert() {
  local name=$1
  shift
  [[ -f $folder/$name.nwb ]] || "$here/brain" convert "$@" "$folder/$name.nwb" > "$folder/$name.log" 2>&1 || { cat "$folder/$name.log" >&2; exit 1; }
}

text() {
  local name=$1 rate=$2
  shift 2
  convert "$name" "$@" --rate "$rate" --stimulus 2 --stimulus-unit pA --response 3 --response-unit mV
}

for cell in 1 3 4; do
  convert "pyramidal-$cell" "$data/icephys-ferguson2015/PYR$cell.abf"
done
for name in 171116sh_0016 17o05027_ic_ramp 17o05028_ic_steps; do
  convert "$name" "$data/icephys-pyabf/abfs/$name.abf"
done
waves=$data/icephys-gif-pozzorini
convert noise-repeated "$waves"/Cell3_Ger1Test_ch2_*.ibw "$waves"/Cell3_Ger1Test_ch3_*.ibw
convert noise-subthreshold "$waves"/Cell3_Ger1Elec_ch2_*.ibw "$waves"/Cell3_Ger1Elec_ch3_*.ibw
convert steps-b6 "$data"/icephys-bluepyefe/B6/B6_Ch0_*.ibw "$data"/icephys-bluepyefe/B6/B6_Ch3_*.ibw
sets=$data/icephys-qsnmc2007
for set in 04 11; do
  text "noise-$set" 5000 "$sets"/Challenge_A/training/$set-{0,1}.voltage.gz
done
steps=$sets/Challenge_B/C010302A1/train
text steps-resistance 4000 "$steps"/train1/*.asc
text steps-waveform 100000 "$steps"/train2/*.asc
text steps-firing 4000 "$steps"/train3/*.asc
text steps-spikes 20000 "$steps"/train4/*.asc

# A row for each sweep becomes a table for each sweep.
hh=$data/icephys-brian2mf-hh-traces/neuron_traces
for sweep in 1 2 3 4 5; do
  paste <(sed -n "$((sweep + 1))p" "$hh/input_traces_hh.csv" | tr , '\n' | tail -n +2 | awk '{ print $1 * 1e9 }') \
    <(sed -n "$((sweep + 1))p" "$hh/output_traces_hh.csv" | tr , '\n' | tail -n +2) > "$folder/sweep-$sweep.txt"
done
convert simulated-steps "$folder"/sweep-{1,2,3,4,5}.txt --rate 100000 --stimulus 1 --stimulus-unit nA --response 2 --response-unit mV

list=$(printf '"%s",' "$folder"/*.nwb "$data"/icephys-ferguson2015/*.nwb "$data"/icephys-lantyer2018/*_{CC,VC}.nwb "$here/examples/fit-recording/recording.nwb")
TIMEFORMAT='%R s by the clock, %U s of the processors'
time "$here/brain" run "$here/bench/Cells/recordings.json" --set "recordings=[${list%,}]" "$@"
