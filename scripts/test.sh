#!/bin/sh
# All tests, in two lanes side by side: most of their time they wait, for limits and for pages.
# The first lane is shown as it goes, the second when both have ended. Each process of pytest has a
# database of its own; the browser's is apart, because Playwright keeps an event loop running in the
# main thread.
set -eu
cd "$(dirname "$0")/.."
second=$(mktemp)
trap 'trap "" INT TERM; kill 0; exit 130' INT TERM
trap 'rm -f "$second"' EXIT

pytest() { .venv/bin/python -m pytest "$@"; }

{
    failed=0
    pytest tests/browser || failed=1
    pytest tests/security tests/scale || failed=1
    exit $failed
} >"$second" 2>&1 &
beside=$!
failed=0
echo "The browser’s tests, tests/security and tests/scale run beside these and are shown afterwards."
pytest --ignore=tests/browser --ignore=tests/security --ignore=tests/scale || failed=1
wait $beside || failed=1
cat "$second"
exit $failed
