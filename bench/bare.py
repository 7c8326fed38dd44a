"""The floor that people know: gcc and ./a.out on the host, with the sandbox's flags."""

from __future__ import annotations

import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

# Those of sandbox/assemble.sh; what the driver does by itself (PIE, linking) is left to it.
OPTIMISATION = [
    *("-O2", "-fno-optimize-sibling-calls", "-fno-strict-aliasing"),
    *("--param=max-inline-recursive-depth-auto=2", "--param=min-pagesize=0"),
]
_FLAGS = [
    *("-std=gnu17", "-Wall", "-Werror", "-Wno-unused-result", "-Wno-trigraphs"),
    *("-Wno-stringop-truncation", "-Wno-unknown-pragmas", "-Wtrampolines"),
    *("-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2"),
    *("-fPIE", "-pie", "-fstack-protector-strong", "-fstack-clash-protection"),
    *("-fno-ident", "-g1", "-gdwarf-4", "-fcf-protection=full"),
    "-Wl,-z,relro,-z,now,-z,noexecstack",
]


class Bare:
    """A gcc of the host; ``version`` is the image's major version, and gcc's must be the same."""

    def __init__(self, version: str) -> None:
        self._gcc = _gcc(version)
        memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a tmpfs
        self._folder = Path(tempfile.mkdtemp(dir=memory))

    def per_second(self, source: str, at_once: int, seconds: float) -> float:
        """Programs compiled and run in a second, so many side by side."""
        until = time.perf_counter() + seconds

        def one_after_the_other(number: int) -> int:
            count = 0
            while time.perf_counter() < until:
                self.measure(source, number)
                count += 1
            return count

        began = time.perf_counter()
        with ThreadPoolExecutor(at_once) as side_by_side:
            made = sum(side_by_side.map(one_after_the_other, range(at_once)))
        return made / (time.perf_counter() - began)

    def measure(self, source: str, number: int = 0) -> float:
        """Milliseconds for compiling and running; ``number`` keeps those side by side apart."""
        main, program = self._folder / f"main{number}.c", self._folder / f"program{number}"
        main.write_text(source)
        began = time.perf_counter()
        subprocess.run(  # noqa: S603
            [self._gcc, *_FLAGS, *OPTIMISATION, main, "-o", program, "-lfann", "-lm"], check=True
        )
        subprocess.run([program], check=True, capture_output=True)  # noqa: S603
        return (time.perf_counter() - began) * 1000

    def optimised(self, source: str, optimisation: Sequence[str]) -> tuple[float, float]:
        """Return the CPU milliseconds to compile a program with these options, and to run it."""
        main, program = self._folder / "optimised.c", self._folder / "optimised"
        main.write_text(source)
        compile_ms = _cpu_ms([self._gcc, *_FLAGS, *optimisation, main, "-o", program])
        return compile_ms, _cpu_ms([program])

    def close(self) -> None:
        shutil.rmtree(self._folder)


def _cpu_ms(command: Sequence[str | Path]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def _gcc(version: str) -> str:
    for name in ("gcc", f"gcc-{version}"):
        found = shutil.which(name)
        if found and _asked(found, "-dumpversion").strip().split(".")[0] == version:
            return found
    raise SystemExit(
        f"bench: there is no gcc {version}, the image's, on this host to compare with."
    )


def _asked(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
