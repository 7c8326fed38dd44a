#!/bin/sh
# Put in place what a target of the Makefile needs. Each step looks first, does nothing when it is
# done already, and says what it does otherwise. Missing Debian packages are installed when this
# runs as root; without root, the step says what to ask the administrator for.
#
#   scripts/setup.sh [python|python-scale|python-dev|page|engine|image|image-unvalidated|image-sanitized|browser|
#                     bare|fuzz|scale] ...
set -eu
cd "$(dirname "$0")/.."
# The server reads what is made here under an account of its own.
umask 022

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
fail() { printf '\033[1;31mxx\033[0m  %s\n' "$*" >&2; exit 1; }

packages() { # what for, packages ...
    reason=$1; shift
    command -v apt-get >/dev/null || fail "$reason: please install the equivalent of: $*"
    [ "$(id -u)" = 0 ] || fail "$reason. As root: apt-get install $*"
    say "$reason: installing $*"
    export DEBIAN_FRONTEND=noninteractive
    if [ -z "${updated:-}" ]; then apt-get update -qq; updated=yes; fi
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

stamp_of() { cat "$@" | sha256sum | cut -c1-32; }
done_before() { [ "$(cat "$1" 2>/dev/null)" = "$2" ]; }

python() { # requirements file
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        packages "Python 3.11 or newer is needed" python3 python3-venv
    python3 -c 'import ensurepip' 2>/dev/null ||
        packages "Python's venv module is missing" python3-venv
    [ -x .venv/bin/python ] || { say "making the virtual environment .venv"; python3 -m venv .venv; }
    wanted=$(stamp_of "$1")
    # The development file holds everything that the other one does.
    if done_before .venv/installed-requirements-dev.txt "$(stamp_of requirements-dev.txt)" ||
        done_before ".venv/installed-$1" "$wanted"; then compile_ours; return; fi
    say "installing Python packages from $1 (hashes are checked)"
    # Of the many modules for development, few are imported; those compile themselves.
    compile=--compile; [ "$1" != requirements-dev.txt ] || compile=--no-compile
    .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes $compile -r "$1"
    compile_ours
    [ "$1" != requirements-dev.txt ] || compile_served
    echo "$wanted" >".venv/installed-$1"
}

# The server's account may write neither here nor in .venv, and would compile at each start.
compile_ours() {
    .venv/bin/python -m compileall -q accounts audit executor ideproject workspace manage.py
}

# What a served process imports and pytest does not.
compile_served() {
    data=$(mktemp -d)
    env -u PYTHONDONTWRITEBYTECODE DATA_DIR=$data DJANGO_SETTINGS_MODULE=ideproject.settings .venv/bin/python -c '
import django
django.setup()
import celery.apps.worker, celery.bin.worker, executor.broker, ideproject.asgi
from executor.management.commands import execute, maintain, sandbox, serve, worker'
    rm -r "$data"
}

page() {
    command -v npm >/dev/null || packages "Node.js is needed to bundle the page" nodejs npm
    if ! done_before node_modules/.installed "$(stamp_of package-lock.json)"; then
        say "installing npm packages from package-lock.json"
        npm ci --silent --no-audit --no-fund
        stamp_of package-lock.json >node_modules/.installed
    fi
    sources=$(find static/src package.json -type f | sort)
    if ! done_before static/dist/.built "$(stamp_of $sources)"; then
        say "bundling the page"
        npm run --silent build
        stamp_of $sources >static/dist/.built
    fi
}

engine_runs() {
    for process in /proc/[0-9]*; do
        if [ "$(cat "$process/comm" 2>/dev/null)" = dockerd ] &&
            ! grep -q '^State:.Z' "$process/status" 2>/dev/null; then return; fi
    done
    return 1
}

start_engine() {
    # It would take the number that an engine left behind when it was killed for one that runs.
    rm -f /var/run/docker.pid
    setsid dockerd >>/var/log/dockerd.log 2>&1 </dev/null &
}

engine() {
    if docker version >/dev/null 2>&1; then return; fi
    if command -v dockerd >/dev/null; then
        [ "$(id -u)" = 0 ] || fail "The Docker engine does not answer. Start it, and see that you may use it: systemctl start docker; usermod -aG docker $(id -un)"
    else
        packages "There is no Docker engine" docker.io iptables
        if docker version >/dev/null 2>&1; then return; fi # the package started it
    fi
    say "starting the Docker engine"
    if [ -d /run/systemd/system ]; then systemctl start docker; fi
    waited=0
    until docker version >/dev/null 2>&1; do
        # Without systemd there is nobody else to start it, or to start it again.
        [ -d /run/systemd/system ] || engine_runs || start_engine
        waited=$((waited + 1))
        [ $waited -lt 60 ] || fail "The Docker engine did not start within 60 s; see /var/log/dockerd.log"
        sleep 1
    done
}

image() { # further flags for build.sh
    if sandbox/build.sh --is-current "$@"; then return; fi
    command -v mmdebstrap >/dev/null || [ "${SANDBOX_BASE:-auto}" = alpine ] ||
        packages "The sandbox image is built from Debian packages" mmdebstrap
    sandbox/build.sh --base "${SANDBOX_BASE:-auto}" "$@"
}

browser() {
    command -v chromium >/dev/null || packages "The browser tests need Chromium" chromium
    # What drives it is a Node.js of its own, which wants this library.
    /sbin/ldconfig -p | grep -q libatomic.so.1 || packages "The browser tests need it" libatomic1
}

bare() {
    echo '#include <fann.h>' | gcc -E - >/dev/null 2>&1 ||
        packages "This compares with gcc and FANN of this host" gcc libc6-dev libfann-dev
}

fuzz() {
    command -v clang >/dev/null && echo 'int LLVMFuzzerTestOneInput(void) { return 0; }' |
        clang -fsanitize=fuzzer,address -x c - -o /dev/null 2>/dev/null && return
    packages "The fuzz targets of the sandbox's parsers need clang" clang libclang-rt-14-dev libc6-dev
}

scale() {
    ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 && command -v redis-server >/dev/null && return
    # Otherwise their packages would start a server each, which nobody asked for.
    policy=/usr/sbin/policy-rc.d
    if [ "$(id -u)" = 0 ] && [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    packages "The tests past one machine need PostgreSQL and Redis" postgresql redis-server
}

for step in "$@"; do
    case $step in
        python) python requirements.txt ;;
        python-scale) python requirements-scale.txt ;;
        python-dev) python requirements-dev.txt ;;
        page) page ;;
        engine) engine ;;
        image) image ;;
        image-unvalidated) image --unvalidated ;;
        image-sanitized) image --unvalidated --sanitized ;;
        browser) browser ;;
        bare) bare ;;
        fuzz) fuzz ;;
        scale) scale ;;
        *) fail "there is no step “$step”" ;;
    esac
done
