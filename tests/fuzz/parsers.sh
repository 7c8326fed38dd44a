#!/bin/sh
# Fuzz the parsers of the sandbox that read bytes of a stranger's program, with libFuzzer, ASan and
# UBSan, side by side and for so many seconds. An input that breaks one is kept in the current
# folder (fuzz-TARGET-crash-…) and the exit code is 1.
#
#   tests/fuzz/parsers.sh SECONDS
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
here=$root/tests/fuzz/parsers
work=$(mktemp -d)
trap 'rm -rf "$work"; rm -f /dev/shm/cloister-fuzz-*' EXIT
mkdir "$work/seeds"
(cd "$root" && .venv/bin/python -m tests.fuzz.seeds "$work/seeds")

build() { # target, further sources and options
    target=$1; shift
    clang -std=c17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
        -I"$root/sandbox" -I"$here" "$here/$target.c" "$here/given.c" \
        "$root/sandbox/$target.c" "$@" -o "$work/$target"
}
read_by_copy="-Wl,--wrap=mmap,--wrap=munmap"
build object $read_by_copy
build lines $read_by_copy
build opened "$root/sandbox/frames.c" $read_by_copy
build precompiled $read_by_copy
build order "$root/sandbox/frames.c" "$root/sandbox/object.c" $read_by_copy -Wl,--wrap=_exit

pids=
for target in object lines opened precompiled order; do
    ASAN_OPTIONS=detect_leaks=0 "$work/$target" -max_total_time="$1" -timeout=10 -rss_limit_mb=2048 \
        -max_len=65536 -artifact_prefix="fuzz-$target-" -print_final_stats=1 \
        "$work/seeds/$target" >"$work/$target.log" 2>&1 &
    pids="$pids $target:$!"
done
failed=0
for one in $pids; do
    target=${one%:*}
    if wait "${one#*:}"; then
        echo "$target: $(sed -n 's/^stat::number_of_executed_units: *//p' "$work/$target.log") inputs, nothing broke"
    else
        failed=1
        tail -n 40 "$work/$target.log"
    fi
done
exit $failed
