"""Rules about words: refused functions, assembly, attributes, directives and pragmas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from executor.declared import Declared, declares_value, word_at
from executor.lexer import Line, Place, Source, is_string, words_of
from executor.path_rules import literal_value
from executor.rulebook import Finding, Rulebook

_NOT_FUNCTIONS = frozenset({".", "->", "struct", "union", "enum", "goto"})
_ATTRIBUTE_REACH = 200
_MOST_ALIGNED = 64
_BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Words(Protocol):
    """A row of words that know their places: a whole :class:`Source` or one directive."""

    @property
    def words(self) -> Sequence[str]: ...
    def place(self, index: int) -> Place: ...


def marked(words: Sequence[str], book: Rulebook) -> dict[str, str]:
    """The words that some rule wants to look at, each with that rule."""
    found = {}
    for word in set(words):
        rule = book.word_rules.get(word)
        if rule is None and word[0] in "_?":
            if word.startswith(book.reserved_prefixes):
                rule = "reserved-name"
            elif word.startswith("??"):
                rule = "trigraph"
        if rule:
            found[word] = rule
    return found


def word_findings(
    row: Words, declared: Declared, book: Rulebook, wanted: Callable[[str], bool], start: int = 0
) -> Iterator[Finding]:
    """What the words from ``start`` on break; rules that are not ``wanted`` are skipped."""
    words = row.words
    rules = marked(words, book)
    if not rules:
        return
    for index in [i for i, word in enumerate(words) if i >= start and word in rules]:
        rule = rules[words[index]]
        if not wanted(rule):
            continue
        if rule == "attribute":
            yield from _attribute_findings(row, index, book)
        elif rule == "pragma":
            yield from _pragma_operator(row, index, book)
        elif not book.rules[rule].names or _uses_function(words, index, declared, start > 0):
            yield Finding(rule, row.place(index), {"name": words[index]})


def _uses_function(words: Sequence[str], index: int, declared: Declared, in_macro: bool) -> bool:
    """Whether a refused name is called, declared or taken, and means the library's function."""
    name, before, after = words[index], word_at(words, index - 1), word_at(words, index + 1)
    if name in declared.functions or before in _NOT_FUNCTIONS:
        return False
    # A macro's body is half a sentence: what it looks like there proves nothing.
    if after == "(" or in_macro:
        return True
    is_label = after == ":" and before in (";", "{", "}")
    if is_label or name in declared.values:
        return False
    if declares_value(words, index):
        # Once is enough: looking around every further use of the name would cost too much.
        declared.values.add(name)
        return False
    return True


def _attribute_findings(row: Words, index: int, book: Rulebook) -> Iterator[Finding]:
    """Check ``__attribute__((…))`` or one ``gnu::name``."""
    words = row.words
    if words[index] in ("gnu", "__gnu__"):
        names = [index + 3] if list(words[index + 1 : index + 3]) == [":", ":"] else []
    else:
        names = _attribute_names(words, index)
        if not names:
            yield Finding("attribute", row.place(index), {"name": words[index]})
    for place in names:
        name = word_at(words, place)
        plain = name.removeprefix("__").removesuffix("__")
        if plain not in book.attributes or _aligns_too_far(words, place, plain):
            yield Finding("attribute", row.place(min(place, len(words) - 1)), {"name": name})


def _attribute_names(words: Sequence[str], index: int) -> list[int]:
    """Where the attribute names stand; none if the list is not written out in full."""
    names: list[int] = []
    if list(words[index + 1 : index + 3]) != ["(", "("]:
        return names
    depth = 0
    for place in range(index + 1, min(index + _ATTRIBUTE_REACH, len(words))):
        word = words[place]
        depth += (word == "(") - (word == ")")
        if depth == 0:
            return names
        if depth == 2 and words[place - 1] in ("(", ",") and word not in (",", "("):
            names.append(place)
    return []


def _aligns_too_far(words: Sequence[str], place: int, name: str) -> bool:
    """Whether ``aligned(…)`` is given a number that is too large, or one to calculate."""
    value = word_at(words, place + 2)
    if name != "aligned" or word_at(words, place + 1) != "(" or not value[0].isdigit():
        return False
    small = value in {str(number) for number in range(_MOST_ALIGNED + 1)}
    return not small or word_at(words, place + 3) != ")"


def _pragma_operator(row: Words, index: int, book: Rulebook) -> Iterator[Finding]:
    text = word_at(row.words, index + 2)
    written = " ".join(literal_value(text).split()) if is_string(text) else ""
    if not _is_allowed_pragma(words_of(written), book):
        yield Finding("pragma", row.place(index), {"name": written or "_Pragma"})


def _is_allowed_pragma(words: Sequence[str], book: Rulebook) -> bool:
    """Return whether the pragma with these words leaves warnings and guards unchanged."""
    if any(" ".join(words[:count]) in book.pragmas for count in (1, 2, 3) if count <= len(words)):
        return True
    match words:
        case ["GCC", "diagnostic", "warning", option]:
            return is_string(option) and literal_value(option) in book.added_warnings
        case [name, "(", macro, ")"] if name in book.macro_pragmas:
            return is_string(macro) and not literal_value(macro).startswith(book.guard_prefixes)
    return False


def _pragma_text(line: Line) -> str:
    """Return the text after ``#pragma`` as it is written."""
    return " ".join(line.text.partition("pragma")[2].split())


def refused_directive(name: str, book: Rulebook) -> str | None:
    """The rule that refuses a directive by its name alone."""
    if name in book.directives:
        return None
    unnamed = "line-directive" if name[0].isdigit() else "unknown-directive"
    return book.directive_rules.get(name, unnamed)


def directive_findings(
    line: Line,
    before: Line | None,
    declared: Declared,
    book: Rulebook,
    wanted: Callable[[str], bool],
) -> Iterator[Finding]:
    """Yield findings about an allowed directive, except includes; ``before`` precedes it."""
    name = line.name
    if name == "pragma":
        if wanted("pragma") and not _is_allowed_pragma(line.words[2:], book):
            yield Finding("pragma", line.place(0), {"name": _pragma_text(line)})
    elif name in ("define", "undef"):
        yield from _macro_findings(line, before, declared, book, wanted)
    elif name in ("if", "elif") and "__has_include" in line.text:
        yield from word_findings(line, declared, book, wanted, start=2)


def _macro_findings(
    line: Line,
    before: Line | None,
    declared: Declared,
    book: Rulebook,
    wanted: Callable[[str], bool],
) -> Iterator[Finding]:
    words = line.words
    if len(words) < 3:
        return
    guards = words[2].startswith(book.guard_prefixes) and not _is_fallback(line, before, book)
    if guards and wanted("guard-macro"):
        yield Finding("guard-macro", line.place(2), {"name": words[2]})
    if line.name == "define" and marked(words[3:], book):
        own = Declared(declared.functions | _parameters(line), declared.values)
        yield from word_findings(line, own, book, wanted, start=3)


def _is_fallback(line: Line, before: Line | None, book: Rulebook) -> bool:
    """Return whether ``line`` is a fallback definition directly after its ``#ifndef``."""
    name = line.words[2]
    if before is None or line.name != "define" or name not in book.fallback_macros:
        return False
    condition = [word for word in before.words[1:6] if word not in "()"]
    return condition in (["ifndef", name], ["if", "!", "defined", name])


def _parameters(line: Line) -> set[str]:
    """A function-like macro's parameters."""
    words = line.words
    if not line.is_function_like or ")" not in words:
        return set()
    return set(words[4 : words.index(")")])


def source_findings(source: Source) -> Iterator[Finding]:
    """What a file breaks as a whole, whatever its characters stand in."""
    for rule, characters in (("nul-byte", "\0"), ("bidi-control", _BIDI)):
        found = next((c for c in characters if c in source.physical), None)
        if found:
            place = source.place_at(source.physical.index(found))
            yield Finding(rule, place, {"name": f"U+{ord(found):04X}"})
    if raw := source.raw_string():
        yield Finding("raw-string", raw, {})
