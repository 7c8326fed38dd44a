"""What the sanitizers found, in a learner's words.

gcc's AddressSanitizer and UndefinedBehaviorSanitizer write reports to standard
error; they stay there as they are. This module reads the first one.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable

from executor.outcome import Finding

# What gcc 12 lets a sanitized object ask of libasan and libubsan. The rest of their functions,
# which install hooks or write files, is for nobody here.
_SIZES = ("1", "2", "4", "8", "16", "_n")
_HANDLERS = """
add_overflow alignment_assumption builtin_unreachable cfi_bad_type divrem_overflow
dynamic_type_cache_miss float_cast_overflow function_type_mismatch implicit_conversion
invalid_builtin invalid_objc_cast load_invalid_value missing_return mul_overflow negate_overflow
nonnull_arg nonnull_return_v1 nullability_arg nullability_return_v1 out_of_bounds pointer_overflow
shift_out_of_bounds sub_overflow type_mismatch_v1 vla_bound_not_positive
"""
SYMBOLS = frozenset(
    {
        *("__asan_init", "__asan_version_mismatch_check_v8", "__asan_handle_no_return"),
        *("__asan_register_globals", "__asan_unregister_globals"),
        *("__asan_poison_stack_memory", "__asan_unpoison_stack_memory"),
        *("__asan_alloca_poison", "__asan_allocas_unpoison"),
        *("__asan_option_detect_stack_use_after_return", "__asan_stack_malloc_0"),
        *(f"__asan_report_{kind}{size}" for kind in ("load", "store") for size in _SIZES),
        *(f"__asan_{kind}{size}" for kind in ("load", "store") for size in (*_SIZES[:-1], "N")),
        *(f"__asan_stack_{kind}_{size}" for kind in ("malloc", "free") for size in range(11)),
        *(f"__asan_set_shadow_{byte}" for byte in ("00", "f1", "f2", "f3", "f5", "f8")),
        *(f"__ubsan_handle_{name}{end}" for name in _HANDLERS.split() for end in ("", "_abort")),
    }
)


# AddressSanitizer

# The program can print whatever it likes here. So nothing is tried at every place of a line, and
# no line and no number is read that is longer than any of a sanitizer's.
_ERROR = re.compile(r"^==\d+==ERROR: AddressSanitizer: (\S.{0,999})$", re.MULTILINE)
_ACCESS = re.compile(r"^(READ|WRITE) of size (\d+) at ", re.MULTILINE)
_FRAME = re.compile(r"^ +#\d+ 0x[0-9a-f]+ in \S+ (.+?):(\d{1,7})(?::\d+)?$", re.MULTILINE)
_REGION = re.compile(
    r"^0x[0-9a-f]+ is located \d+ bytes (to the left of|to the right of|inside of|before|after) "
    r"(\d+)-byte region",
    re.MULTILINE,
)
_GLOBAL = re.compile(
    r"^0x[0-9a-f]+ is located \d+ bytes (to the left of|to the right of|inside of|before|after) "
    r"global variable '([^'\n]+)' defined in '([^'\n:]+):(\d+)",
    re.MULTILINE,
)
_LOCAL = re.compile(
    r"^ +\[\d+, \d+\) '(.+?)'(?: \(line (\d+)\))? <== Memory access at offset \d+ "
    r"(?:is inside|partially|(under|over)flows)",
    re.MULTILINE,
)
_SIDES = {
    **dict.fromkeys(("to the right of", "after", "over"), "past the end of "),
    **dict.fromkeys(("to the left of", "before", "under"), "before the beginning of "),
}
# What the header says, and what it is called and means.
_OTHER_ERRORS = {
    "attempting double-free": (
        "double-free",
        "The program freed a block that it had already freed{freed}.",
    ),
    "attempting free on address": (
        "bad-free",
        "The program freed an address that it did not get from malloc.",
    ),
    "stack-overflow": (
        "stack-overflow",
        "The stack is full: a function calls itself without end, or local arrays are too large.",
    ),
    "SEGV on unknown address 0x000000000000 ": (
        "null-pointer",
        "The program used a null pointer: it points to nothing.",
    ),
    "SEGV": ("SEGV", "The program used memory that does not belong to it."),
    "FPE": ("FPE", "The program did arithmetic that has no result, such as a division by zero."),
    "requested allocation size": (
        "allocation-size-too-big",
        "The program asked for more memory than can exist: is the size negative?",
    ),
    "calloc parameters overflow": (
        "calloc-overflow",
        "The program asked calloc for more memory than can exist.",
    ),
    "memcpy-param-overlap": (
        "memcpy-param-overlap",
        "The program copied between two pieces of memory that overlap; only memmove may do that.",
    ),
    "strcpy-param-overlap": (
        "strcpy-param-overlap",
        "The program copied a string onto a part of itself.",
    ),
    "negative-size-param": (
        "negative-size-param",
        "The program gave a negative size to a function that copies or fills memory.",
    ),
}

# UndefinedBehaviorSanitizer

_RUNTIME_ERROR = re.compile(r"^(.+?):(\d{1,7}):\d+: runtime error: (.{1,1000})$", re.MULTILINE)
_UNDEFINED = (
    (
        r"index (-?\d+) out of bounds for type '(.+)'",
        "out-of-bounds",
        "The index {0} is outside the array, which has the type “{1}” and is counted from 0.",
    ),
    (
        r"signed integer overflow: (.+) cannot be represented in type '(.+)'",
        "signed-integer-overflow",
        "A number left the range of its type: {0} does not fit into “{1}”.",
    ),
    (
        r"negation of (.+) cannot be represented in type '(.+?)'",
        "signed-integer-overflow",
        "A number left the range of its type: {0} negated does not fit into “{1}”.",
    ),
    (r"division by zero", "division-by-zero", "The program divided by zero."),
    (
        r".*null pointer.*",
        "null-pointer",
        "The program used a null pointer: it points to nothing.",
    ),
    (
        r"shift exponent (-?\d+) is .*type '(.+)'",
        "shift",
        "The program shifted by {0} bits, which “{1}” does not allow.",
    ),
    (
        r"(.+) is outside the range of representable values of type '(.+)'",
        "float-cast-overflow",
        "The number {0} does not fit into a “{1}”.",
    ),
    (
        r".* misaligned address .*type '(.+?)'.*",
        "misaligned-pointer",
        "The program used a “{0}” at an address that is not aligned for it.",
    ),
    (
        r"variable length array bound evaluates to non-positive value (-?\d+)",
        "array-size",
        "The program made an array of {0} elements; it needs at least one.",
    ),
    (
        r"execution reached an unreachable.*",
        "unreachable",
        "The program reached __builtin_unreachable(), which it promises never to reach.",
    ),
)


def finding(report: str, files: Container[str]) -> Finding | None:
    """The first thing that a report in ``report`` tells of, or None.

    ``files`` are the names of the project: a place is one of its own.
    """
    found = [
        (match.start(), read(match, report, files))
        for pattern, read in ((_ERROR, _address_error), (_RUNTIME_ERROR, _undefined))
        if (match := pattern.search(report))
    ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _undefined(match: re.Match[str], report: str, files: Container[str]) -> Finding:
    file, line, text = match.groups()
    for pattern, kind, sentence in _UNDEFINED:
        if said := re.fullmatch(pattern, text):
            return Finding(kind, sentence.format(*said.groups()), file, int(line))
    return Finding(
        "undefined-behaviour",
        f"C does not define what the program does here: {text}.",
        file,
        int(line),
    )


def _address_error(match: re.Match[str], report: str, files: Container[str]) -> Finding:
    said, body = match[1], report[match.end() :]
    file, line = _place(body.split("\n\n", 1)[0], files) or (None, None)
    for start, (kind, sentence) in _OTHER_ERRORS.items():
        if said.startswith(start):
            freed = _at(_section(body, "freed by thread"), files)
            return Finding(kind, sentence.format(freed=freed and f",{freed}"), file, line)
    kind = said.split()[0].rstrip(":")
    access = _ACCESS.search(body)
    if access is None:
        return Finding(kind, f"The program used memory wrongly ({kind}).", file, line)
    did = "read" if access[1] == "READ" else "wrote"
    count = f"{access[2]} byte{'s' * (access[2] != '1')}"
    return Finding(kind, f"The program {did} {count} {_where(kind, body, files)}.", file, line)


def _where(kind: str, body: str, files: Container[str]) -> str:
    """What memory it was, as the end of a sentence."""
    if kind == "heap-use-after-free":
        return f"of a block that had been freed{_at(_section(body, 'freed by thread'), files)}"
    if region := _REGION.search(body):
        allocated = _at(_section(body, "allocated by thread"), files)
        which = f", which was allocated{allocated}" if allocated else ""
        return f"{_side(region[1])}a block of {region[2]} bytes{which}"
    if place := _GLOBAL.search(body):
        side, name, file, line = place.groups()
        return f"{_side(side)}the variable “{name}”, which is defined in {file} line {line}"
    if local := _LOCAL.search(body):
        declared = f" of line {local[2]}" if local[2] else ""
        after = kind in ("stack-use-after-scope", "stack-use-after-return")
        return (
            f"of the local variable “{local[1]}”{declared}, whose block had ended"
            if after
            else f"{_side(local[3])}the local variable “{local[1]}”{declared}"
        )
    return "of memory that it may not use"


def _side(word: str | None) -> str:
    return _SIDES.get(word or "", "of ")


def _section(body: str, heading: str) -> str:
    """The stack below a heading such as ``allocated by thread T0 here:``."""
    _, _, below = body.partition(heading)
    return below.split("\n\n", 1)[0]


def _at(stack: str, files: Container[str]) -> str:
    place = _place(stack, files)
    return f" in {place[0]} line {place[1]}" if place else ""


def _place(stack: str, files: Container[str]) -> tuple[str, int] | None:
    frames: Iterable[re.Match[str]] = _FRAME.finditer(stack)
    own = (frame for frame in frames if frame[1] in files)
    return next(((frame[1], int(frame[2])) for frame in own), None)
