"""Tables of a migration, written as words: ``name:kind``, with ``?`` where it may be absent.

The kinds are id, text, word (a member of an enumeration), moment (microseconds UTC), number, flag.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

KINDS: dict[str, "sa.types.TypeEngine[Any]"] = {
    "text": sa.Text(),
    "word": sa.String(40),
    "moment": sa.BigInteger(),
    "number": sa.BigInteger(),
    "flag": sa.Boolean(),
}


def create_tables(
    tables: Mapping[str, str],
    unique: Iterable[tuple[str, tuple[str, ...]]],
    indexes: Iterable[tuple[str, str, tuple[str, ...]]],
) -> None:
    """Create tables, their unique keys, and the indexes (name, table, columns) that this database
    wants."""
    for table, columns in tables.items():
        op.create_table(
            table,
            *(_column(column) for column in columns.split()),
            *(sa.UniqueConstraint(*names) for of, names in unique if of == table),
        )
    for name, table, names in indexes:
        # A server only looks up what belongs together: desks ask their caches for the rest.
        if not _is_server() or names == ("incident_id",):
            op.create_index(name, table, list(names))


def identity() -> "sa.types.TypeEngine[Any]":
    """How this database keeps an id."""
    return sa.Uuid() if _is_server() else sa.String(36)


def _is_server() -> bool:
    return op.get_bind().dialect.name == "postgresql"


def _column(written: str) -> "sa.Column[Any]":
    name, _, kind = written.partition(":")
    plain = kind.rstrip("?")
    return sa.Column(
        name,
        identity() if plain == "id" else KINDS[plain],
        primary_key=name == "id",
        nullable=kind.endswith("?"),
    )
