"""Sealed records as they lie in the database, in the form that is hashed.

Theory of operation
-------------------
Verifying reads every record there is. So rows come as the driver gives them, in one
query per kind and seal, without model instances; and each value becomes its JSON text
at once, to be set into a template of the record's canonical form: three times as fast as
making a mapping for ``json``, and the same text (a test compares them). What many
records have in common is in the template already, which is kept.

Each stored value has one text, on SQLite and PostgreSQL alike. What no writer of this
site would have stored (JSON with another space, a time with a “T”, a 2 for a true) has
another than all that one would. Only the order of the keys of a JSON object, which has no
meaning and which PostgreSQL does not keep, does not count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from json.encoder import encode_basestring_ascii
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Model

from audit.canonical import BEGUN, FORMS, VIOLATION, canonical, leaf, moment
from audit.models import Decision, Execution, Pause, Violation
from audit.sealed import Removal

MODELS: dict[str, type[Model]] = {
    "execution": Execution,
    "decision": Decision,
    "pause": Pause,
    "removal": Removal,
}
"""The kinds of record that have leaves, in the order in which they get into a seal."""

_AT_ONCE = 100
_LONGEST_KEPT = 4096
_TEMPLATES_KEPT = 256
_USUAL = {
    *("door", "server", "state", "interactive", "validated", "options", "limits", "walls"),
    *("status", "exit_code", "signal", "blocked_syscall", "truncated", "compiled_early"),
    *("policy_version", "image", "category", "rule", "severity"),
}
"""Fields of few and short values, which come in the same combinations again and again."""
_Row = tuple[Any, ...]
_Convert = Callable[[Any], str]


class Leaf(NamedTuple):
    """One record of a seal."""

    kind: str
    key: str
    text: str
    """Its canonical form."""
    opening: str | None
    """What is personal, in canonical form with its salt; None where there is none (any more)."""
    pseudonym: str | None
    """What stands in place of a person who was forgotten; None where nobody was."""

    @property
    def hash(self) -> str:
        return leaf(self.text.encode("ascii"))


def of_seal(number: int, form: int) -> Iterator[Leaf]:
    """All records that say they are in a seal, one at a time."""
    for kind in MODELS:
        yield from _leaves(kind, form, '"seal_id" = %s', [number])


def of_keys(kind: str, keys: Sequence[Any], form: int, *, begun: bool = False) -> Iterator[Leaf]:
    """Yield the unsealed records of one kind that have these primary keys.

    With ``begun``, only what is fixed from their first commit on.
    """
    if not keys:
        return
    field = MODELS[kind]._meta.pk
    stored = [field.get_db_prep_value(key, connection) for key in keys]
    places = ", ".join(["%s"] * len(keys))
    # Not “IS NULL”: SQLite would go through all that is in no seal, by the index of that column.
    where = f'COALESCE("seal_id", 0) = 0 AND "id" IN ({places})'
    yield from _leaves(kind, form, where, stored, begun=begun)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the rows of one kind are asked for and become canonical text."""

    query: str
    """Up to its condition; columns as in ``names``, then ``private`` ones."""
    names: tuple[str, ...]
    """The fields of the form: first those of :data:`_USUAL`."""
    usual: int
    """How many those are."""
    fill: Callable[..., str]
    """Of the values of the usual fields, the template for the others; remembers them."""
    converted: tuple[tuple[int, _Convert], ...]
    """The other fields whose Python type alone does not say how they are written."""
    private: tuple[str, ...]
    opening: str
    """The template of the ``private`` fields' canonical text, all but the last."""


@lru_cache
def _plan(kind: str, form: int, vendor: str, begun: bool = False) -> _Plan:
    shape, model = (BEGUN if begun else FORMS)[form][kind], MODELS.get(kind, Violation)
    fields = {field.attname: field.get_internal_type() for field in model._meta.concrete_fields}
    private = (*sorted((*shape.personal, "salt")), shape.commitment) if shape.personal else ()
    with_violations = kind == "execution" and not begun
    added = [*["violations"] * with_violations, *["personal"] * bool(private)]
    usual = [name for name in sorted(shape.fields) if name in _USUAL]
    others = [name for name in sorted((*shape.fields, *added)) if name not in usual]
    # On SQLite a sign takes a column's type away, and with it the driver's conversions.
    sign = "+" if vendor == "sqlite" else ""
    columns = [
        f'{sign}"{name}"' if name in fields else "NULL" for name in (*usual, *others, *private)
    ]
    if kind == VIOLATION:
        columns.append('"execution_id"')
    return _Plan(
        query=f'SELECT {", ".join(columns)} FROM "{model._meta.db_table}" WHERE ',
        names=(*usual, *others),
        usual=len(usual),
        fill=_filler(kind, usual, others, _conversions(usual, fields)),
        converted=_conversions(others, fields),
        private=private,
        opening=_template(dict.fromkeys(private[:-1], "%s")),
    )


def _conversions(names: list[str], fields: dict[str, str]) -> tuple[tuple[int, _Convert], ...]:
    kinds = [_BY_FIELD.get(fields.get(name, "")) for name in names]
    return tuple((place, convert) for place, convert in enumerate(kinds) if convert)


def _filler(
    kind: str, usual: list[str], others: list[str], conversions: tuple[tuple[int, _Convert], ...]
) -> Callable[..., str]:
    places = dict.fromkeys(others, "%s")
    if kind != VIOLATION:
        places["kind"] = f'"{kind}"'

    def fill(*values: Any) -> str:
        texts = _texts(values, conversions)
        return _template(
            places
            | {name: text.replace("%", "%%") for name, text in zip(usual, texts, strict=True)}
        )

    # By type as well: 1 and 1.0 are equal, and are not the same record.
    return lru_cache(maxsize=_TEMPLATES_KEPT, typed=True)(fill)


def _template(texts: Mapping[str, str]) -> str:
    pieces = [f'"{name}":{text}' for name, text in sorted(texts.items())]
    return f"{{{','.join(pieces)}}}"


def _leaves(
    kind: str, form: int, where: str, values: list[Any], *, begun: bool = False
) -> Iterator[Leaf]:
    plan = _plan(kind, form, connection.vendor, begun)
    usual, width, others = plan.usual, len(plan.names), plan.names[plan.usual :]
    key_at = others.index("id")
    personal_at = others.index("personal") if plan.private else -1
    violations_at = others.index("violations") if "violations" in others else -1
    violations = _violations(form, where, values) if violations_at >= 0 else {}
    opening = pseudonym = None
    for row in _rows(plan.query + where, values):
        own = row[usual:width]
        texts = _texts(own, plan.converted)
        if plan.private:
            personal, opening, pseudonym = _personal(plan, row[width:])
            texts[personal_at] = _plain(personal)
        if violations_at >= 0:
            texts[violations_at] = f"[{','.join(violations.get(own[key_at], ()))}]"
        text = plan.fill(*row[:usual]) % tuple(texts)
        yield Leaf(kind, texts[key_at].strip('"'), text, opening, pseudonym)


def _personal(plan: _Plan, row: _Row) -> tuple[str, str | None, str | None]:
    """The commitment, and its opening or the pseudonym of whoever was forgotten."""
    *values, commitment = row
    if commitment or not values[plan.private.index("salt")]:
        fields = dict(zip(plan.private[:-1], values, strict=True))
        left = {name: value for name, value in fields.items() if value and name != "username"}
        # Something besides the name is left or was put there: nobody's pseudonym.
        return commitment, None, "" if left else str(fields["username"])
    opening = plan.opening % tuple(_texts(values))
    return hashlib.sha256(opening.encode("ascii")).hexdigest(), opening, None


def _violations(form: int, where: str, values: list[Any]) -> dict[Any, list[str]]:
    """The violations of the executions that ``where`` finds, by execution as it is stored."""
    plan = _plan(VIOLATION, form, connection.vendor)
    query = (
        f'{plan.query} "execution_id" IN '
        f'(SELECT "id" FROM "{Execution._meta.db_table}" WHERE {where}) '
        'ORDER BY "execution_id", "id"'
    )
    found = {}
    for execution, rows in groupby(_rows(query, values), key=lambda row: row[-1]):
        found[execution] = [
            plan.fill(*row[: plan.usual])
            % tuple(_texts(row[plan.usual : len(plan.names)], plan.converted))
            for row in rows
        ]
    return found


def _rows(query: str, values: Sequence[Any]) -> Iterator[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        while some := cursor.fetchmany(_AT_ONCE):
            yield from some


def _texts(values: Sequence[Any], conversions: Sequence[tuple[int, _Convert]] = ()) -> list[str]:
    """The JSON text of each value."""
    texts = [_BY_TYPE[type(value)](value) for value in values]
    for place, convert in conversions:
        texts[place] = convert(values[place])
    return texts


def _plain(stored: Any) -> str:
    return _BY_TYPE[type(stored)](stored)


def _foreign(stored: Any) -> str:
    return canonical(stored).decode("ascii")


class _ByType(dict[type, _Convert]):
    def __missing__(self, _: type) -> _Convert:
        return _foreign


_BY_TYPE = _ByType(
    {
        str: encode_basestring_ascii,
        int: int.__repr__,
        float: float.__repr__,
        type(None): lambda _: "null",
    }
)


def _moment(stored: Any) -> str:
    if isinstance(stored, datetime):
        return f'"{moment(stored)}"'
    if isinstance(stored, str) and len(stored) in (19, 26) and stored[10] == " ":
        return encode_basestring_ascii(f"{stored[:10]}T{stored[11:]}Z")
    return _otherwise(stored)


def _uuid(stored: Any) -> str:
    if isinstance(stored, str) and len(stored) == 32:
        parts = (stored[:8], stored[8:12], stored[12:16], stored[16:20], stored[20:])
        return encode_basestring_ascii("-".join(parts))
    return f'"{stored}"' if isinstance(stored, UUID) else _otherwise(stored)


def _otherwise(stored: Any) -> str:
    """Of what is not written as it should be: no text that something else has."""
    return _foreign([stored]) if isinstance(stored, str) else _plain(stored)


def _boolean(stored: Any) -> str:
    if stored in (0, 1):
        return "true" if stored else "false"
    return _plain(stored)


def _json(stored: Any) -> str:
    # Most are the same few again and again: limits, walls, nothing.
    if isinstance(stored, str) and len(stored) <= _LONGEST_KEPT:
        return _rewritten_before(stored)
    return _rewritten(stored)


def _rewritten(stored: Any) -> str:
    try:
        value = json.loads(stored)
    except (TypeError, ValueError):
        return _plain(stored)
    as_written = connection.vendor != "sqlite" or json.dumps(value) == stored
    return canonical(value if as_written else stored).decode("ascii")


_rewritten_before = lru_cache(maxsize=1024)(_rewritten)

_BY_FIELD: dict[str, _Convert] = {
    "DateTimeField": _moment,
    "UUIDField": _uuid,
    "BooleanField": _boolean,
    "JSONField": _json,
}
