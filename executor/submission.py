"""What was sent: the files of one project, which of them is main, and its input."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from posixpath import commonpath, dirname, normpath, relpath

from executor.code_files import code_of

WARNINGS = ("error", "show")
_NAME = re.compile(r"[\w.+@ -]{1,100}")
_NAME_BYTES = 200


class BadSubmission(ValueError):
    """The submission is malformed; ``code`` is stable, the text is for a person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Options:
    """How a program is built: its person's choices. None of them becomes a compiler's flag."""

    sanitize: bool = False
    """Built with the address and undefined behaviour sanitizers."""
    fixed_seed: bool = False
    """FANN does not seed its random numbers, so that every run is the same."""
    warnings: str = "error"
    """``error``: a warning ends the compile; ``show``: it is only told."""

    def __post_init__(self) -> None:
        switches = (self.sanitize, self.fixed_seed)
        if not all(isinstance(switch, bool) for switch in switches):
            raise BadSubmission("bad-option", "“sanitize” and “fixed_seed” are true or false.")
        if self.warnings not in WARNINGS:
            raise BadSubmission("bad-option", f"“warnings” must be one of: {', '.join(WARNINGS)}.")


@dataclass(frozen=True)  # without slots, because of the cached properties
class Submission:
    """Files by path relative to the project's root; the program starts in main's folder."""

    files: Mapping[str, bytes]
    main: str
    args: tuple[str, ...] = ()
    stdin: bytes = b""
    interactive: bool = False
    cols: int = 80
    rows: int = 24
    validate: bool = True
    options: Options = Options()

    @classmethod
    def from_files(
        cls,
        files: Mapping[str, str | bytes],
        main: str,
        *,
        args: Iterable[str] = (),
        stdin: str | bytes = b"",
        interactive: bool = False,
        cols: int = 80,
        rows: int = 24,
        validate: bool = True,
        options: Options = Options(),
        above: Sequence[str] = (),
    ) -> Submission:
        """Check and normalise what came from outside.

        Names may climb out of main's folder (``../datasets/x.data``): the
        project's root is then the lowest folder that holds them all. ``above``
        are the names of the folders that ``main`` lies in, the innermost last;
        what is not known of them is called ``d0``, ``d1`` and so on. Raises
        :class:`BadSubmission`.
        """
        paths, main_path = _rooted(
            {name: encoded(content) for name, content in files.items()}, main, above
        )
        if not main_path.endswith(".c"):
            raise BadSubmission("bad-main", f"The main file “{main}” must be a C file (.c).")
        arguments = tuple(args)
        if any(b"\0" in encoded(argument) for argument in arguments):
            raise BadSubmission("bad-argument", "A program argument cannot hold a NUL character.")
        return cls(
            paths, main_path, arguments, encoded(stdin), interactive, cols, rows, validate, options
        )

    @classmethod
    def from_source(cls, source: str | bytes, **options: object) -> Submission:
        """A project of one file, ``main.c``."""
        return cls.from_files({"main.c": source}, "main.c", **options)  # type: ignore[arg-type]

    @cached_property
    def code(self) -> dict[str, bytes]:
        """All files that the compiler may read: the C files, and files an ``#include`` may name.

        No other file exists in the sandbox during the compile, so the program consists of these.
        """
        return code_of(self.files)

    @property
    def data(self) -> dict[str, bytes]:
        """The files that only the program can read."""
        return {name: data for name, data in self.files.items() if name not in self.code}

    @cached_property
    def code_hash(self) -> str:
        """SHA-256, in hex, of the main file alone or of all code with its names.

        One file hashes as its bytes, so that ``sha256sum main.c`` finds its record.
        """
        if len(self.code) == 1:
            return hashlib.sha256(self.code[self.main]).hexdigest()
        digest = hashlib.sha256()
        for name, data in sorted(self.code.items()):
            digest.update(f"{name}\0{len(data)}\0".encode())
            digest.update(data)
        return digest.hexdigest()


def check_names(names: Iterable[str]) -> None:
    """The names of one project, none of which may climb above its root.

    Raises :class:`BadSubmission`, as a submission with these names would.
    """
    paths = dict.fromkeys(names, b"")
    for name in paths:
        _check_name(name)
        if ".." in name.split("/"):
            raise BadSubmission("bad-name", f"“{_shown(name)}” is outside the project.")
    _check_folders(paths)


def encoded(content: str | bytes) -> bytes:
    """Text as UTF-8; raises :class:`BadSubmission` for half a character, and for no text at all."""
    if isinstance(content, bytes):
        return content
    if not isinstance(content, str):
        raise BadSubmission(
            "bad-text",
            "Text or bytes are needed for the input and for each file and argument, "
            f"not {type(content).__name__}.",
        )
    try:
        return content.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise BadSubmission("bad-text", "The text holds half a character (a surrogate).") from error


def _rooted(
    files: dict[str, bytes], main: str, above: Sequence[str]
) -> tuple[dict[str, bytes], str]:
    """Rename ``files`` so that none climbs above the root; give them and main's new name."""
    if main not in files:
        raise BadSubmission("bad-main", f"The main file “{main}” is not among the files.")
    for name in files:
        _check_name(name)
    climbs = max(normpath(name).split("/").count("..") for name in files)
    base = "/" + _ancestors(climbs, above)
    absolute = {normpath(f"{base}/{name}"): data for name, data in files.items()}
    if len(absolute) != len(files):
        raise BadSubmission("bad-name", "Two files have the same name.")
    root = commonpath([dirname(path) for path in absolute]) if climbs else "/"
    placed = {relpath(path, root): data for path, data in absolute.items()}
    _check_folders(placed)
    return placed, relpath(normpath(f"{base}/{normpath(main)}"), root)


def _ancestors(climbs: int, above: Sequence[str]) -> str:
    """The innermost ``climbs`` of main's folders: real names where they may be, or stand-ins."""
    names = [f"d{level}" for level in range(climbs)]
    real = above[max(len(above) - climbs, 0) :]
    try:
        if real:
            _check_name("/".join(real))
            names[-len(real) :] = real
    except BadSubmission:
        pass
    return "/".join(names)


def _check_folders(files: dict[str, bytes]) -> None:
    seen = set()
    for name in files:
        folder = dirname(name)
        while folder and folder not in seen:
            seen.add(folder)
            if folder in files:
                raise BadSubmission("bad-name", f"“{folder}” is both a file and a folder.")
            folder = dirname(folder)


def _check_name(name: str) -> None:
    """Refuse names that no project needs and that some tool would read as something else.

    The compiler reads ``-x`` as an option and ``@x`` as “more arguments are in the file x”.
    """
    parts = name.split("/")
    if name.startswith("/") or len(name.encode("utf-8", "replace")) > _NAME_BYTES:
        raise BadSubmission("bad-name", f"The file name “{_shown(name)}” is absolute or too long.")
    for part in parts:
        if part == "..":
            continue
        if not _NAME.fullmatch(part) or part != part.strip() or part[0] in "-@" or part == ".":
            raise BadSubmission(
                "bad-name",
                f"The file name “{_shown(name)}” is not allowed: use letters, digits, spaces "
                "and . _ + @ -, and begin with neither @ nor -.",
            )
        if part.lower().endswith(".gch"):
            raise BadSubmission(
                "bad-name",
                f"The file name “{_shown(name)}” is not allowed: the compiler would take a "
                ".gch file for a precompiled header that nobody has read.",
            )
        if unicodedata.normalize("NFC", part) != part:
            raise BadSubmission(
                "bad-name",
                f"The file name “{_shown(name)}” is not in Unicode’s composed form (NFC).",
            )


def _shown(name: str) -> str:
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name)[
        :80
    ]
