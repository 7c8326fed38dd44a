"""``policy.toml`` as Python: the rules, and what each profile allows."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from executor.lexer import Place
from executor.outcome import Category, Severity, Violation

DEFAULT_PATH = Path(__file__).with_name("policy.toml")
_SHOWN = 80


class Finding(NamedTuple):
    """A broken rule with its place; ``values`` fill the rule's message.

    A value named ``suggestion`` takes the place of the rule's own suggestion.
    """

    rule: str
    place: Place | None
    values: dict[str, str]


class TooCostly(Exception):
    """A step of the validator costs more than the length of the source allows."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as data; ``names`` are the functions it refuses, if it is about functions."""

    category: Category
    severity: Severity
    message: str
    suggestion: str
    why: str
    names: frozenset[str] = frozenset()

    @classmethod
    def from_table(cls, table: dict[str, Any]) -> Rule:
        return cls(
            Category(table["category"]),
            Severity(table["severity"]),
            table["message"],
            table["suggestion"],
            table["why"],
            frozenset(table.get("names", ())),
        )


class Rulebook:
    """One profile of the policy file. ``KeyError`` or ``ValueError`` if the file is not right."""

    def __init__(self, content: bytes, profile: str) -> None:
        data = tomllib.loads(content.decode())
        self.content = content
        self.profile = profile
        digest = hashlib.sha256(content + profile.encode()).hexdigest()[:12]
        self.version = f"{data['version']}-{profile}-{digest}"
        self.rules = {name: Rule.from_table(table) for name, table in data["rules"].items()}
        self.profile_headers: dict[str, frozenset[str]] = {
            name: frozenset(headers) for name, headers in data["profiles"].items()
        }
        self.allowed = self.profile_headers["default"] | self.profile_headers[profile]
        self._headers: dict[str, dict[str, list[str]]] = data["headers"]
        self._link: dict[str, dict[str, Any]] = data["link"]
        self.dangerous = frozenset(data["includes"]["dangerous"])
        self.dangerous_folders = frozenset(data["includes"]["dangerous_folders"])
        self.known_headers = frozenset(data["includes"]["known"])
        self.header_hints: dict[str, str] = data["includes"]["hints"]
        self.fann_headers: dict[str, str] = data["includes"]["fann"]
        self.system_folders = frozenset(data["paths"]["system"])
        self.host_folders = frozenset(data["paths"]["host"])
        self.namers = frozenset(data["paths"]["namers"])
        self.openers = frozenset(data["paths"]["openers"])
        self.directives = frozenset(data["directives"]["allowed"])
        self.directive_rules: dict[str, str] = data["directives"]["refused"]
        self.pragmas = frozenset(data["directives"]["pragmas"])
        self.macro_pragmas = frozenset(data["directives"]["macro_pragmas"])
        self.added_warnings = frozenset(data["directives"]["added_warnings"])
        self._words: dict[str, str] = data["words"]
        self.attributes = frozenset(data["attributes"]["allowed"])
        self.reserved_prefixes = tuple(data["reserved"]["anywhere"])
        self.fallback_macros = frozenset(data["reserved"]["fallbacks"])
        self.guard_prefixes = (*data["reserved"]["as_macro"], *self.reserved_prefixes)

    @classmethod
    def load(cls, path: Path | None, profile: str) -> Rulebook:
        """Read a policy file; ``ValueError`` for a profile that it does not have."""
        content = (path or DEFAULT_PATH).read_bytes()
        profiles = tomllib.loads(content.decode())["profiles"]
        if profile not in profiles:
            raise ValueError(f"policy profile “{profile}” is not one of: {', '.join(profiles)}")
        return cls(content, profile)

    @cached_property
    def function_rules(self) -> dict[str, str]:
        """The rule that refuses a function, by the function's name in every spelling."""
        plain = {name: rule for rule, table in self.rules.items() for name in table.names}
        return plain | {f"__builtin_{name}": rule for name, rule in plain.items()}

    @cached_property
    def word_rules(self) -> dict[str, str]:
        """The rule that looks at a word, by the word: keywords and refused functions."""
        return self._words | self.function_rules

    @cached_property
    def link_symbols(self) -> frozenset[str]:
        """What an object may leave undefined: the allowed headers' functions and the compiler's."""
        headers = set().union(*(self.functions(header) for header in self.allowed))
        inner = {symbol for group in self._link.values() for symbol in group["symbols"]}
        return frozenset((headers | inner) - self.function_rules.keys())

    def functions(self, header: str) -> set[str]:
        """The functions of one header that a program may call; none for an unknown header."""
        table = self._headers.get(header, {})
        plain = set(table.get("functions", ()))
        return plain | {
            name + suffix for name in table.get("float_functions", ()) for suffix in ("", "f", "l")
        }

    def violation(self, finding: Finding, file: str | None) -> Violation:
        """What a person reads about one finding."""
        rule = self.rules[finding.rule]
        values = {name: shown(value) for name, value in finding.values.items()}
        values["profile"] = ", ".join(sorted(self.allowed))
        suggestion = finding.values.get("suggestion") or rule.suggestion.format_map(values)
        line, column, end_column = finding.place or (None, None, None)
        return Violation(
            rule.category,
            finding.rule,
            rule.severity,
            rule.message.format_map(values),
            file,
            line,
            column,
            end_column,
            suggestion or None,
        )


def shown(text: str) -> str:
    """Text of a source, safe and short enough for a message."""
    visible = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text[:_SHOWN])
    return visible + "…" if len(text) > _SHOWN else visible
