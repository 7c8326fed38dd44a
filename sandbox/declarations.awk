# From one preprocessed header (gcc -E -CC) to what an editor can say of it: one line for each
# function and enumeration constant, `header TAB name TAB declaration TAB first sentence`.
# Names that the file `seen` holds already belong to an earlier header, and are left out.
#
#   awk -v header=math.h -v seen=/tmp/seen -f declarations.awk math.i
BEGIN {
    while ((getline name < seen) > 0) known[name] = 1
}

# Comments first: FANN writes “Function: NAME”, an empty line and a paragraph; for constants it
# writes “NAME - a paragraph”.
{
    line = $0 "\n"
    while (line != "") {
        if (in_comment) {
            end = index(line, "*/")
            comment = comment (end ? substr(line, 1, end - 1) : line)
            line = end ? substr(line, end + 2) : ""
            in_comment = !end
            if (end) read_comment(comment)
        } else {
            start = index(line, "/*")
            code(start ? substr(line, 1, start - 1) : line)
            line = start ? substr(line, start + 2) : ""
            in_comment = start > 0
            comment = ""
        }
    }
}

function read_comment(text,    lines, count, i, name, rest) {
    count = split(text, lines, "\n")
    for (i = 1; i <= count; i++) {
        if (match(lines[i], /^[ \t]*Function: /)) {
            name = word(substr(lines[i], RLENGTH + 1))
            documented[name] = paragraph(lines, i + 1, count)
        } else if (match(lines[i], /^[ \t]*FANN_[A-Z_]+[ \t]+-[ \t]+/)) {
            rest = substr(lines[i], RLENGTH + 1)
            name = word(lines[i])
            lines[i] = rest
            documented[name] = paragraph(lines, i, count)
        }
    }
}

function word(text) {
    sub(/^[ \t]+/, "", text)
    sub(/[^A-Za-z0-9_].*/, "", text)
    return text
}

function paragraph(lines, i, count,    text) {
    while (i <= count && lines[i] ~ /^[ \t]*$/) i++
    while (i <= count && lines[i] !~ /^[ \t]*$/) {
        if (text != "" && lines[i] ~ /^[ \t]*FANN_[A-Z_]+[ \t]+-/) break
        text = text " " lines[i++]
    }
    gsub(/[<>]/, "", text)
    gsub(/[ \t]+/, " ", text)
    sub(/^ /, "", text)
    sub(/\. .*/, ".", text)
    sub(/ [*] .*/, "", text)
    sub(/ $/, "", text)
    return text
}

# Code: statements end at a semicolon outside braces; what braces hold is kept for enumerations.
function code(text,    i, sign) {
    if (text ~ /^#/) return
    gsub(/\n/, " ", text)
    for (i = 1; i <= length(text); i++) {
        sign = substr(text, i, 1)
        if (sign == "{" && depth++ == 0) body = ""
        else if (sign == "}" && --depth == 0) end_of_braces()
        else if (depth) body = body sign
        else if (sign == ";") { declare(statement); statement = "" }
        else statement = statement sign
    }
}

function end_of_braces(    parts, count, i, name) {
    if (statement ~ /\)[ ]*$/) statement = ""
    if (statement !~ /enum/) return
    count = split(body, parts, ",")
    for (i = 1; i <= count; i++) {
        name = word(parts[i])
        if (name !~ /^_/) tell(name, name)
    }
}

function declare(text,    name) {
    gsub(/[ \t]+/, " ", text)
    text = without(text, "__attribute__ ?[(]")
    text = without(text, "__asm__ ?[(]")
    gsub(/__restrict |__extension__ |extern |__inline /, "", text)
    gsub(/__gnuc_va_list/, "va_list", text)
    if (text ~ /typedef|=/ || !match(text, /[A-Za-z_][A-Za-z0-9_]* ?[(]/)) return
    name = substr(text, RSTART, RLENGTH)
    sub(/ ?[(]$/, "", name)
    if (name ~ /^_/) return
    text = plain_names(text)
    gsub(/^ +| +$/, "", text)
    gsub(/ [(]/, "(", text)
    gsub(/[*] /, "*", text)
    tell(name, text)
}

# `text` without the parts that begin with `pattern` and reach to the bracket's other half.
function without(text, pattern,    start, at, open) {
    while (match(text, pattern)) {
        start = RSTART
        at = RSTART + RLENGTH
        for (open = 1; open && at <= length(text); at++) {
            if (substr(text, at, 1) == "(") open++
            if (substr(text, at, 1) == ")") open--
        }
        text = substr(text, 1, start - 1) substr(text, at)
    }
    return text
}

# The C library writes parameters as __x, to keep out of its users' way.
function plain_names(text,    before) {
    while (match(text, /[ *(]__[a-z0-9_]+ ?[,)[]/)) {
        before = before substr(text, 1, RSTART)
        text = substr(text, RSTART + 3)
    }
    return before text
}

function tell(name, text) {
    if (name in known) return
    known[name] = 1
    printf "%s\t%s\t%s\t%s\n", header, name, text, documented[name]
}
