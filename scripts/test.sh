#!/bin/sh
# All tests, in three lanes side by side: much of their time they wait, for limits, pages and lost
# machines. The first lane is shown as it goes, the others when all have ended. Each process of
# pytest has a database of its own; the browser's is apart, because Playwright keeps an event loop
# running in the main thread.
set -eu
cd "$(dirname "$0")/.."
shown=$(mktemp -d)
trap 'rm -rf "$shown"' EXIT
# Interrupted, all lanes take down what they put up.
trap 'wait; exit 130' INT
trap 'trap "" INT TERM; kill -INT 0; wait; exit 143' TERM

# A shell's background job ignores the interrupt, which Python would take over.
pytest() {
    .venv/bin/python -c '
import signal, sys, pytest
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(pytest.main())' "$@"
}

lane() { # name, groups of folders ...
    name=$1 failed=0; shift
    for tests in "$@"; do
        # 1: tests failed. Anything else is no reason to go on.
        pytest $tests -o cache_dir=".pytest_cache/$name" || { failed=$?; [ $failed = 1 ] || break; }
    done
    return $failed
}

strangers="tests/security"
machines="tests/scale tests/ops tests/tools tests/examples tests/review"
echo "The browser’s tests, $strangers, $machines run beside these and are shown afterwards."
lane second tests/browser "$strangers" >"$shown/second" 2>&1 & second=$!
lane third "$machines" >"$shown/third" 2>&1 & third=$!
failed=0
pytest $(printf -- '--ignore=%s ' tests/browser $strangers $machines) || failed=1
wait $second || failed=1
wait $third || failed=1
cat "$shown/second" "$shown/third"
exit $failed
