"""Run the tests in batches, two side by side; run failed tests once more at the end.

    scripts/test.py [quick|containers|browser|scale]

Without an argument everything runs: linters, types, the page's modules and all tests. Each batch
is a process of its own: each pytest has its own database, and Playwright keeps an event loop
running in the main thread, so the browser's tests cannot share a process with others.

A failed test runs once more when nothing else does. If it passes then, it is *flaky*: the last
lines name it. More than two flaky tests fail the run, because such tests prove nothing.
"""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
SIDE_BY_SIDE = 2
FLAKY_AT_MOST = 2
PROGRESS_SECONDS = 30.0
TESTS_FAILED = 1
"""Pytest's exit code for failed tests. A larger one means that the tests could not run."""
_APART = ("security", "service", "browser", "scale")


@dataclass(frozen=True)
class Batch:
    """What one process runs: pytest with these arguments, or another command."""

    name: str
    arguments: tuple[str, ...]
    is_pytest: bool = True


_SECURITY, _SERVICE, _BROWSER, _SCALE = (Batch(name, (f"tests/{name}",)) for name in _APART)
_OTHERS = Batch("others", tuple(f"--ignore=tests/{name}" for name in _APART))
_CHECK = Batch("check", ("make", "--no-print-directory", "check"), is_pytest=False)
_PAGE = Batch("page", ("npm", "test", "--silent"), is_pytest=False)
_QUICK = Batch(
    "quick",
    ("-m", "not docker and not browser and not scale", "--ignore=tests/browser"),
)
# The longest first, so that both processes end at about the same time.
BATCHES = {
    "all": (_SECURITY, _SERVICE, _BROWSER, _OTHERS, _SCALE, _CHECK, _PAGE),
    "quick": (_QUICK, _PAGE),
    "containers": (Batch("containers", ("-m", "docker", "--ignore=tests/browser")),),
    "browser": (_BROWSER,),
    "scale": (_SCALE,),
}


class Run:
    """The processes of one call; ``folder`` holds their output and the names of failed tests."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: dict[str, tuple[subprocess.Popen[bytes], Path]] = {}
        self._lock = threading.Lock()

    def batch(self, batch: Batch) -> int:
        """Run a batch and print its output when it has ended; return its exit code."""
        return self._run(batch.name, self._command(batch))

    def again(self, batch: Batch) -> int:
        """Run the failed tests of a batch once more; return the exit code."""
        print(f"Running what failed in “{batch.name}” once more.", flush=True)
        return self._run(batch.name, [*self._command(batch), "--last-failed"])

    def failed(self, batch: Batch) -> list[str]:
        """Return the names of the tests that failed in the last call of a batch."""
        names = self._cache(batch) / "v/cache/lastfailed"
        return sorted(json.loads(names.read_text())) if names.exists() else []

    def interrupt(self) -> None:
        """Let every process clean up and end."""
        with self._lock:
            processes = [process for process, _ in self._running.values()]
        for process in processes:
            process.send_signal(signal.SIGINT)
        for process in processes:
            process.wait()

    def report_progress(self, done: threading.Event) -> None:
        """Print now and then how far each running pytest is."""
        while not done.wait(PROGRESS_SECONDS):
            with self._lock:
                running = list(self._running.items())
            shares = (
                f"{name} {_share(output.read_text('utf-8', 'replace'))}"
                for name, (_, output) in running
            )
            print(f"… {', '.join(shares)}", flush=True)

    def _run(self, name: str, command: list[str]) -> int:
        began = time.monotonic()
        output = self._folder / f"{name}.txt"
        with output.open("wb") as writing:
            process = subprocess.Popen(
                command,
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,  # an interrupt of the terminal would reach it twice
            )
        with self._lock:
            self._running[name] = process, output
        code = process.wait()
        with self._lock:
            del self._running[name]
            print(f"==> {name}: exit code {code} after {time.monotonic() - began:.0f} s")
            print(output.read_text("utf-8", "replace"), flush=True)
        return code

    def _command(self, batch: Batch) -> list[str]:
        if not batch.is_pytest:
            return list(batch.arguments)
        cache = f"cache_dir={self._cache(batch)}"
        slowest = ("--durations=10", "--durations-min=5")
        return [sys.executable, "-m", "pytest", *batch.arguments, *slowest, "-o", cache]

    def _cache(self, batch: Batch) -> Path:
        return self._folder / f"{batch.name}-cache"


def _share(output: str) -> str:
    """Return the last percentage that pytest printed."""
    shares = re.findall(r"\[ *(\d+%)\]", output)
    return shares[-1] if shares else "…"


def run_batches(batches: tuple[Batch, ...], run: Run) -> int:
    """Run the batches and then the failed tests; print the verdict and return the exit code."""
    with ThreadPoolExecutor(SIDE_BY_SIDE) as side_by_side:
        try:
            codes = dict(zip(batches, side_by_side.map(run.batch, batches), strict=True))
        except KeyboardInterrupt:
            side_by_side.shutdown(wait=False, cancel_futures=True)
            run.interrupt()
            raise
    flaky: list[str] = []
    failed: list[str] = []
    for batch, code in codes.items():
        names = run.failed(batch)
        if code == TESTS_FAILED and names:
            code = run.again(batch)
            still = run.failed(batch)
            failed += still
            flaky += [name for name in names if name not in still]
        if code:
            failed.append(f"{batch.name}: exit code {code}")
    for kind, found in (("flaky", flaky), ("failed", failed)):
        for name in found:
            print(f"{kind}: {name}")
    if len(flaky) > FLAKY_AT_MOST:
        print(f"{len(flaky)} tests are flaky; at most {FLAKY_AT_MOST} may be.")
    return 1 if failed or len(flaky) > FLAKY_AT_MOST else 0


def main() -> int:
    """Run the batches that the command line names."""
    which = sys.argv[1] if len(sys.argv) > 1 else "all"
    if which not in BATCHES:
        print(f"usage: scripts/test.py [{'|'.join(BATCHES)}]", file=sys.stderr)
        return 64
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    done = threading.Event()
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder))
        threading.Thread(target=run.report_progress, args=(done,), daemon=True).start()
        try:
            return run_batches(BATCHES[which], run)
        except KeyboardInterrupt:
            return 130
        finally:
            done.set()


if __name__ == "__main__":
    sys.exit(main())
