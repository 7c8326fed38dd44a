"""Seeds for the fuzz targets of the sandbox's parsers, made by the real gcc and server.

``python -m tests.fuzz.seeds FOLDER`` writes a folder of them for each target.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from executor import frames
from executor.limits import Limits
from executor.submission import Submission

TESTS = Path(__file__).resolve().parents[1]
SOURCES = ("hello", "linked_list", "macros", "function_pointers")
FLAGS = ("-std=gnu17", "-g1", "-gdwarf-4", "-fno-ident")


def main(folder: Path) -> None:
    for target in ("object", "lines", "opened", "precompiled", "order"):
        (folder / target).mkdir()
    for name in SOURCES:
        source = TESTS / f"benign/{name}.c"
        made, listed = folder / "object" / name, folder / "opened" / name
        command = ["gcc", *FLAGS, "-O1", "-c", "-MD", "-MF", listed, "-o", made, source]
        subprocess.run(command, check=True)
        # Small ones are mutated more often; the address comes first.
        (folder / "lines" / name).write_bytes(b"\x10\0\0\0" + made.read_bytes())
        (folder / "precompiled" / name).write_bytes(source.read_bytes())
        submission = Submission.from_source(source.read_bytes(), args=["a", "b c"], stdin="x")
        (folder / "order" / name).write_bytes(
            frames.prepare(Limits(), extended_headers=False)
            + frames.order(
                submission,
                Limits(),
                bytes(frames.NONCE_BYTES),
                symbols=["printf", "puts"],
                library="fann",
                extended_headers=False,
            )
        )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
