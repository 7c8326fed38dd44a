"""From a submission to an outcome: validate, compile and run C in a sandbox.

The map, lowest layer first; imports only ever point downwards.

``limits``         what one execution may use
``submission``     what was sent: files, main file, arguments, standard input, options
``outcome``        how an execution ended, and what was refused on the way
``messages``       every event and WebSocket message, both ways
``lexer``          C translation phases 1 to 3: the source as gcc sees it
``policy``         what C may say, as violations with line and column; its rules are
                   ``policy.toml``, read by ``rulebook``, applied by ``word_rules``,
                   ``include_rules``, ``path_rules`` and ``conditions``
``sizes``          what is too large to be looked at
``calls``          system calls in words
``sanitizer``      what the sanitizers found, in words
``verdict``        from the supervisor's verdict to a status and a sentence
``frames``         the byte protocol spoken with the supervisor in the container
``owner``          which process made a container, and whether it still lives
``filesystem``     what a sandbox sees besides its image
``image``          how fresh the sandbox image is
``log_context``    which execution a log line is about
``wall``           walls by name, and which ones are missing
``sandbox``        one started container, from this side of its stream
``engine``         the interface that makes sandboxes, with or without a broker
``container``      one hardened, single-use container; the only user of docker
``broker``         the process that alone may use the engine; ``broker_protocol`` is what it
                   can be asked, ``broker_client`` asks
``pool``           keeps sandboxes warm, reaps strays
``remote``         the person's hand on an execution
``transcript``     from the sandbox's frames to events and to the outcome
``judging``        validates sources in turn and within bounds; large ones in a
                   ``judge_process``, over ``judge_wire``
``runner``         one execution from start to end
``assembly``       assembler text, made readable
``tools``          a check, assembler text, a format: a source that is not run
``code_executor``  :class:`CodeExecutor`, the library's door
``last_resort``    ends a process that was asked to stop and cannot
``host``           what versions and kernel settings add or take away
``walls``          which walls stand on this host

Nothing above this line knows Django. Below it are the site's doors to it:
``dispatch``, ``throttle``, ``connections``, ``consumers``, ``views`` and the management
commands; and beside them ``metrics``, ``image_watch`` and ``scrape``: what is told to
Prometheus.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from executor.code_executor import CodeExecutor
    from executor.submission import Options

__all__ = ["CodeExecutor", "Options"]


def __getattr__(name: str) -> Any:
    """Import the library on first use: the broker and a start as root need little of it."""
    if name == "CodeExecutor":
        from executor.code_executor import CodeExecutor

        return CodeExecutor
    if name == "Options":
        from executor.submission import Options

        return Options
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
