"""What a desk reads from the embedded shared database: the feed, copies, and single records."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast
from uuid import UUID

from services.core.clock import Clock, to_microseconds
from services.core.database import Rows, connect, single
from services.core.errors import DatabaseUnreadable
from services.core.records import Row
from services.sync.digest import digest_rows, teach_digest
from services.sync.errors import SharedUnreachable
from services.sync.extent import Extent
from services.sync.shared import (
    ChangedRow,
    ClientIdentity,
    Decision,
    Digest,
    Outcome,
    Pull,
    SnapshotPart,
    SnapshotStart,
)
from services.sync.window import bound, kept

SNAPSHOT_ROWS = 5_000
"""Rows of one part of a full copy."""


class SqliteReading:
    """The reading half of the protocol with a file; one call at a time."""

    def __init__(
        self, path: Path, clock: Clock, snapshot_tables: Sequence[str], extent: Extent
    ) -> None:
        if not path.exists():
            raise SharedUnreachable(file=path.name)
        self._path = path
        self._clock = clock
        self._tables = tuple(snapshot_tables)
        self._extent = extent
        self._lock = threading.RLock()
        try:
            self._connection = connect(path)
            self._rows = Rows(self._connection)
            self._epoch = str(single(self._connection, "SELECT epoch FROM meta"))
            self._columns = _columns(self._connection, self._tables)
            teach_digest(self._connection)
        except (sqlite3.DatabaseError, DatabaseUnreadable) as error:
            raise SharedUnreachable(file=path.name, problem=str(error)) from error

    @contextmanager
    def _asking(self) -> Iterator[sqlite3.Connection]:
        """The connection for one call at a time; a file that does not answer is a fact.

        Raises:
            SharedUnreachable: another program holds the file, or it cannot be read or written.
        """
        with self._lock:
            try:
                yield self._connection
            except sqlite3.IntegrityError:
                raise
            except sqlite3.DatabaseError as error:
                raise SharedUnreachable(file=self._path.name, problem=str(error)) from error

    @contextmanager
    def _at_one_moment(self) -> Iterator[sqlite3.Connection]:
        with self._asking() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                connection.execute("COMMIT")

    # -- the feed -------------------------------------------------------------------------

    def pull(self, identity: ClientIdentity, cursor: int, first_undecided_seq: int) -> Pull:
        """Everything that changed since the cursor, as of one moment."""
        with self._at_one_moment() as connection:
            rev = int(single(connection, "SELECT rev FROM meta"))
            changed = connection.execute(
                "SELECT entity, entity_id FROM feed WHERE rev > ? ORDER BY rev", (cursor,)
            ).fetchall()
            rows = tuple(
                ChangedRow(entity, id_, self._rows.read(entity, id_)) for entity, id_ in changed
            )
            decided = connection.execute(
                "SELECT * FROM command WHERE client_id = ? AND client_seq >= ? ORDER BY client_seq",
                (str(identity.client_id), first_undecided_seq),
            )
            return Pull(rev, self._epoch, rows, tuple(recorded(row) for row in decided))

    def changed_count(self, cursor: int) -> int:
        """How many rows a pull from this cursor would bring."""
        with self._asking() as connection:
            return int(single(connection, "SELECT count(*) FROM feed WHERE rev > ?", cursor))

    def has_news(self, cursor: int) -> bool:
        """Whether the feed stands elsewhere: further on, or back after a backup was put back."""
        with self._asking() as connection:
            return int(single(connection, "SELECT rev FROM meta")) != cursor

    def missing(self, command_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Which of these commands are not recorded here."""
        with self._asking() as connection:
            found = connection.execute(
                "SELECT command_id FROM command"
                " WHERE command_id IN (SELECT value FROM json_each(?))",
                (json.dumps([str(id_) for id_ in command_ids]),),
            )
            return frozenset(command_ids) - {UUID(row[0]) for row in found}

    # -- copies ---------------------------------------------------------------------------

    def snapshot(
        self, closed_since: datetime | None = None
    ) -> tuple[SnapshotStart, Iterator[SnapshotPart]]:
        """A copy as of now, through a connection of its own."""
        reading = connect(self._path, is_read_only=True)
        reading.execute("BEGIN")
        rev = int(single(reading, "SELECT rev FROM meta"))
        return SnapshotStart(rev, self._epoch), self._parts(reading, closed_since)

    def _parts(self, reading: sqlite3.Connection, since: datetime | None) -> Iterator[SnapshotPart]:
        try:
            sources = {t: f"FROM {t} WHERE {self._kept(t, since)}" for t in self._tables}
            counts = [
                reading.execute(f"SELECT count(*) {source}", bound(since)).fetchone()[0]
                for source in sources.values()
            ]
            done = 0
            for table, source in sources.items():
                order = self._extent.first if table == self._extent.root else "id"
                found = reading.execute(f"SELECT * {source} ORDER BY {order}", bound(since))
                while rows := found.fetchmany(SNAPSHOT_ROWS):
                    done += len(rows)
                    yield SnapshotPart(table, tuple(dict(row) for row in rows), done, sum(counts))
        finally:
            reading.close()

    def digest(self, table: str, bucket: int, closed_since: datetime | None = None) -> Digest:
        """What a copy of the rows of one table and bucket must add up to."""
        with self._at_one_moment() as connection:
            rev = int(single(connection, "SELECT rev FROM meta"))
            count, value = digest_rows(
                connection,
                table,
                self._columns[table],
                bucket,
                self._kept(table, closed_since),
                bound(closed_since),
            )
            return Digest(table, bucket, rev, count, value)

    def _kept(self, table: str, since: datetime | None) -> str:
        return kept(self._extent, table, self._columns[table], since)

    # -- single records -------------------------------------------------------------------

    def fetch(self, incident_ids: Sequence[UUID]) -> tuple[ChangedRow, ...]:
        """Incidents with all that belongs to them; an unknown one comes as gone."""
        ids = [str(id_) for id_ in incident_ids]
        with self._at_one_moment() as connection:
            rows = [ChangedRow(self._extent.root, i, self._rows.read(self._extent.root, i))
                    for i in ids]  # fmt: skip
            for table in self._tables:
                if self._extent.link in self._columns[table]:
                    found = connection.execute(
                        f"SELECT * FROM {table} WHERE {self._extent.link}"
                        " IN (SELECT value FROM json_each(?))",
                        (json.dumps(ids),),
                    )
                    rows += [ChangedRow(table, row["id"], dict(row)) for row in found]
            return tuple(rows)

    def older(self, closed_before: datetime, limit: int) -> tuple[UUID, ...]:
        """Incidents that came to their end before a moment, latest first."""
        ended = self._extent.ended_at
        with self._asking() as connection:
            found = connection.execute(
                f"SELECT id FROM {self._extent.root} WHERE {ended} < ?"
                f" ORDER BY {ended} DESC, id LIMIT ?",
                (to_microseconds(closed_before), limit),
            )
            return tuple(UUID(row[0]) for row in found)

    def find_number(self, number: int) -> UUID | None:
        """The incident with this number, or None."""
        sql = f"SELECT id FROM {self._extent.root} WHERE number = ?"
        with self._asking() as connection:
            found = single(connection, sql, number)
            return UUID(found) if found else None


def _columns(connection: sqlite3.Connection, tables: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The columns of tables in the order of the records; a migration adds new ones at the end of
    both. A table that is not there has none."""
    return {
        table: tuple(row["name"] for row in connection.execute(f"PRAGMA table_info({table})"))
        for table in tables
    }


def recorded(row: sqlite3.Row) -> Decision:
    """The decision that a row of the command log holds."""
    return Decision(
        UUID(row["command_id"]),
        row["client_seq"],
        Outcome(row["outcome"]),
        row["code"],
        cast(Row, json.loads(row["reason"])),
    )
