#!/bin/sh
# All tests, in two lanes side by side: most of their time they wait, for limits and for pages.
# The first lane is shown as it goes, the second when both have ended. Each process of pytest has a
# database of its own; the browser's is apart, because Playwright keeps an event loop running in the
# main thread.
set -eu
cd "$(dirname "$0")/.."
second=$(mktemp)
trap 'rm -f "$second"' EXIT
# Interrupted, both lanes take down what they put up.
trap 'wait; exit 130' INT
trap 'trap "" INT TERM; kill -INT 0; wait; exit 143' TERM

# A shell's background job ignores the interrupt, which Python would take over.
pytest() {
    .venv/bin/python -c '
import signal, sys, pytest
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(pytest.main())' "$@"
}

{
    failed=0
    for tests in tests/browser "tests/security tests/scale"; do
        # 1: tests failed. Anything else is no reason to go on.
        pytest $tests -o cache_dir=.pytest_cache/beside || { failed=$?; [ $failed = 1 ] || break; }
    done
    exit $failed
} >"$second" 2>&1 &
beside=$!
failed=0
echo "The browser’s tests, tests/security and tests/scale run beside these and are shown afterwards."
pytest --ignore=tests/browser --ignore=tests/security --ignore=tests/scale || failed=1
wait $beside || failed=1
cat "$second"
exit $failed
