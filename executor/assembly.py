"""The compiler's assembler text, as a person wants to read it."""

from __future__ import annotations

import re

# What describes the program to debuggers and unwinders, and labels that only such directives use.
_NOISE = re.compile(
    r"\t\.(?:cfi_\w+|loc|file|ident|size|type|p2align|hidden|addrsig)\b|"
    r"\.L(?:F[BE]|VL|B[BEI]|text|etext|LM|ASF|LST|debug_?\w*|frame|SFDE|EFDE|SCIE|ECIE)\w*:"
)
_FILE = re.compile(r'\t\.file (\d+) "((?:[^"\\]|\\.)*)"')
_PLACE = re.compile(r"\t\.loc (\d+) (\d+)")
_SECTION = re.compile(r"\t\.(?:section\t(\S+?)(?:,.*)?|text|data|bss)$")


def readable(text: str, main: str) -> tuple[str, list[list[int]]]:
    """The text without what only debuggers read, and its lines that come from ``main``.

    Each of these is a pair: the line in the text, the line in the source, both from 1.
    """
    kept: list[str] = []
    places: list[list[int]] = []
    numbers: set[str] = set()
    source, skipping = 0, False
    for line in text.split("\n"):
        if section := _SECTION.match(line):
            skipping = (section[1] or "").startswith((".debug", ".note"))
        if skipping or not line:
            continue
        if found := _FILE.match(line):
            if found[2] == main:
                numbers.add(found[1])
        elif found := _PLACE.match(line):
            # What a header's inline function brought belongs to the line that called it.
            source = int(found[2]) if found[1] in numbers else source
        elif line.startswith("\t.cfi_endproc"):
            source = 0
        if _NOISE.match(line):
            continue
        kept.append(line)
        if source and line.startswith("\t") and not line.startswith("\t."):
            places.append([len(kept), source])
    return "\n".join(kept) + "\n" * bool(kept), places
