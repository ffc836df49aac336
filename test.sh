#!/usr/bin/env bash
# Prepares what is missing, builds the solution once, and runs every test project. Arguments go to the test runner
# (./test.sh --TestCaseFilter:FullyQualifiedName~Fitting). The last line counts the tests.
set -euo pipefail

root=$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")
# shellcheck source=build/prepare.sh
source "$root/build/prepare.sh"

prepare_to_test

passed=0 failed=0 skipped=0 status=0
log=$(mktemp)
trap 'rm -f -- "$log"' EXIT

for project in "$root"/tests/*/*.csproj; do
    name=$(basename -- "$project" .csproj)
    dll=$artifacts/bin/$name/release/$name.dll
    [[ $name == *Tests || $name == *EndToEnd ]] || continue
    printf '== %s\n' "$name"
    code=0
    dotnet vstest "$dll" --logger:"console;verbosity=minimal" "$@" 2>&1 | tee "$log" || code=$?
    # The runner's summary: "Passed!  - Failed:     0, Passed:    12, Skipped:     0, Total:    12, ..."
    counts=$(sed -nE 's/^(Passed|Failed|Skipped)! .*Failed: +([0-9]+), Passed: +([0-9]+), Skipped: +([0-9]+).*/\2 \3 \4/p' "$log" | tail -n 1)
    read -r f p s <<<"${counts:-0 0 0}"
    # A runner that died, and a project in which no test ran, count as one failure.
    if ((f == 0 && (code != 0 || p + s == 0))); then
        f=1
    fi
    failed=$((failed + f)) passed=$((passed + p)) skipped=$((skipped + s))
    ((f == 0)) || status=1
done

printf 'Tests: %d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
exit "$status"
