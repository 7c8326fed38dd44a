"""What C may say: every violation of a project at once, each with its place.

The first wall is advice and audit, not the boundary: it owes a clear message, a
record and no false alarm. What it cannot see (names pasted together, text made
at run time) the link check and the sandbox stop. The rules are data in
``policy.toml``; how each kind of rule looks at a source is in ``word_rules``,
``include_rules`` and ``path_rules``.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path
from posixpath import dirname
from typing import NamedTuple

from executor import conditions, include_rules, path_rules, word_rules
from executor.code_files import is_source
from executor.declared import Declared, word_at
from executor.include_rules import Include, target
from executor.lexer import Line, Place, Source
from executor.limits import Limits
from executor.outcome import Violation
from executor.rulebook import Finding, Rulebook, TooCostly

MOST_PER_RULE = 25
"""How many violations of one rule are reported: a flood of them helps nobody."""
MOST_REPORTED = 100
"""How many violations of one project are reported, with one for each broken rule."""
_LEFT_OUT = " There may be more of these; only the first are listed."
MOST_FOLLOWED = 20_000
"""In a file with more directives than any person writes, no conditions are followed."""
_HARMLESS = frozenset({"", "include", "else", "endif", "error", "warning"})


class Judgement(NamedTuple):
    """What policy makes of a project."""

    violations: list[Violation]
    fann_library: str | None


class Policy:
    """One profile of the policy; safe to share between threads."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book

    @classmethod
    def load(cls, path: Path | None = None, profile: str = "default") -> Policy:
        """Read a policy file, or the one that comes with the program.

        Raises ``OSError`` if it cannot be read, and ``KeyError`` or ``ValueError``
        (``TOMLDecodeError`` is one) if it is not right or has no such profile.
        """
        return cls(Rulebook.load(path, profile))

    @property
    def version(self) -> str:
        """Number, profile and a digest of the content: what a record says it was judged by."""
        return self._book.version

    @property
    def content(self) -> bytes:
        """The policy file's bytes, to load the same policy in another process."""
        return self._book.content

    @property
    def profile(self) -> str:
        return self._book.profile

    @property
    def extended(self) -> bool:
        """Whether the extended profile's headers are there for the compiler."""
        return self._book.profile == "extended"

    @property
    def headers(self) -> frozenset[str]:
        """The library headers that a program may include."""
        return self._book.allowed

    @property
    def link_symbols(self) -> frozenset[str]:
        """The names that a compiled object may leave undefined."""
        return self._book.link_symbols

    def violations(self, files: Mapping[str, bytes], main: str, limits: Limits) -> list[Violation]:
        """The violations of :meth:`review` alone."""
        return self.review(files, main, limits).violations

    def review(self, files: Mapping[str, bytes], main: str, limits: Limits) -> Judgement:
        """All violations of a project, by file, line and column, and its FANN library.

        ``files`` holds the whole project by path relative to its root; the
        sources among them and whatever they include are read as C. The program
        starts in the folder of ``main``. At most ``MOST_PER_RULE`` violations of
        each rule and ``MOST_REPORTED`` in all are reported; the last one of a rule
        notes if more were left out.
        """
        code, size = _read(files, limits.source_bytes)
        if size > limits.source_bytes:
            values = {"size": f"{size:,}", "limit": f"{limits.source_bytes:,}"}
            return self._refused("code-size", values)
        return self._review(code, files, main)

    def review_small(
        self, files: Mapping[str, bytes], main: str, most_bytes: int
    ) -> Judgement | None:
        """Return the result of :meth:`review`; None for more than ``most_bytes`` of code."""
        code, size = _read(files, most_bytes)
        return None if size > most_bytes else self._review(code, files, main)

    def too_costly(self, reason: str) -> Judgement:
        """Return the refusal of a source that costs too much; ``reason`` names the limit."""
        return self._refused("check-cost", {"name": reason})

    def _refused(self, rule: str, values: dict[str, str]) -> Judgement:
        return Judgement([self._book.violation(Finding(rule, None, values), None)], None)

    def _review(self, code: list[_Code], files: Mapping[str, bytes], main: str) -> Judgement:
        try:
            found = _Review(code, files, dirname(main), self._book).violations()
        except TooCostly as error:
            return self.too_costly(str(error))
        return Judgement(found, self._library(code))

    def link_violations(
        self, symbols: Iterable[str], sources: Mapping[str, bytes]
    ) -> list[Violation]:
        """The violations for symbols that the link check refused, one for each.

        Its place is where the name is first written in ``sources``; a name that
        was put together by the preprocessor stands nowhere.
        """
        names = list(symbols)
        places = _first_places(set(names), sources)
        return [self._link_violation(name, *places.get(name, (None, None))) for name in names]

    def _link_violation(self, symbol: str, file: str | None, place: Place | None) -> Violation:
        rule = self._book.function_rules.get(symbol, "link-symbol")
        return self._book.violation(Finding(rule, place, {"name": symbol}), file)

    def fann_library(self, files: Mapping[str, bytes]) -> str | None:
        """The FANN library that goes with the headers included: one of
        ``fann``, ``floatfann``, ``doublefann``, ``fixedfann``; None without FANN.
        """
        return self._library(_read(files, sys.maxsize)[0])

    def _library(self, code: list[_Code]) -> str | None:
        headers = _fann_headers(code, self._book)
        return self._book.fann_headers[headers[0].include.name] if headers else None


def _position(violation: Violation) -> tuple[str, int, int, str]:
    return violation.file or "", violation.line or 0, violation.column or 0, violation.rule


def _shortened(found: list[Violation], cut: set[str]) -> list[Violation]:
    """Return at most ``MOST_REPORTED`` of ``found``, at least one of each rule.

    The last violation of a rule notes any that were left out here or before (``cut``).
    """
    places = list(range(len(found)))
    if len(found) > MOST_REPORTED:
        first = {one.rule: place for place, one in reversed(list(enumerate(found)))}
        others = [place for place in places if first[found[place].rule] != place]
        places = sorted([*first.values(), *others[: MOST_REPORTED - len(first)]])
        cut = cut | {found[place].rule for place in {*range(len(found))} - {*places}}
    last = {found[place].rule: place for place in places}
    return [
        replace(found[place], message=found[place].message + _LEFT_OUT)
        if found[place].rule in cut and last[found[place].rule] == place
        else found[place]
        for place in places
    ]


class _Header(NamedTuple):
    """One ``#include``; ``include`` is None if its name is computed."""

    line: Line
    include: Include | None


class _Code(NamedTuple):
    """One file of C, read."""

    file: str
    source: Source
    headers: list[_Header]


class _FannHeader(NamedTuple):
    """The FANN header that decides a file's number type."""

    file: str
    line: Line
    include: Include


def _first_places(names: set[str], sources: Mapping[str, bytes]) -> dict[str, tuple[str, Place]]:
    """Return the file and place where each name is first written, in code or in a directive.

    Reads every source once, however many names are missing. Leaves out names that it cannot find.
    """
    places: dict[str, tuple[str, Place]] = {}
    for file, data in sorted(sources.items()):
        source = Source(data)
        rows: list[Source | Line] = [source, *source.directives]
        for row in rows:
            for name in names & set(row.words):
                places[name] = file, row.place(row.words.index(name))
            names = names - places.keys()
            if not names:
                return places
    return places


def _read(files: Mapping[str, bytes], limit: int) -> tuple[list[_Code], int]:
    """All code, which is what is C by name and whatever that includes, and its bytes.

    Reading stops as soon as the bytes pass ``limit``.
    """
    waiting = sorted((name for name in files if is_source(name)), reverse=True)
    known = set(waiting)
    size = sum(len(files[name]) for name in waiting)
    code = []
    while waiting and size <= limit:
        file = waiting.pop()
        source = Source(files[file])
        lines = [line for line in source.directives if line.name in ("include", "include_next")]
        headers = [_Header(line, include_rules.included(line.words)) for line in lines]
        includes = {header.include for header in headers}
        targets = {target(include, file) for include in includes if include}
        new = sorted((targets & files.keys()) - known)
        size += sum(len(files[name]) for name in new)
        known.update(new)
        waiting += new
        code.append(_Code(file, source, headers))
    return code, size


def _fann_headers(code: list[_Code], book: Rulebook) -> list[_FannHeader]:
    """Each file's first FANN header, specific ones first.

    ``floatfann.h`` and its like include ``fann.h`` themselves; only the first one
    in a file chooses. A header's own ``fann.h`` follows whoever includes it. Where
    an ``#if`` that is not understood decides, all that may be the first are given.
    """
    found = []
    owners: dict[str, str] = {}
    for one in code:
        used = [h for h in one.headers if h.include and h.include.name in book.fann_headers]
        if len({header.include for header in used}) > 1:
            owners = owners or _owners(code)
            used = _first_reached(one, used, owners)
        found += [_FannHeader(one.file, h.line, h.include) for h in used if h.include]
    specific = [one for one in found if one.include.name != "fann.h"]
    if specific:
        plain = (one for one in found if one.include.name == "fann.h")
        found = specific + [one for one in plain if one.file.endswith(".c")]
    return found


def _owners(code: list[_Code]) -> dict[str, str]:
    """The file that defines each macro; nobody owns what is undefined or defined by several."""
    owners: dict[str, str] = {"": ""}
    for file, source, _ in code:
        for line in source.directives:
            if line.name in ("define", "undef") and len(line.words) > 2:
                alone = line.name == "define" and owners.get(line.words[2], file) == file
                owners[line.words[2]] = file if alone else ""
    return owners


def _first_reached(one: _Code, used: list[_Header], owners: dict[str, str]) -> list[_Header]:
    """Those of a file's headers of which one is the first that the compiler gets to."""
    lines = one.source.directives
    if len(lines) > MOST_FOLLOWED:
        return used
    live = dict(conditions.reached(lines, lambda name: owners.get(name, one.file) != one.file))
    reached = [header for header in used if live[header.line] is not False]
    sure = next((at for at, header in enumerate(reached) if live[header.line]), len(reached))
    return reached[: sure + 1]


class _Review:
    """One look over all code of a submission."""

    def __init__(
        self, code: list[_Code], files: Mapping[str, bytes], folder: str, book: Rulebook
    ) -> None:
        self._code = code
        self._files = files
        self._folder = folder
        self._book = book
        self._counts: Counter[str] = Counter()
        self._cut: set[str] = set()
        """The rules with possibly more violations than are reported."""
        self._macros = path_rules.TextMacros()
        self._declared = Declared()

    def violations(self) -> list[Violation]:
        """Return the violations to report, by file, line and column."""
        for code in self._code:
            self._learn(code.source)
        self._text_macros = self._macros.names()
        found = ((code.file, finding) for code in self._code for finding in self._findings(code))
        reported = [
            self._book.violation(finding, file)
            for file, finding in chain(found, self._mixed_fann())
            if self._counted(finding.rule)
        ]
        return _shortened(sorted(reported, key=_position), self._cut)

    def _wants(self, rule: str) -> bool:
        """Return whether one more violation of ``rule`` would be reported."""
        wanted = self._counts[rule] < MOST_PER_RULE
        if not wanted:
            self._cut.add(rule)
        return wanted

    def _counted(self, rule: str) -> bool:
        wanted = self._wants(rule)
        self._counts[rule] += wanted
        return wanted

    def _learn(self, source: Source) -> None:
        """Note text macros and the project's own names before anything is judged."""
        names = self._book.function_rules
        for line in source.directives:
            if line.name == "define":
                self._macros.define(line.words)
                if word_at(line.words, 2) in names:
                    self._declared.read_macro(line.words)
        hits = [index for index, word in enumerate(source.words) if word in names]
        self._declared.read(source.words, hits)

    def _findings(self, code: _Code) -> Iterator[Finding]:
        source = code.source
        yield from word_rules.source_findings(source)
        yield from self._include_findings(code)
        yield from word_rules.word_findings(source, self._declared, self._book, self._wants)
        yield from self._literal_findings(source)
        before = None
        for line in source.directives:
            if line.name not in _HARMLESS:
                yield from self._directive_findings(line, before)
            before = line

    def _directive_findings(self, line: Line, before: Line | None) -> Iterator[Finding]:
        refused = word_rules.refused_directive(line.name, self._book)
        if refused:
            if self._wants(refused):
                yield Finding(refused, line.place(1), {"name": line.name})
            return
        yield from word_rules.directive_findings(
            line, before, self._declared, self._book, self._wants
        )
        if line.name == "define" and '"' in line.text:
            yield from self._literal_findings(line, first=3)

    def _include_findings(self, code: _Code) -> Iterator[Finding]:
        judged: dict[Include, str | None] = {}
        for line, include in code.headers:
            if line.name != "include":
                continue
            if include is None and self._wants("computed-include"):
                yield Finding("computed-include", line.place(0), {"name": line.text.strip()})
            if include is None:
                continue
            if include not in judged:
                judged[include] = include_rules.broken_rule(
                    include, code.file, self._files, self._book
                )
            rule = judged[include]
            if rule and self._wants(rule):
                values = include_rules.message_values(include, code.file, self._files, self._book)
                yield Finding(rule, line.place(2), values)

    def _literal_findings(self, row: Source | Line, first: int = 0) -> Iterator[Finding]:
        words = row.words
        for run in path_rules.joined(words, self._text_macros, first):
            text = self._macros.text(words[run.start : run.stop])
            if "/" not in text:
                continue
            opened = path_rules.opens_file(words, run.start, self._book.openers)
            rule = path_rules.broken_rule(text, self._folder, opened, self._book)
            if rule and self._wants(rule):
                values = {"name": text, "suggestion": path_rules.suggestion(words, run, self._book)}
                yield Finding(rule, row.place(run.start), values)

    def _mixed_fann(self) -> Iterator[tuple[str, Finding]]:
        headers = _fann_headers(self._code, self._book)
        for other in headers[1:]:
            if other.include.name != headers[0].include.name and self._wants("fann-mixed"):
                values = {"name": other.include.name, "first": headers[0].include.name}
                yield other.file, Finding("fann-mixed", other.line.place(2), values)
