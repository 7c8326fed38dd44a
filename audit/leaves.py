"""Sealed records as they lie in the database, in the form that is hashed.

Theory of operation
-------------------
Verifying reads every record there is. So rows come as the driver gives them, in one
query per kind and seal, without model instances; and each value becomes its JSON text
at once, to be set into a template of the record's canonical form: twice as fast as
making a mapping for ``json``, and the same text (a test compares them).

Each stored value has one text, on SQLite and PostgreSQL alike. What no writer of this
site would have stored (JSON with another space, a 2 for a true) has another than all
that one would.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from json.encoder import encode_basestring_ascii
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import BigAutoField, Model, UUIDField

from audit.canonical import FORMS, VIOLATION, canonical, leaf, moment
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
_Row = tuple[Any, ...]
_Convert = Callable[[Any], str]


class Leaf(NamedTuple):
    """One record of a seal."""

    kind: str
    key: str
    text: str
    """Its canonical form."""
    opening: str | None
    """The canonical form of what is personal, with the salt; None where there is none."""
    pseudonym: str | None
    """What stands in place of a person who was forgotten; None where nobody was."""

    @property
    def hash(self) -> str:
        return leaf(self.text.encode("ascii"))


def of_seal(number: int, form: int) -> Iterator[Leaf]:
    """All records that say they are in a seal, one at a time."""
    for kind in MODELS:
        yield from _leaves(kind, form, '"seal_id" = %s', [number])


def of_keys(kind: str, keys: Sequence[Any], form: int) -> Iterator[Leaf]:
    """The records of one kind with these primary keys that are in no seal yet."""
    if not keys:
        return
    field = UUIDField() if kind == "execution" else BigAutoField()
    stored = [field.get_db_prep_value(key, connection) for key in keys]
    places = ", ".join(["%s"] * len(keys))
    yield from _leaves(kind, form, f'"seal_id" IS NULL AND "id" IN ({places})', stored)


@dataclass(frozen=True, slots=True)
class _Plan:
    """How the rows of one kind are asked for and become canonical text."""

    query: str
    """Up to its condition; the fields of the form in order, then ``private`` ones."""
    template: str
    conversions: tuple[tuple[int, _Convert], ...]
    """Where a value's Python type alone does not say how it is written."""
    names: tuple[str, ...]
    private: tuple[str, ...]
    opening: str
    """The template of the ``private`` fields' canonical text, all but the last."""


@lru_cache
def _plan(kind: str, form: int, vendor: str) -> _Plan:
    shape, model = FORMS[form][kind], MODELS.get(kind, Violation)
    fields = {field.attname: field for field in model._meta.concrete_fields}
    private = (*sorted((*shape.personal, "salt")), "commitment") if shape.personal else ()
    added = [*["violations"] * (kind == "execution"), *["personal"] * bool(private)]
    names = tuple(sorted((*shape.fields, *added)))
    # On SQLite a sign takes a column's type away, and with it the driver's conversions.
    sign = "+" if vendor == "sqlite" else ""
    columns = [f'{sign}"{name}"' if name in fields else "NULL" for name in (*names, *private)]
    pieces = [(name, f'"{name}":%s') for name in names]
    if kind != VIOLATION:
        pieces.append(("kind", f'"kind":"{kind}"'))
    else:
        columns.append('"execution_id"')
    return _Plan(
        query=f'SELECT {", ".join(columns)} FROM "{model._meta.db_table}" WHERE ',
        template=_template([piece for _, piece in sorted(pieces)]),
        conversions=tuple(
            (place, _BY_FIELD[kind_of_field])
            for place, name in enumerate(names)
            if name in fields and (kind_of_field := fields[name].get_internal_type()) in _BY_FIELD
        ),
        names=names,
        private=private,
        opening=_template([f'"{name}":%s' for name in private[:-1]]),
    )


def _template(pieces: list[str]) -> str:
    return f"{{{','.join(pieces)}}}"


def _leaves(kind: str, form: int, where: str, values: list[Any]) -> Iterator[Leaf]:
    plan = _plan(kind, form, connection.vendor)
    width, key_at = len(plan.names), plan.names.index("id")
    personal_at = plan.names.index("personal") if plan.private else -1
    violations_at = plan.names.index("violations") if kind == "execution" else -1
    violations = _violations(form, where, values) if kind == "execution" else {}
    opening = pseudonym = None
    for row in _rows(plan.query + where, values):
        texts = _texts(plan, row)
        if plan.private:
            personal, opening, pseudonym = _personal(plan, row[width:])
            texts[personal_at] = _plain(personal)
        if kind == "execution":
            own = violations.get(row[key_at], ())
            texts[violations_at] = f"[{','.join(own)}]"
        yield Leaf(kind, texts[key_at].strip('"'), plan.template % tuple(texts), opening, pseudonym)


def _personal(plan: _Plan, row: _Row) -> tuple[str, str | None, str | None]:
    """The commitment, and its opening or the pseudonym of whoever was forgotten."""
    fields = dict(zip(plan.private, row, strict=True))
    commitment = fields.pop("commitment")
    if commitment or not fields["salt"]:
        left = {name: value for name, value in fields.items() if value and name != "username"}
        # Something besides the name is left or was put there: nobody's pseudonym.
        return commitment, None, "" if left else str(fields["username"])
    opening = plan.opening % tuple([_BY_TYPE[type(value)](value) for value in fields.values()])
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
        found[execution] = [plan.template % tuple(_texts(plan, row)) for row in rows]
    return found


def _rows(query: str, values: Sequence[Any]) -> Iterator[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        while some := cursor.fetchmany(_AT_ONCE):
            yield from some


def _texts(plan: _Plan, row: _Row) -> list[str]:
    """The JSON texts of a row's values, without what is personal."""
    texts = [_BY_TYPE[type(value)](value) for value in row[: len(plan.names)]]
    for place, convert in plan.conversions:
        texts[place] = convert(row[place])
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
    return _plain(stored)


def _uuid(stored: Any) -> str:
    if isinstance(stored, str) and len(stored) == 32:
        parts = (stored[:8], stored[8:12], stored[12:16], stored[16:20], stored[20:])
        return encode_basestring_ascii("-".join(parts))
    return f'"{stored}"' if isinstance(stored, UUID) else _plain(stored)


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
