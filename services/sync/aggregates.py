"""The aggregates of the cache: incidents with all that belongs to them, kept or left as a whole."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.core.clock import to_microseconds
from services.core.records import Row, spec_of
from services.sync.book import CommandBook
from services.sync.digest import digest_rows, teach_digest
from services.sync.shared import ChangedRow
from services.sync.window import bound, kept

PINNED_FOR = timedelta(days=7)
"""How long an aggregate fetched on demand stays after it was last looked at."""

_LISTED = "IN (SELECT value FROM json_each(?))"


class Aggregates:
    """Which aggregates are here, and which of the rows that arrive belong to one of them."""

    def __init__(self, connection: sqlite3.Connection, book: CommandBook) -> None:
        self._connection = connection
        self._extent = book.extent
        self._columns = {
            record.TABLE: [column.name for column in spec_of(record).columns]
            for record in book.records
        }
        self._linked = [t for t, names in self._columns.items() if self._extent.link in names]
        teach_digest(connection)

    def known(self, table: str, row: Row) -> Row:
        """The columns of a row that this program knows; a newer one may have more."""
        return {name: row[name] for name in self._columns[table] if name in row}

    def absent(self, ids: Collection[str]) -> set[str]:
        """Which of these aggregates are not here."""
        found = self._connection.execute(
            f"SELECT id FROM {self._extent.root} WHERE id {_LISTED}", (json.dumps([*ids]),)
        )
        return set(ids) - {row[0] for row in found}

    def incomplete(self, rows: Iterable[ChangedRow], since: datetime | None) -> list[UUID]:
        """Aggregates that would come only in part: changed ones that this desk did not keep."""
        roots = {r.id: r.row for r in rows if r.table == self._extent.root and r.row is not None}
        return [
            UUID(id_)
            for id_ in sorted(self.absent(roots))
            if int(roots[id_]["version"] or 0) > 1 and self._is_kept(roots[id_], since)
        ]

    def sift(self, rows: Sequence[ChangedRow], since: datetime | None) -> list[ChangedRow]:
        """The rows that this desk keeps: those whose aggregate is here, or within the window.

        A root that is gone takes all that belongs to it along. Unknown tables are left out.
        """
        link, root = self._extent.link, self._extent.root
        rows = [row for row in rows if row.table in self._columns]
        named = {r.id for r in rows if r.table == root}
        named |= {str(r.row[link]) for r in rows if r.row and r.row.get(link)}
        outside = self.absent(named) - self.pinned()
        outside -= {r.id for r in rows if r.table == root and r.row and self._is_kept(r.row, since)}
        gone = [r.id for r in rows if r.table == root and r.row is None]
        return [
            *(row for row in rows if _aggregate_of(row, root, link) not in outside),
            *(ChangedRow(table, id_, None) for table, id_ in self._belonging(gone)),
        ]

    def outdated(self, since: datetime | None, now: datetime) -> list[ChangedRow]:
        """Rows of aggregates that ended before the window, are not used and have nothing pending.

        Each comes as gone.
        """
        if since is None:
            return []
        unused = to_microseconds(now - PINNED_FOR)
        self._connection.execute("DELETE FROM pinned WHERE used_at < ?", (unused,))
        root = self._extent.root
        found = self._connection.execute(
            f"SELECT id FROM {root} WHERE NOT ({kept(self._extent, root, (), since)})"
            " AND id NOT IN (SELECT incident_id FROM pinned)"
            " AND id NOT IN (SELECT subject_id FROM pending WHERE subject_id IS NOT NULL)"
            " AND id NOT IN (SELECT id FROM shadow)",
            bound(since),
        )
        ids = [row[0] for row in found]
        belonging = self._belonging(ids)
        return [ChangedRow(t, i, None) for t, i in (*belonging, *((root, i) for i in ids))]

    def pin(self, ids: Iterable[UUID], now: datetime) -> None:
        """Keep aggregates outside the window for some days from now."""
        self._connection.executemany(
            "INSERT INTO pinned VALUES (?, ?)"
            " ON CONFLICT (incident_id) DO UPDATE SET used_at = excluded.used_at",
            [(str(id_), to_microseconds(now)) for id_ in ids],
        )

    def use(self, id_: UUID, now: datetime) -> None:
        """Note that a pinned aggregate was looked at."""
        self._connection.execute(
            "UPDATE pinned SET used_at = ? WHERE incident_id = ?", (to_microseconds(now), str(id_))
        )

    def pinned(self) -> set[str]:
        """Aggregates kept although they may lie outside the window."""
        return {row[0] for row in self._connection.execute("SELECT incident_id FROM pinned")}

    def digest(self, table: str, bucket: int, since: datetime | None) -> tuple[int, int]:
        """Count and sum of the rows of a bucket within the window."""
        columns = self._columns[table]
        where = kept(self._extent, table, columns, since)
        return digest_rows(self._connection, table, columns, bucket, where, bound(since))

    def _belonging(self, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
        if not ids:
            return
        for table in self._linked:
            for row in self._connection.execute(
                f"SELECT id FROM {table} WHERE {self._extent.link} {_LISTED}", (json.dumps(ids),)
            ).fetchall():
                yield table, row[0]

    def _is_kept(self, row: Row, since: datetime | None) -> bool:
        if since is None:
            return True
        names = [name for name in self._columns[self._extent.root] if name in row]
        given = ", ".join(f":{name} AS {name}" for name in names)
        where = kept(self._extent, self._extent.root, (), since)
        found = self._connection.execute(
            f"SELECT 1 FROM (SELECT {given}) WHERE {where}",
            {**{name: row[name] for name in names}, **bound(since)},
        )
        return found.fetchone() is not None


def _aggregate_of(row: ChangedRow, root: str, link: str) -> str | None:
    if row.table == root:
        return row.id if row.row is not None else None
    owner = row.row.get(link) if row.row else None
    return None if owner is None else str(owner)
