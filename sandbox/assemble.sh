#!/bin/busybox sh
# Pick from this base exactly what compiles, links and runs a C program with FANN.
# Runs inside the base (see Dockerfile), where there may be no other tool than busybox and gcc.
#
#   $1/image         the root of the production image
#     /supervisor                   PID 1
#     /lib, /lib64                  what a program needs at run time: loader, libc, libm, FANN
#     /usr/lib/cloister             cc1, as, ld with their arguments, one on a line
#     /usr/lib/cloister/include/P/N the private include tree of profile P, N-th search folder
#     /usr/lib/cloister/precompiled headers compiled beforehand
#     /usr/lib/cloister/link        start files and libraries for the linker
#     /usr/lib/cloister/declarations what the editor says of functions and constants
#     /usr/lib                      the tools' own libraries, which the program never sees
#   $1/unvalidated   what the image for the security tests has on top: all headers
set -eu
PATH=/usr/bin:/bin:/usr/sbin:/sbin
for tool in sh mkdir cp sed grep cat tr ln rm sort find dirname basename awk cut touch; do
    command -v "$tool" >/dev/null 2>&1 || /bin/busybox ln -s /bin/busybox "/bin/$tool"
done

here=/sandbox
out=$1/image
tools=/usr/lib/cloister
mkdir -p "$out/lib" "$out/usr/lib" "$out$tools/link" "$out$tools/include" \
    "$out/work" "$out/build" "$out/proc" "$out/sys" "$out/dev"

# Hardening and warnings; no flag ever comes from a request. FORTIFY_SOURCE needs optimisation, and
# -O1 makes recursion up to five times slower than -O2. The four options behind that keep the place
# of a crash exact, type punning defined, the compile of recursive functions short, and a constant
# address a matter of the run (decision 0075). The -Wno: glibc's FORTIFY attributes would refuse every unchecked scanf; trigraphs are not
# replaced in gnu17, so a "what??!" is no reason to refuse a program; gcc warns of every strncat that
# shortens a text, which is what it is for; and gcc does not know #pragma STDC, which the policy
# allows where it refuses the others. -g1 costs no measurable time and tells the line of a refused
# call; lines.c reads version 4 of its table.
flags="-std=gnu17 -O2 -fno-optimize-sibling-calls -fno-strict-aliasing
 --param=max-inline-recursive-depth-auto=2 --param=min-pagesize=0
 -Wall -Werror -Wno-unused-result -Wno-trigraphs -Wno-stringop-truncation -Wno-unknown-pragmas -Wtrampolines
 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fPIE -fstack-protector-strong -fstack-clash-protection
 -fno-ident -g1 -gdwarf-4 -fmax-errors=20 -fdiagnostics-color=never
 -fdiagnostics-column-unit=byte"
case $(uname -m) in x86_64) flags="$flags -fcf-protection=full" ;; esac

# --- The compiler's arguments, without the driver

steps=$(gcc $flags -### -x c INPUT -c -o OUTPUT 2>&1 | tr -d '"')
cc1=$(gcc -print-prog-name=cc1)
printf '%s\n' "$steps" | grep '/cc1 ' | tr -s ' ' '\n' |
    sed '/^$/d' | sed '1s|.*|'$tools'/cc1|; /^INPUT$/d; /^-dump/,+1d' >"/tmp/cc1"
# The driver names an assembler file after -o and nothing behind it; ours goes down a pipe.
sed '/^-o$/,$d' /tmp/cc1 >"$out$tools/cc1.args"
printf '%s\n' -nostdinc -o @OUTPUT@ >>"$out$tools/cc1.args"
printf '%s\n' "$steps" | sed -n '/^ *\(.*\/\)\{0,1\}as /p' | tr -s ' ' '\n' |
    sed '/^$/d' | sed '1s|.*|'$tools'/as|; /^-o$/,$d' >"$out$tools/as.args"
printf '%s\n' -o @OBJECT@ >>"$out$tools/as.args"

cp -L "$cc1" "$out$tools/cc1"
cp -L "$(command -v as)" "$out$tools/as"
# gold links a small program in two thirds of the time of bfd.
linker=$(command -v ld.gold || command -v ld)
# gold puts constants beside the code, where they could be jumped to, unless it is told not to; and
# it needs little of each library, which is read quicker than it is mapped and touched.
of_gold=
case $linker in *gold) of_gold="--rosegment
--no-map-whole-files
" ;; esac
cp -L "$linker" "$out$tools/ld"
cp -L "$(command -v astyle)" "$out$tools/astyle"

# Braces at the end of lines, four columns, no tabs; the line ends stay as they are, and nothing else is read.
printf '%s\n' $tools/astyle --mode=c --style=java --indent=spaces=4 --pad-oper --pad-header \
    --unpad-paren --align-pointer=name --convert-tabs --project=none --options=none \
    >"$out$tools/astyle.args"

# --- The private include trees

search=$(gcc -v -E -x c /dev/null 2>&1 | sed -n '/^#include </,/^End/p' | sed -n 's/^ //p')

# The files that a header pulls in, under every macro that changes what it pulls in.
pulled_in() {
    for variant in "" "-D_GNU_SOURCE" "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2" \
        "-O2 -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -D_GNU_SOURCE" "-O2 -ffast-math" \
        "-D_FORTIFY_SOURCE=3 -O2" "-D_LARGEFILE64_SOURCE -D_FILE_OFFSET_BITS=64"; do
        printf '#include <%s>\n' "$1" | gcc -std=gnu17 $variant -M -x c - | tr -s ' \\' '\n\n' |
            grep '^/' | grep -v '^/dev/'
    done | sort -u
}

# Each search folder becomes a numbered one, in gcc's order, so that #include_next works as it did.
place() { # file, tree
    number=0 best= best_number=
    for folder in $search; do
        case $1 in "$folder"/*)
            if [ ${#folder} -gt ${#best} ]; then best=$folder best_number=$number; fi ;;
        esac
        number=$((number + 1))
    done
    mkdir -p "$(dirname "$2/$best_number/${1#"$best"/}")"
    cp -L "$1" "$2/$best_number/${1#"$best"/}"
}

arguments_for() { # tree
    number=0
    for folder in $search; do
        if [ -d "$out$1/$number" ] || [ -d "$extra$1/$number" ]; then
            printf '%s\n' -isystem "$1/$number"
        fi
        number=$((number + 1))
    done
}

extra=$1/unvalidated
for profile in default extended; do
    tree=$out$tools/include/$profile
    lists=$here/headers/default
    [ $profile = default ] || lists="$lists $here/headers/extended"
    for header in $(cat $lists); do pulled_in "$header"; done | sort -u | while read -r file; do
        place "$file" "$tree"
    done
    arguments_for "$tools/include/$profile" >"$out$tools/headers-$profile.args"
done

# For the security tests: the whole of every search folder, in place of both trees.
for profile in default extended; do
    number=0
    for folder in $search; do
        mkdir -p "$extra$tools/include/all/$number"
        case $profile$folder in default/usr/include | default/*) cp -rL "$folder/." "$extra$tools/include/all/$number/" ;; esac
        number=$((number + 1))
    done
    arguments_for "$tools/include/all" >"$extra$tools/headers-$profile.args"
done

# --- What the editor says of the headers' functions and constants

touch /tmp/known
for header in $(cat $here/headers/default $here/headers/extended); do
    printf '#include <%s>\n' "$header" >/tmp/header.c
    gcc -std=gnu17 -E -CC /tmp/header.c |
        awk -v header="$header" -v seen=/tmp/known -f $here/declarations.awk >/tmp/declared
    # Macros that stand for a plain value.
    gcc -std=gnu17 -dM -E /tmp/header.c |
        awk -v header="$header" -v seen=/tmp/known -f $here/constants.awk >>/tmp/declared
    cut -f 2 /tmp/declared >>/tmp/known
    cat /tmp/declared >>"$out$tools/declarations"
done

# --- What a program is linked with and runs on

library() { gcc -print-file-name="$1"; }
real() { readlink -f "$1"; }

echo 'int main(void) { return 0; }' | gcc -fPIE -pie -x c - -o /tmp/probe
loader=$(readelf -l /tmp/probe | sed -n 's/.*interpreter: \(.*\)\]/\1/p')

# The loader lists what it would load: the same word for glibc and musl.
needs() { "$loader" --list "$1" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p'; }

runtime=$out/lib
put_runtime() { # file: into /lib under the name it is asked for
    [ -e "$runtime/$(basename "$1")" ] || cp -L "$1" "$runtime/$(basename "$1")"
}
mkdir -p "$out$(dirname "$loader")"
cp -L "$loader" "$out$loader"
for fann in fann floatfann doublefann fixedfann; do
    file=$(library lib$fann.so)
    name=$(basename "$(find "$(dirname "$(real "$file")")" -name "lib$fann.so.[0-9]" | head -n 1)")
    cp -L "$file" "$runtime/$name"
    ln -s "/lib/$name" "$out$tools/link/lib$fann.so"
    for needed in $(needs "$file"); do put_runtime "$needed"; done
done

for part in Scrt1.o crti.o crtn.o crtbeginS.o crtendS.o libgcc.a; do
    cp -L "$(library $part)" "$out$tools/link/$part"
done
for part in prelude sanitize seed witness; do
    gcc -O1 -Wall -Wextra -Werror -fPIE -fstack-protector-strong -c "$here/$part.c" -o "$out$tools/link/$part.o"
done
libc=$(find "$runtime" -name 'libc.so.6' -o -name 'libc.musl-*' | head -n 1)
if [ -n "$libc" ] && [ "$(basename "$libc")" = libc.so.6 ]; then
    cp -L "$(library libc_nonshared.a)" "$out$tools/link/"
    echo "GROUP ( /lib/libc.so.6 $tools/link/libc_nonshared.a AS_NEEDED ( $loader ) )" >"$out$tools/link/libc.so"
    ln -s /lib/libm.so.6 "$out$tools/link/libm.so"
else
    ln -s "$loader" "$out$tools/link/libc.so"
    for archive in libm.a libssp_nonshared.a; do
        if [ -f "$(library $archive)" ]; then cp -L "$(library $archive)" "$out$tools/link/"; fi
    done
fi
link_arguments() { # how it is laid out, what comes before its objects
    cat <<L
$tools/ld
$1--eh-frame-hdr
--hash-style=gnu
--build-id=none
--fatal-warnings
-dynamic-linker
$loader
$of_gold-z
relro
-z
now
-z
noexecstack
-o
/build/program
$tools/link/Scrt1.o
$tools/link/crti.o
$tools/link/crtbeginS.o
$2@OBJECTS@
@PARTS@
-L$tools/link
--as-needed
@LIBRARY@
-lm
--no-as-needed
-lgcc
-lc
-lgcc
L
    if [ -f "$out$tools/link/libssp_nonshared.a" ]; then echo -lssp_nonshared; fi
    printf '%s\n' "$tools/link/crtendS.o" "$tools/link/crtn.o"
}
link_arguments "-pie
" "" >"$out$tools/ld.args"
# The same for early_link.c, with the libraries by their names and before the object.
case $linker$libc in *gold*/libc.so.6)
    {
        sed '/^@OBJECTS@$/,$d' "$out$tools/ld.args"
        printf '%s\n' --as-needed "$tools/link/libfann.so" "$tools/link/libm.so" "$loader" \
            --no-as-needed /lib/libc.so.6 @OBJECTS@ @PARTS@
        for part in libgcc.a libc_nonshared.a libgcc.a crtendS.o crtn.o; do
            echo "$tools/link/$part"
        done
    } >"$out$tools/ld-early.args"
    nm -D --defined-only "$runtime"/libfann.so.* "$runtime/libm.so.6" "$libc" >/tmp/names
    sed -n 's/.* V \([^@]*\).*/\1/p' /tmp/names | sort -u >"$out$tools/ld-early.twins"
    ;;
esac

# The locale that LANG names, for setlocale(LC_ALL, ""). musl needs no file for it.
if [ -d /usr/lib/locale/C.utf8 ]; then
    mkdir -p "$out/usr/lib/locale"
    cp -r /usr/lib/locale/C.utf8 "$out/usr/lib/locale/"
fi

# The sanitizers, where the C library has them. At a fixed address, because with the most random
# layouts of some kernels a program can lie where libasan wants its own memory; which is first, or
# it would not start.
if [ -e "$(library libasan.so)" ] && [ -e "$(library libubsan.so)" ]; then
    for sanitizer in asan ubsan; do
        file=$(real "$(library lib$sanitizer.so)")
        name=$(basename "$file" | sed 's/\(\.so\.[0-9]*\).*/\1/')
        cp -L "$file" "$runtime/$name"
        ln -s "/lib/$name" "$out$tools/link/lib$sanitizer.so"
        for needed in $(needs "$file"); do put_runtime "$needed"; done
    done
    # FORTIFY's own functions would hide from libasan what they do; what object-size finds,
    # libasan tells better. The one warning is known to be wrong about sanitized code.
    printf '%s\n' -fsanitize=address -fsanitize=undefined -fno-sanitize=object-size \
        -fno-sanitize-recover=all \
        -fno-omit-frame-pointer -U_FORTIFY_SOURCE -Wno-maybe-uninitialized \
        >"$out$tools/cc1-sanitize.args"
    link_arguments "" "-L$tools/link
--push-state
--no-as-needed
-lasan
-lubsan
--pop-state
" >"$out$tools/ld-sanitize.args"
fi

# --- The tools' own libraries, and what both stages need from libc

for tool in cc1 as ld astyle; do
    for needed in $(needs "$out$tools/$tool"); do
        name=$(basename "$needed")
        if [ ! -e "$runtime/$name" ] && [ "$needed" != "$loader" ]; then
            case $name in
                libc.so.6 | libm.so.6) put_runtime "$needed" ;;
                *) [ -e "$out/usr/lib/$name" ] || cp -L "$needed" "$out/usr/lib/$name" ;;
            esac
        fi
    done
done

# The loader finds a library with one look, instead of one for each folder and processor level.
if command -v ldconfig >/dev/null; then mkdir "$out/etc" && ldconfig -r "$out" /lib /usr/lib; fi

# --- Headers compiled beforehand, for the sets that programs begin with

# They hold the names of the files they were made of, so these have to be where they will be.
mkdir -p $tools && cp -r "$out$tools/." $tools/
mkdir $tools/precompiled
grep -v '^#' $here/headers/precompiled | while read -r set; do
    file=$tools/precompiled/$(echo "$set" | tr ' ' '+').h
    for header in $set; do echo "#include <$header.h>"; done >"$file"
    $(sed '/^-o$/,$d' $tools/cc1.args) -nostdinc $(cat $tools/headers-default.args) \
        "$file" -o /tmp/nothing --output-pch="$file.gch"
done
cp -r $tools/precompiled "$out$tools/"

# --- The supervisor, static and position-independent: nothing of it stands at a known address

gcc -dM -E -x c - <<'C' | sed -n 's/^#define SYS_\([a-z0-9_]*\) .*/[SYS_\1] = "\1",/p' >/sandbox/syscall_names.inc
#include <sys/syscall.h>
C
gcc -std=c17 -O2 -Wall -Wextra -Werror -static-pie -fPIE -fstack-protector-strong \
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -I/sandbox -Wl,-s -Wl,-z,relro,-z,now \
    -o "$out/supervisor" $here/supervisor.c $here/frames.c $here/order.c $here/child.c \
    $here/calls.c $here/stage.c $here/confine.c $here/object.c $here/opened.c $here/project.c \
    $here/caller.c $here/lines.c $here/memory.c $here/mounts.c $here/trace.c $here/build.c \
    $here/verdict.c $here/probe.c $here/crash.c \
    $here/command.c $here/tools.c $here/early.c $here/early_link.c $here/idle.c $here/precompiled.c $here/introspect.c $here/landlock.c $here/keeper.c
for binary in "$out$tools/cc1" "$out$tools/as" "$out$tools/ld" "$out$tools/astyle"; do strip "$binary" 2>/dev/null || true; done
find "$1" -type d -exec chmod 755 {} +
find "$1" -type f -exec chmod a+r,go-w {} +
