#!/bin/bash
# Trains networks on tasks and prints a table of what they reached: bench/studies.sh [FOLDER [SEEDS [STUDY...]]]
# The studies stand in bench/studies; they run one after the other, each with the seeds 1 to SEEDS (1), and leave their runs in FOLDER.
# Those of the worm and of handwritten digits read ../shared/data beside the repository.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-$here/artifacts/studies}
seeds=${2:-1}
mkdir -p "$folder"
studies=("${@:3}")
if [ ${#studies[@]} = 0 ]; then
  studies=(evidence-accumulation)
  for file in "$here"/bench/studies/*.json; do studies+=("$(basename "$file" .json)"); done
fi

# What an observer reaches who always names the same answer: the part of right answers, or of variance accounted for.
chance() {
  case $1 in
    delayed-response | celegans | celegans-random) echo 0.125 ;;
    reaching) echo 0 ;;
    artificial-grammar) echo 0.208 ;;
    image-classification) echo 0.102 ;;
    *) echo 0.5 ;;
  esac
}

echo "| study | stage | seed | chance | accuracy | trials | Dale violations | seconds |"
echo "|---|---|---|---|---|---|---|---|"
for study in "${studies[@]}"; do
  for seed in $(seq "$seeds"); do
    config=$here/bench/studies/$study.json
    if [ "$study" = evidence-accumulation ]; then config=$here/examples/evidence-accumulation/experiment.json; fi
    run=$folder/$study-$seed
    "$here/brain" run "$config" --out "$run" --set "seed=$seed" > /dev/null 2> "$folder/$study-$seed.log" || { cat "$folder/$study-$seed.log" >&2; exit 1; }
    grep -E '^    "[^"]+": \{|^      "(type|accuracy|trials|daleViolations|seconds)":' "$run/summary.json" | tr -d ' ",{' | while IFS=: read -r key value; do
      case $key in
        type) type=$value ;;
        accuracy) accuracy=$value ;;
        trials) if [ "$type" = train ]; then trials=$value; fi ;;
        daleViolations) violations=$value ;;
        seconds)
          task=$study
          if [ "$study" = transfer ] && [ "$stage" != train ]; then task=${stage%-untrained}; fi
          case $type in
            train | evaluate)
              printf '| %s | %s | %s | %s | %.3f | %s | %s | %.0f |\n' "$study" "$stage" "$seed" "$(chance "$task")" "$accuracy" "$trials" "$violations" "$value" ;;
          esac ;;
        *) stage=$key violations= ;;
      esac
    done
  done
done
