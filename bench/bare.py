"""The floor that people know: gcc and ./a.out on the host, with the sandbox's flags."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

# sandbox/assemble.sh; what the driver does by itself (PIE, linking) is left to it.
FLAGS = [
    *("-std=gnu17", "-O1", "-Wall", "-Werror", "-Wno-unused-result", "-Wno-trigraphs"),
    *("-Wtrampolines", "-U_FORTIFY_SOURCE", "-D_FORTIFY_SOURCE=2", "-fPIE", "-pie"),
    *("-fstack-protector-strong", "-fstack-clash-protection", "-fcf-protection=full"),
    "-Wl,-z,relro,-z,now,-z,noexecstack",
]


class Bare:
    """One folder in memory, compiled into again and again."""

    def __init__(self) -> None:
        gcc = shutil.which("gcc")
        if gcc is None:
            raise SystemExit("bench: there is no gcc on this host to compare with.")
        self._gcc = gcc
        memory = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - a tmpfs
        self._folder = Path(tempfile.mkdtemp(dir=memory))

    def measure(self, source: str) -> float:
        """Milliseconds for compiling and running."""
        main, program = self._folder / "main.c", self._folder / "program"
        main.write_text(source)
        began = time.perf_counter()
        subprocess.run(  # noqa: S603
            [self._gcc, *FLAGS, main, "-o", program, "-lfann", "-lm"], check=True
        )
        subprocess.run([program], check=True, capture_output=True)  # noqa: S603
        return (time.perf_counter() - began) * 1000

    def close(self) -> None:
        shutil.rmtree(self._folder)
