"""What a desk reads from its team's database: the feed, copies, and single records."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import psycopg

from services.core.clock import to_microseconds
from services.core.errors import AppError
from services.core.profiles import ConnectionSettings
from services.core.records import Plain, Record, Row, spec_of
from services.sync.errors import SharedUnreachable
from services.sync.extent import Extent
from services.sync.postgres.connection import Ask, TimedConnection, connect, told_as_facts
from services.sync.postgres.reading import copy_query, copy_size_query, digest_query
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

SNAPSHOT_ROWS = 5_000
"""Rows of one part of a full copy."""

COPY_TIMEOUT = timedelta(minutes=30)
"""How long a full copy may take before the server ends it."""


class PostgresReading:
    """The reading half of the protocol with a server; one call at a time.

    Until the first ``hello``, and after an error that leaves the connection unknown, every call
    says that the database cannot be reached.
    """

    def __init__(
        self,
        settings: ConnectionSettings,
        ask: Ask,
        records: Sequence[type[Record]],
        extent: Extent,
    ) -> None:
        self._settings = settings
        self._ask = ask
        self._records = {record.TABLE: record for record in records}
        self._extent = extent
        self._lock = threading.RLock()
        self._connection: TimedConnection | None = None

    @contextmanager
    def _asking(self) -> Iterator[TimedConnection]:
        """The connection, for one call at a time; what goes wrong is told as a fact."""
        with self._lock:
            if self._connection is None:
                raise SharedUnreachable()
            try:
                with told_as_facts(self._settings):
                    yield self._connection
            except AppError as error:
                if error.retryable or self._connection.broken:
                    self._disconnect()
                raise

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def pull(self, identity: ClientIdentity, cursor: int, first_undecided_seq: int) -> Pull:
        """Everything that changed since the cursor, in one statement and so as of one moment."""
        with self._asking() as connection:
            found = connection.execute(
                "SELECT kind, id::text, body FROM sync.pull(%s, %s, %s)",
                (identity.client_id, cursor, first_undecided_seq),
            ).fetchall()
        head = found[0][2]
        rows = tuple(_changed(*row) for row in found[1:] if row[0] != "decided")
        decided = tuple(_decision(id_, body) for kind, id_, body in found if kind == "decided")
        return Pull(head["cursor"], head["epoch"], rows, decided, head["scope"])

    def fetch(self, incident_ids: Sequence[UUID]) -> tuple[ChangedRow, ...]:
        """Incidents with all that belongs to them."""
        with self._asking() as connection:
            found = connection.execute(
                "SELECT kind, id::text, body FROM sync.fetch(%s)", (list(incident_ids),)
            ).fetchall()
        return tuple(_changed(*row) for row in found)

    def older(self, closed_before: datetime, limit: int) -> tuple[UUID, ...]:
        """Incidents that came to their end before a moment, latest first."""
        ended = self._extent.ended_at
        with self._asking() as connection:
            found = connection.execute(
                f"SELECT id FROM sync.{self._extent.root} WHERE ({ended}) < %s"
                f" ORDER BY ({ended}) DESC LIMIT %s",
                (to_microseconds(closed_before), limit),
            ).fetchall()
        return tuple(row[0] for row in found)

    def find_number(self, number: int) -> UUID | None:
        """The incident with this number, if there is one that may be read."""
        found = self._value(f"SELECT id FROM sync.{self._extent.root} WHERE number = %s", number)
        return cast(UUID | None, found)

    def missing(self, command_ids: Sequence[UUID]) -> frozenset[UUID]:
        """Which of these commands the shared database has no record of."""
        with self._asking() as connection:
            found = connection.execute("SELECT sync.missing(%s)", (list(command_ids),)).fetchall()
        return frozenset(row[0] for row in found)

    def changed_count(self, cursor: int) -> int:
        """How many rows a pull from this cursor would bring."""
        return max(0, int(self._value("SELECT sync.news(%s)", cursor)))

    def has_news(self, cursor: int) -> bool:
        """Whether the feed stands elsewhere, or something is not numbered yet."""
        return int(self._value("SELECT sync.news(%s)", cursor)) != 0

    def digest(self, table: str, bucket: int, closed_since: datetime | None = None) -> Digest:
        """What a copy of the rows of one table and bucket must add up to."""
        query = digest_query(self._records[table], self._extent, closed_since)
        with self._asking() as connection:
            found = connection.execute(query, (f"{bucket:x}",)).fetchone()
        cursor, count, value = cast(tuple[int, int, int], found)
        return Digest(table, bucket, cursor, count, int(value))

    def _value(self, query: str, *values: object) -> Any:
        with self._asking() as connection:
            row = connection.execute(query, values).fetchone()
        return row[0] if row else None

    def snapshot(
        self, closed_since: datetime | None = None
    ) -> tuple[SnapshotStart, Iterator[SnapshotPart]]:
        """A copy as of one moment, through a connection of its own."""
        connection = connect(self._settings, self._ask)
        try:
            with told_as_facts(self._settings):
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                patience = f"{COPY_TIMEOUT.total_seconds():.0f}s"
                connection.execute(f"SET LOCAL statement_timeout = '{patience}'")
                connection.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{patience}'")
                found = connection.execute(
                    "SELECT body FROM sync.pull(%s, %s, %s) LIMIT 1",
                    (UUID(int=0), 2**62, 2**62),
                ).fetchone()
        except AppError:
            connection.close()
            raise
        head = cast(tuple[Any], found)[0]
        start = SnapshotStart(head["cursor"], head["epoch"], head["scope"])
        return start, self._parts(connection, closed_since)

    def _parts(
        self, connection: TimedConnection, closed_since: datetime | None
    ) -> Iterator[SnapshotPart]:
        """Rows in blocks; whoever stops listening lets go of the connection."""
        try:
            with told_as_facts(self._settings):
                total = sum(
                    int(cast(tuple[int], connection.execute(query).fetchone())[0])
                    for query in (
                        copy_size_query(record, self._extent, closed_since)
                        for record in self._records.values()
                    )
                )
                done = 0
                for table, record in self._records.items():
                    query = copy_query(record, self._extent, closed_since)
                    for rows in _blocks(connection, query, record):
                        done += len(rows)
                        yield SnapshotPart(table, rows, done, total)
        finally:
            connection.close()


def _blocks(
    connection: psycopg.Connection[Any], query: str, record: type[Record]
) -> Iterator[tuple[Row, ...]]:
    names = [column.name for column in spec_of(record).columns]
    with connection.cursor() as cursor:
        block: list[Row] = []
        for found in cursor.stream(query, size=1_000):
            block.append(dict(zip(names, found, strict=True)))
            if len(block) == SNAPSHOT_ROWS:
                yield tuple(block)
                block = []
        if block:
            yield tuple(block)


def _changed(table: str, id_: str, body: dict[str, Any] | None) -> ChangedRow:
    return ChangedRow(table, id_, None if body is None else _plain(body))


def _plain(body: dict[str, Any]) -> Row:
    """Rows travel with 1 and 0 for yes and no."""
    return {
        name: int(value) if isinstance(value, bool) else cast(Plain, value)
        for name, value in body.items()
    }


def _decision(id_: str, body: list[Any]) -> Decision:
    seq, outcome, code, reason = body
    return Decision(UUID(id_), seq, Outcome(outcome), code, reason)
