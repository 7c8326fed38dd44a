"""The process that validates large sources, killable at any time.

Started by :mod:`executor.judging` as ``python -m executor.judge_process``. It loads
the policy once, then answers one request after another until its input ends. The
kernel keeps its limits: CPU time for each request, memory for all of them. It has no
environment, writes no file and lowers its own priority.
"""

from __future__ import annotations

import math
import os
import resource
import sys
import traceback
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from executor.judge_wire import OUT_OF_MEMORY, receive, send
from executor.limits import MIB, Limits
from executor.policy import Policy
from executor.rulebook import Rulebook

_NICENESS = 5
# Measured: a source of 1 MiB needs at most 180 MB, the interpreter and its libraries included.
_BASE_BYTES = 512 * MIB
_BYTES_PER_SOURCE_BYTE = 512


def answer(policy: Policy, request: Mapping[str, Any], files: Mapping[str, bytes]) -> Any:
    """Return what a request asks of the policy, as JSON-ready values."""
    match request["ask"]:
        case "review":
            judged = policy.review(files, request["main"], Limits(**request["limits"]))
            return [[asdict(one) for one in judged.violations], judged.fann_library]
        case "link":
            return [asdict(one) for one in policy.link_violations(request["symbols"], files)]
    raise ValueError(request["ask"])


def main() -> int:
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    os.nice(_NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    opening = receive(source)
    if opening is None:
        return 0
    header, blobs = opening
    policy = Policy(Rulebook(blobs["policy"], header["profile"]))
    limits = Limits(**header["limits"])
    most = _BASE_BYTES + _BYTES_PER_SOURCE_BYTE * limits.source_bytes
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        while message := receive(source):
            used = math.ceil(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
            resource.setrlimit(resource.RLIMIT_CPU, (used + limits.validation_cpu_seconds, -1))
            try:
                reply = {"answer": answer(policy, *message)}
            except Exception:
                reply = {"error": traceback.format_exc()}
            send(sink, reply, {})
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BrokenPipeError:
        os._exit(0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
