# From the macros of one header (gcc -dM -E) the constants among them: one line for each,
# `header TAB name TAB value TAB`. A value that is made of the compiler's own names is left out,
# and so are names that the file `seen` holds already.
#
#   awk -v header=limits.h -v seen=/tmp/seen -f constants.awk macros
BEGIN {
    while ((getline name < seen) > 0) known[name] = 1
}

$2 ~ /^[A-Z][A-Z0-9_]*$/ && !($2 in known) {
    name = $2
    sub(/^#define [^ ]+ ?/, "")
    printf "%s\t%s\t%s\t\n", header, name, /__/ ? "" : $0
}
