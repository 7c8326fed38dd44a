#!/bin/sh
# Build the sandbox image, then prove what it promises; a proof that fails removes the tag again.
#
#   sandbox/build.sh [--base auto|debian|alpine] [--unvalidated] [--sanitized] [--is-current]
#
# debian: assembled from Debian's packages with mmdebstrap, no image registry needed.
# alpine: from the registry's Alpine image. auto takes alpine where a registry answers.
# --unvalidated builds ruv-sandbox:unvalidated on top, for the security tests only.
# --sanitized builds ruv-sandbox:sanitized on top: the supervisor with ASan and UBSan, for its tests.
# --is-current builds nothing; it exits 0 when the image of these very files is there already.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
base=auto unvalidated=no sanitized=no is_current=no
while [ $# -gt 0 ]; do
    case $1 in
        --base) base=$2; shift ;;
        --unvalidated) unvalidated=yes ;;
        --sanitized) sanitized=yes ;;
        --is-current) is_current=yes ;;
        *) echo "usage: $0 [--base auto|debian|alpine] [--unvalidated] [--sanitized] [--is-current]" >&2; exit 64 ;;
    esac
    shift
done

image=ruv-sandbox
alpine=alpine:3.20
say() { echo "sandbox: $*"; }
fail() { echo "sandbox: $*" >&2; exit 1; }

docker version >/dev/null 2>&1 || fail "the Docker engine does not answer; start it first."

# An image knows the files it was made from.
recipe=$(cd "$here" && cat Dockerfile* assemble.sh sanitized.sh build.sh ./*.c ./*.h ./*.awk headers/* seccomp-profile.json |
    sha256sum | cut -c1-16)
made_from() { docker image inspect --format '{{index .Config.Labels "io.cloister.recipe"}}' "$1" 2>/dev/null || true; }
if [ $is_current = yes ]; then
    [ "$(made_from $image)" = "$recipe" ] || exit 1
    [ $unvalidated = no ] || [ "$(made_from $image:unvalidated)" = "$recipe" ] || exit 1
    [ $sanitized = no ] || [ "$(made_from $image:sanitized)" = "$recipe" ] || exit 1
    exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The classic builder is part of every engine; these steps need nothing newer.
build() { DOCKER_BUILDKIT=0 docker build --quiet "$@" 2>"$work/log" >/dev/null ||
    { cat "$work/log" >&2; fail "the build failed."; }; }

if [ $base = auto ]; then
    if docker image inspect $alpine >/dev/null 2>&1 || timeout 20 docker pull -q $alpine >/dev/null 2>&1; then
        more=; [ $unvalidated = no ] || more=--unvalidated
        [ $sanitized = no ] || more="$more --sanitized"
        "$0" --base alpine $more && exit 0
        say "the Alpine base did not work out; taking Debian's packages instead"
    fi
    base=debian
fi

say "building from $base (about half a minute) ..."
case $base in
    debian)
        command -v mmdebstrap >/dev/null || fail "mmdebstrap is missing: apt-get install mmdebstrap"
        # Packages are only unpacked: none of their scripts runs, and nothing else comes along.
        mmdebstrap --quiet --variant=extract \
            --extract-hook="cd \"\$1/var/cache/apt/archives\" && sha256sum -- *.deb >'$work/debs'" \
            --include=gcc,libc6-dev,libc-bin,libfann-dev,astyle,busybox-static bookworm "$work/rootfs.tar"
        packages=$(sed 's/%3a/:/' "$work/debs" |
            awk '{ split($2, part, "_"); print part[1] "=" part[2] "@sha256:" $1 }')
        cp "$here/Dockerfile.debian" "$work/"
        build -f "$work/Dockerfile.debian" -t $image-base "$work"
        ;;
    alpine)
        build --build-arg ALPINE=$alpine -t $image-base - <"$here/Dockerfile.alpine"
        packages=$(docker image inspect --format '{{range .RepoDigests}}{{.}} {{end}}' $alpine
            docker run --rm --network none $image-base cat /lib/apk/db/installed |
                awk -F: '$1 == "C" { sum = $2 } $1 == "P" { name = $2 }
                         $1 == "V" { print name "=" $2 "@" sum }')
        ;;
    *) fail "there is no base “$base”" ;;
esac

# The newest of the distribution are taken, so the image remembers which ones they were.
packages=$(echo $packages)
final() { # target, tag
    build --network none --build-arg BASE=$image-base --target "$1" \
        --label io.cloister.packages="$packages" \
        --label io.cloister.recipe="$recipe" --label io.cloister.base="$base" \
        --label io.cloister.built="$(date -u +%Y-%m-%dT%H:%M:%SZ)" -t "$2" "$here"
}
final production $image:candidate
sh "$here/prove.sh" $image:candidate || { docker rmi $image:candidate >/dev/null; fail "the image does not keep its promises; it was not tagged."; }
docker tag $image:candidate $image:latest
docker rmi $image:candidate >/dev/null
say "built $image:latest ($(docker image inspect --format '{{.Size}}' $image | awk '{printf "%.0f MB", $1 / 1e6}'))"
if [ $unvalidated = yes ]; then
    final unvalidated $image:unvalidated
    say "built $image:unvalidated, for the security tests"
fi
if [ $sanitized = yes ]; then
    final sanitized $image:sanitized
    say "built $image:sanitized, for tests of the supervisor"
fi
docker rmi $image-base >/dev/null
docker image prune --force --filter label=io.cloister.stage >/dev/null 2>&1 || true
