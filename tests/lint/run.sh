#!/bin/sh
# run.sh: everything `make lint` refuses, then what it only lists.  Run from the top folder.
# shellcheck disable=SC2317 # the functions are called by step
set -u
failed=0
jobs=$(nproc)

step() { # NAME COMMAND...
    name=$1
    shift
    if "$@"; then
        echo "ok   $name"
    else
        echo "FAIL $name"
        failed=1
    fi
}

# What git knows and what is new, never what is built.
sources() { git ls-files -co --exclude-standard -- "$@" | sort -u; }

formatted() { sources '*.c' '*.h' | xargs -r clang-format --dry-run -Werror; }
scripts_clean() { sources '*.sh' '.ci/run' | xargs -r shellcheck -x; }
tidy() {
    sources 'analyzer/*.c' 'dissectors/*.c' 'ui/*.c' |
        xargs -r -P "$jobs" -n 2 clang-tidy -p . --quiet 2>build/clang-tidy.log >build/clang-tidy.out
    status=$?
    # Several at once write here: only the findings count.
    grep -E '(error|warning):' build/clang-tidy.out | sort -u
    return "$status"
}

mkdir -p build
step "the lint itself" sh tests/lint/selftest.sh
step "formatting" formatted
step "layers and owners of libraries" python3 tests/lint/layers.py
step "banned calls" python3 tests/lint/banned.py
step "shellcheck" scripts_clean
step "clang-tidy" tidy
python3 tests/lint/outliers.py
exit "$failed"
