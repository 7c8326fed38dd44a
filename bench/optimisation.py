"""Measure recursive programs at several levels of optimisation."""

from __future__ import annotations

from bench.bare import OPTIMISATION, Bare

_MAIN = '#include <stdio.h>\n{function}\nint main(void) {{ printf("%d\\n", {call}); return 0; }}\n'
_FIBONACCI = "static int fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }"
_ACKERMANN = (
    "static int ack(int m, int n) {\n"
    "    if (m == 0) return n + 1;\n"
    "    return n == 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }"
)
_HANOI = (
    "static int moves;\n"
    "static void move(int n, int from, int to, int by) {\n"
    "    if (!n) return;\n"
    "    move(n - 1, from, by, to); moves++; move(n - 1, by, to, from); }"
)
RECURSIVE = {
    "Fibonacci": _MAIN.format(function=_FIBONACCI, call="fib(38)"),
    "Ackermann": _MAIN.format(function=_ACKERMANN, call="ack(3, 10)"),
    "Hanoi": _MAIN.format(function=_HANOI, call="(move(26, 1, 3, 2), moves)"),
}
LEVELS = {"-O1": ["-O1"], "-O2": ["-O2"], "the image's": OPTIMISATION}
_ROUNDS = 3


def measure(bare: Bare) -> dict[str, dict[str, tuple[float, float]]]:
    """Print and return CPU milliseconds to compile and to run, by program and level."""
    print("Recursive programs, CPU milliseconds: compile + run, the best of three in turns")
    print(f"{'':10}" + "".join(f"{level:>22}" for level in LEVELS))
    found = {}
    for name, source in RECURSIVE.items():
        rounds = [
            {level: bare.optimised(source, options) for level, options in LEVELS.items()}
            for _ in range(_ROUNDS)
        ]
        found[name] = {level: min(one[level] for one in rounds) for level in LEVELS}
        print(f"{name:10}" + "".join(f"{c:>12.0f} + {r:>7.0f}" for c, r in found[name].values()))
    return found
