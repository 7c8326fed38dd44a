"""Triggers: the database itself refuses to change what is sealed.

Theory of operation
-------------------
They stop a mistaken command, a hasty ``UPDATE`` and code that writes where it should
not. They do not stop whoever may drop them; that is what the seals are for.

What may change stays free: the review of a violation, and references to accounts
that go. Everything else of a sealed record, a seal, a removal or a source is refused,
unless there is a row in the table of :class:`~audit.sealed.Passage`. Such a row is
made and taken away again in one transaction, so no other connection ever sees it.

On SQLite, a migration may make a table anew, which loses its triggers, or fails over
those that name it. So they are not part of a migration: they go before every
``migrate`` and come back after it, for the columns that there are then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from audit.sealed import Passage

_REFUSED = "this record is sealed and cannot be changed"
_OF_SEALED = "OLD.seal_id IS NOT NULL"
_OF_SEALED_EXECUTION = (
    "EXISTS (SELECT 1 FROM audit_execution WHERE id = {row}.execution_id AND seal_id IS NOT NULL)"
)


@dataclass(frozen=True, slots=True)
class _Guard:
    """What of one table is refused, ``when`` of the row before the change."""

    table: str
    when: str
    free: tuple[str, ...] = ()
    """Columns that may change all the same."""
    deletes: bool = True
    insert_when: str = ""


_GUARDS = (
    _Guard("audit_execution", _OF_SEALED),
    _Guard(
        "audit_violation",
        _OF_SEALED_EXECUTION.format(row="OLD"),
        free=("state", "reviewer_id", "reviewer_name", "note", "reviewed_at"),
        insert_when=_OF_SEALED_EXECUTION.format(row="NEW"),
    ),
    _Guard("audit_decision", _OF_SEALED, free=("reviewer_id",)),
    _Guard("audit_pause", _OF_SEALED, free=("lifted_by_id",)),
    # It is signed from the first moment on; only its own seal is still to come.
    _Guard("audit_removal", "OLD.id IS NOT NULL", free=("seal_id",)),
    _Guard("audit_seal", "OLD.number IS NOT NULL"),
    # Of sources, those that no record needs may go; the foreign key keeps the others.
    _Guard("audit_source", "OLD.hash IS NOT NULL", deletes=False),
)


@contextmanager
def passage() -> Iterator[None]:
    """Let this transaction change what is sealed; it has to say so in a ``Removal``."""
    with transaction.atomic():
        opened = Passage.objects.create()
        yield
        opened.delete()


def install(using: str = "default", **_: Any) -> None:
    """Put up all triggers, if the tables are there; receives ``post_migrate``."""
    connection = connections[using]
    remove(using)
    if Passage._meta.db_table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _statements(connection):
            cursor.execute(statement)


def remove(using: str = "default", **_: Any) -> None:
    """Take down all triggers; receives ``pre_migrate``."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, table in _installed(connection):
            on = f" ON {table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER {name}{on}")


def missing(using: str = "default") -> list[str]:
    """The names of the triggers that should be there and are not."""
    there = {name for name, _ in _installed(connections[using])}
    return sorted(
        {f"{guard.table}_keeps_{event}" for guard in _GUARDS for event in _events(guard)} - there
    )


def _events(guard: _Guard) -> list[str]:
    return ["update"] + ["delete"] * guard.deletes + ["insert"] * bool(guard.insert_when)


def _installed(connection: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    """Name and table of each of our triggers."""
    query = {
        "sqlite": "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": (
            "SELECT tgname, relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid "
            "WHERE NOT tgisinternal"
        ),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        return [(name, table) for name, table in cursor.fetchall() if "_keeps_" in name]


def _statements(connection: BaseDatabaseWrapper) -> Iterator[str]:
    make = _for_sqlite if connection.vendor == "sqlite" else _for_postgresql
    for guard in _GUARDS:
        with connection.cursor() as cursor:
            description = connection.introspection.get_table_description(cursor, guard.table)
        kept = [column.name for column in description if column.name not in guard.free]
        # Not every SQLite in use knows IS DISTINCT FROM.
        unlike = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
        changed = " OR ".join(f'OLD."{name}" {unlike} NEW."{name}"' for name in kept)
        conditions = {
            "update": f"{guard.when} AND ({changed})",
            "delete": guard.when,
            "insert": guard.insert_when,
        }
        for event in _events(guard):
            yield from make(guard.table, event, conditions[event])


def _for_sqlite(table: str, event: str, condition: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_keeps_{event} BEFORE {event.upper()} ON {table} "
        f"WHEN {condition} AND NOT EXISTS (SELECT 1 FROM audit_passage) "
        f"BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END"
    ]


def _for_postgresql(table: str, event: str, condition: str) -> list[str]:
    name = f"{table}_keeps_{event}"
    return [
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF {condition} AND NOT EXISTS (SELECT 1 FROM audit_passage) THEN "
        f"RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
        f"RETURN {'OLD' if event == 'delete' else 'NEW'}; END $$",
        f"CREATE TRIGGER {name} BEFORE {event.upper()} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {name}()",
    ]
