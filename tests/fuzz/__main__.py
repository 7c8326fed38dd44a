"""A fuzz target for the validator: ``make fuzz SECONDS=60``.

Takes the corpora and the hostile shapes as seeds, mutates them, and holds every text
against what the first wall promises: it never raises, its places lie inside the source,
and each byte costs no more CPU time than it may. A text that breaks a promise is
written to ``fuzz-SHA.c`` and the exit code is 1.
"""

from __future__ import annotations

import hashlib
import random
import sys
import time
from pathlib import Path

from executor.limits import Limits
from executor.policy import Policy
from tests.validation.shapes import SHAPES

TESTS = Path(__file__).resolve().parents[1]
# Where lexers break: ends of comments, splices, quotes, directives, digraphs, raw strings.
SPICES = [
    *(b"'a\\", b"\\\n", b"\\ \n", b"\r", b"\0", b"//", b"/*", b"*/", b'"', b"'", b"??/", b"%:"),
    *(b"#include <", b"#include ", b"#define a ", b"#if 0\n", b"#endif\n", b"##", b'R"(', b"\\u0"),
    *(b"system(", b"__asm__", b"_Pragma(", b"\xff\xfe", b"\xef\xbb\xbf", b'"/pr" "oc"', b"<:"),
]
# A megabyte is promised a second of CPU time. Processors that other programs share need longer
# for the same work, so the target allows three, and measures what took longer once more.
SECONDS_PER_MEGABYTE = 3.0
FIXED_SECONDS = 0.2
SHAPE_BYTES = (1 << 12, 1 << 16, 1 << 20)


def main(seconds: float) -> int:
    """Fuzz for so long; the exit code."""
    policy, limits = Policy.load(), Limits()
    seeds = [path.read_bytes() for path in sorted(TESTS.rglob("*.c"))]
    chance = random.Random()
    until, count = time.monotonic() + seconds, 0
    while time.monotonic() < until:
        text = mutated(chance, seeds)
        if broken := broken_promise(policy, limits, text):
            name = f"fuzz-{hashlib.sha256(text).hexdigest()[:12]}.c"
            Path(name).write_bytes(text)
            print(f"{name}: {broken}")
            return 1
        count += 1
    print(f"{count} texts, every promise kept")
    return 0


def mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    """One seed or hostile shape with pieces of others, spices and repetitions in it."""
    text = bytearray(chance.choice(seeds))
    if chance.randrange(4) == 0:
        shape = SHAPES[chance.choice(sorted(SHAPES))](chance.choice(SHAPE_BYTES))
        text = bytearray(max(shape.values(), key=len))
    for _ in range(chance.randrange(1, 12)):
        at = chance.randrange(len(text) + 1)
        match chance.randrange(4):
            case 0:
                text[at:at] = chance.choice(SPICES)
            case 1:
                text[at:at] = chance.choice(SPICES) * chance.choice((10, 1000, 20_000))
            case 2:
                del text[at : at + chance.randrange(1, 40)]
            case _:
                other = chance.choice(seeds)
                start = chance.randrange(len(other) + 1)
                text[at:at] = other[start : start + chance.randrange(1, 200)]
    return bytes(text[: 1 << 20])


def broken_promise(policy: Policy, limits: Limits, text: bytes) -> str:
    """What the validator did wrong with ``text``; empty if nothing."""
    most = FIXED_SECONDS + SECONDS_PER_MEGABYTE * len(text) / (1 << 20)
    for _ in range(2):
        began = time.process_time()
        try:
            found = policy.violations({"main.c": text}, "main.c", limits)
        except Exception as error:
            return f"raised {error!r}"
        spent = time.process_time() - began
        if spent <= most:
            break
    else:
        return f"{spent:.1f} s for {len(text)} bytes"
    lines = text.count(b"\n") + text.count(b"\r") + 1
    outside = [one for one in found if one.line is not None and not 1 <= one.line <= lines]
    return f"a place outside of the source: {outside[0]}" if outside else ""


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
