"""From a saved project to a Submission: what ``run`` with ``project`` runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AnonymousUser, User

from executor.messages import Saved
from executor.submission import BadSubmission, Options, Submission
from workspace.access import project_of

_COMMENT_OR_TEXT = re.compile(
    rb"""//[^\n]*|/\*.*?(?:\*/|\Z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?""", re.DOTALL
)
_MAIN = re.compile(rb"\bmain\s*\([^(){};]*\)\s*\{")
_CONDITION = re.compile(rb"^[ \t]*#[ \t]*(if|endif)", re.MULTILINE)


def saved_submission(
    user: User | AnonymousUser, sent: Saved
) -> tuple[Submission, list[dict[str, Any]]]:
    """Return the submission of a saved project and the message that names it, and its origin.

    Raises :class:`Refused` for a project that is not there and
    ``BadSubmission`` for one that cannot be run.
    """
    project = project_of(user, sent.project)
    files: dict[str, str | bytes] = {f.path: bytes(f.content) for f in project.files.all()}
    files |= sent.files
    main = project.main if sent.main is None else sent.main
    if main not in files:
        missing = f"“{main}” is not among its files" if main else "it has no C file (.c)"
        raise BadSubmission("bad-main", f"The project cannot be run: {missing}.")
    submission = Submission.from_files(
        one_program(files, main),
        main,
        args=project.args if sent.args is None else sent.args,
        stdin=bytes(project.stdin) if sent.stdin is None else sent.stdin,
        options=Options(**project.options) if sent.options is None else sent.options,
        interactive=sent.interactive,
        cols=sent.cols,
        rows=sent.rows,
    )
    return submission, project.origin


def one_program(files: Mapping[str, str | bytes], main: str) -> dict[str, str | bytes]:
    """``files`` without the C files of other programs in the same project.

    Those are the ones with a ``main`` of their own, when the main file has one
    too: linked together they could not be a program anyway.
    """
    if not _has_main(files[main]):
        return dict(files)
    return {
        name: content
        for name, content in files.items()
        if name == main or not name.endswith(".c") or not _has_main(content)
    }


def _has_main(content: str | bytes) -> bool:
    """Whether a C file defines ``main``, whatever is compiled of it.

    A ``main`` between ``#if`` and ``#endif`` is a file's own test, and no program's.
    """
    source = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
    if b"main" not in source:
        return False
    code = _COMMENT_OR_TEXT.sub(b" ", source)
    found = _MAIN.search(code)
    if found is None:
        return False
    conditions = [one[1] for one in _CONDITION.finditer(code, 0, found.start())]
    return conditions.count(b"if") == conditions.count(b"endif")
