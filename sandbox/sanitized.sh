#!/bin/busybox sh
# Build the supervisor once more, with ASan and UBSan, for tests of the supervisor itself. It is
# dynamic, because gcc's ASan cannot be linked statically; its libraries are in the image already.
# Runs inside the base, after assemble.sh.
set -eu
PATH=/usr/bin:/bin
here=/sandbox
sources=
for file in $here/*.c; do
    case ${file##*/} in prelude.c | seed.c | witness.c) ;; *) sources="$sources $file" ;; esac
done
mkdir -p "$1/sanitized"
gcc -std=c17 -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
    -fno-sanitize-recover=all -no-pie -I$here -o "$1/sanitized/supervisor" $sources
