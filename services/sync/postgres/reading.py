"""Queries over the views that people may read: copies and digests."""

from datetime import datetime
from uuid import UUID

from services.core.clock import to_microseconds
from services.core.records import ColumnSpec, Record, spec_of
from services.sync.extent import Extent


def copy_query(record: type[Record], extent: Extent, closed_since: datetime | None) -> str:
    """Every row of a table that a desk keeps, in the order in which it is useful."""
    columns = ", ".join(_plain(column) for column in spec_of(record).columns)
    order = f" ORDER BY {extent.first}" if extent.root == record.TABLE else ""
    return f"SELECT {columns} FROM {_kept(record, extent, closed_since)}{order}"


def copy_size_query(record: type[Record], extent: Extent, closed_since: datetime | None) -> str:
    """How many rows that copy has."""
    return f"SELECT count(*) FROM {_kept(record, extent, closed_since)}"


def digest_query(record: type[Record], extent: Extent, closed_since: datetime | None) -> str:
    """The feed's cursor, the number of rows and their sum, for one bucket of a table.

    Made as ``services.sync.digest`` makes it on a desk. While something is not numbered the cursor
    is -1: no desk can stand exactly there.
    """
    parts = ", ".join(_part(column) for column in spec_of(record).columns)
    row = f"('x' || substr(md5(concat_ws(chr(31), {parts})), 1, 15))::bit(60)::bigint"
    return (
        "SELECT sync.standing(), count(*), mod(coalesce(sum(digest), 0), 9223372036854775808)"
        f" FROM (SELECT {row} AS digest FROM {_kept(record, extent, closed_since)}"
        " WHERE right(id::text, 1) = %s) AS rows"
    )


def _kept(record: type[Record], extent: Extent, closed_since: datetime | None) -> str:
    table = f"sync.{record.TABLE}"
    if closed_since is None:
        return table
    is_kept = f"coalesce({extent.ended_at}, {2**62}) >= {to_microseconds(closed_since)}"
    if extent.root == record.TABLE:
        return f"(SELECT * FROM {table} WHERE {is_kept}) AS kept"
    if not any(column.name == extent.link for column in spec_of(record).columns):
        return table
    roots = f"SELECT id FROM sync.{extent.root} WHERE {is_kept}"
    link = f"{extent.link} IS NULL OR {extent.link}"
    return f"(SELECT * FROM {table} WHERE {link} IN ({roots})) AS kept"


def _plain(column: ColumnSpec) -> str:
    """A column as it travels: ids as text, yes and no as 1 and 0."""
    kind = _kind(column)
    return f"{column.name}{kind} AS {column.name}" if kind else column.name


def _part(column: ColumnSpec) -> str:
    return f"coalesce({column.name}{_kind(column)}::text, chr(30))"


def _kind(column: ColumnSpec) -> str:
    if column.type is bool:
        return "::integer"
    return "::text" if column.type is UUID else ""
