#!/bin/sh
# Prove what an image promises, from its own files and from a container under the flags of
# executor/container.py. Every promise that does not hold is named; any of them fails the build.
#
#   sandbox/prove.sh IMAGE
set -eu
here=$(cd "$(dirname "$0")" && pwd)
image=$1
PYTHON=${PYTHON:-$here/../.venv/bin/python}
work=$(mktemp -d)
container=$(docker create "$image")
trap 'docker rm -f "$container" >/dev/null 2>&1; rm -rf "$work"' EXIT
docker export "$container" | tar -tv >"$work/list"

failures=0
promise() { # text, then a command that must succeed
    text=$1; shift
    if "$@"; then return 0; fi
    echo "sandbox: NOT KEPT: $text" >&2
    failures=$((failures + 1))
}
none_of() { ! grep -E "$1" "$work/list" >&2; }
size_under() { [ "$(docker image inspect --format '{{.Size}}' "$image")" -lt "$1" ]; }
configured() { [ "$(docker image inspect --format "$1" "$image")" = "$2" ]; }

promise "it runs as 1000:1000" configured '{{.Config.User}}' 1000:1000
promise "it starts the supervisor and nothing else" configured '{{json .Config.Entrypoint}}' '["/supervisor"]'
promise "it is under 130 MB" size_under 130000000
promise "no file is set-uid or set-gid" none_of '^-..(s|S)|^-.....(s|S)'
promise "no file or folder is writable for others" none_of '^[-d].......w'
promise "everything belongs to root" none_of '^[-d][^ ]* +[^0r ][^/ ]*/'
promise "there is no shell, busybox or interpreter" \
    none_of '(^|/| )(ba|da|a|k|z|c|tc)?sh$|busybox|/(perl|python[0-9.]*|awk|lua|tclsh|env)$'
promise "there is no package manager" none_of '/(apt|apt-get|dpkg|apk|pip)$|var/lib/dpkg'
promise "there is no device" none_of '^[bc]'
promise "the link check and FANN have their libraries" grep -q 'lib/libfann.so' "$work/list"
promise "a running sandbox keeps what it promises" \
    "$PYTHON" "$here/../manage.py" sandbox check --strict --image "$image"
[ $failures -eq 0 ] || exit 1
