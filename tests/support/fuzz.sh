#!/bin/sh
# fuzz.sh SECONDS [NAME]: each libFuzzer target for SECONDS seconds, two at a time.  What is found
# goes to build/fuzz/found; the corpora grow in build/fuzz/corpus, the seeds stay as they are.
set -eu
seconds=$1
only=${2:-}

run_one() {
    target=$1
    name=$(basename "$target")
    grown=build/fuzz/corpus/$name
    mkdir -p "$grown" build/fuzz/found
    seeds=tests/fuzz/corpus/$name
    [ -d "$seeds" ] || seeds=
    if "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="build/fuzz/found/$name-" "$grown" ${seeds:+"$seeds"} \
        >"build/fuzz/$name.log" 2>&1; then
        runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "build/fuzz/$name.log")
        echo "$name: $runs runs, nothing found"
    else
        echo "$name: FOUND something, see build/fuzz/$name.log and build/fuzz/found"
        tail -30 "build/fuzz/$name.log"
        return 1
    fi
}

if [ "$only" = --one ]; then
    run_one "$3"
    exit
fi
for target in build/fuzz/tests/fuzz/fuzz_*; do
    [ -x "$target" ] || continue
    case $target in *.o | *.d) continue ;; esac
    [ -z "$only" ] || [ "$(basename "$target")" = "$only" ] || continue
    echo "$target"
done | xargs -r -P 2 -n 1 sh "$0" "$seconds" --one
