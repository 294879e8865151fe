"""The shared database of a team: PostgreSQL, spoken to through one connection.

The connection is made by ``hello`` and given up at the first error that leaves it unknown; until
the next ``hello`` every call says that the database cannot be reached.
"""

import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

import psycopg

from services.core.clock import from_microseconds, to_microseconds
from services.core.errors import AppError
from services.core.profiles import ConnectionSettings
from services.core.records import Plain, Record, Row, spec_of
from services.sync.changes import ops_to_json
from services.sync.errors import SharedUnreachable
from services.sync.extent import Extent
from services.sync.postgres.calls import CHANNEL
from services.sync.postgres.connection import (
    Ask,
    TimedConnection,
    connect,
    told_as_facts,
    wait_readable,
)
from services.sync.postgres.reading import copy_query, copy_size_query, digest_query
from services.sync.shared import (
    Block,
    ChangedRow,
    ClientIdentity,
    Decision,
    Digest,
    Introduction,
    Outcome,
    Presence,
    Pull,
    SnapshotPart,
    SnapshotStart,
    Submission,
    Welcome,
)

SNAPSHOT_ROWS = 5_000
"""Rows of one part of a full copy."""

COPY_TIMEOUT = timedelta(minutes=30)
"""How long a full copy may take before the server ends it."""

NUMBER_AGAIN_S = 0.06
"""How soon to number the feed again where it was numbered a moment ago."""


class SharedPostgres:
    """Speaks the protocol of :class:`services.sync.shared.SharedDatabase` with a server."""

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
        self._bell, self._listener = socket.socketpair()
        self._listener.setblocking(False)
        self._owes_numbers = False

    # -- the connection -------------------------------------------------------------------

    def hello(self, introduction: Introduction) -> Welcome:
        """Connect and introduce this client."""
        identity = introduction.identity
        with self._lock:
            self._disconnect()
            self._connection = connect(self._settings, self._ask)
            with self._asking() as connection:
                connection.execute(f"LISTEN {CHANNEL}")
                found = connection.execute(
                    "SELECT epoch, scope, person_id, now_us"
                    " FROM sync.hello(%s, %s, %s, %s, %s, %s)",
                    (
                        identity.client_id,
                        identity.nonce,
                        introduction.fresh or identity.nonce,
                        introduction.host,
                        introduction.app_version,
                        introduction.domain_version,
                    ),
                ).fetchone()
        epoch, scope, person_id, now = cast(tuple[Any, ...], found)
        return Welcome(epoch, scope, person_id, from_microseconds(now))

    @contextmanager
    def _asking(self) -> Iterator[TimedConnection]:
        """The connection, for one call at a time; what goes wrong is told as a fact."""
        with self._lock:
            if self._connection is None:
                raise SharedUnreachable()
            try:
                with told_as_facts():
                    yield self._connection
            except AppError as error:
                if error.retryable or self._connection.broken:
                    self._disconnect()
                raise

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Let go of the connection."""
        with self._lock:
            self._disconnect()
        self._bell.close()
        self._listener.close()

    # -- writing --------------------------------------------------------------------------

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        """Decide commands in order, in one call; stops after the first stale one."""
        with self._asking() as connection:
            found = connection.execute(
                "SELECT command_id, seq, outcome, code, reason FROM sync.submit(%s, %s, %s::json)",
                (identity.client_id, identity.nonce, _batch(batch)),
            ).fetchall()
            self._number(connection)
        return tuple(Decision(id_, seq, Outcome(o), code, why) for id_, seq, o, code, why in found)

    def _number(self, connection: TimedConnection) -> None:
        """Number what was committed and ring for the others; soon, if it was just done."""
        row = cast(tuple[int], connection.execute("SELECT sync.number_feed()").fetchone())
        self._owes_numbers = row[0] < 0

    def take_block(self, identity: ClientIdentity, size: int) -> Block:
        """Reserve incident numbers that no other client will ever get."""
        first = int(
            self._value(
                "SELECT sync.take_block(%s, %s, %s)", identity.client_id, identity.nonce, size
            )
        )
        return Block(first, first + size - 1)

    def claim_numbers(self, identity: ClientIdentity, numbers: Sequence[int]) -> None:
        """Take back numbers used before a backup was put back, unless another has them."""
        self._value(
            "SELECT sync.claim_numbers(%s, %s, %s)",
            identity.client_id,
            identity.nonce,
            list(numbers),
        )

    def be_present(
        self, identity: ClientIdentity, incident_id: UUID | None, *, is_writing: bool
    ) -> tuple[Presence, ...]:
        """Say where this person is, and hear where the others are."""
        with self._asking() as connection:
            found = connection.execute(
                "SELECT person_id, incident_id, is_writing FROM sync.be_present(%s, %s, %s, %s)",
                (identity.client_id, identity.nonce, incident_id, is_writing),
            ).fetchall()
        return tuple(Presence(*row) for row in found)

    # -- reading --------------------------------------------------------------------------

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

    # -- the full copy --------------------------------------------------------------------

    def snapshot(
        self, closed_since: datetime | None = None
    ) -> tuple[SnapshotStart, Iterator[SnapshotPart]]:
        """A copy as of one moment, through a connection of its own."""
        connection = connect(self._settings, self._ask)
        try:
            with told_as_facts():
                connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                connection.execute(
                    f"SET LOCAL statement_timeout = '{COPY_TIMEOUT.total_seconds():.0f}s'"
                )
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
            with told_as_facts():
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

    # -- waiting --------------------------------------------------------------------------

    def wait(self, cursor: int, timeout_s: float) -> None:
        """Return when the bell rings here or there, or after the time-out."""
        with self._lock:
            connection = self._connection
            if self._owes_numbers:
                timeout_s = min(timeout_s, NUMBER_AGAIN_S)
        sources = [self._listener, *([connection] if connection else [])]
        wait_readable(sources, timeout_s)
        self._empty_bell()
        if connection is not None:
            self._hear()

    def _hear(self) -> None:
        with self._asking() as connection:
            for _ in connection.notifies(timeout=0):
                pass
            if self._owes_numbers:
                self._number(connection)

    def interrupt(self) -> None:
        """End a wait in another thread at once; the next one too if none is under way."""
        try:
            self._bell.send(b".")
        except OSError:  # closed meanwhile: nobody waits any more
            return

    def _empty_bell(self) -> None:
        try:
            while self._listener.recv(512):
                pass
        except BlockingIOError:
            return


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


def _batch(batch: Sequence[Submission]) -> str:
    """Commands as they travel; escapes keep what no column can hold until it is refused."""
    return json.dumps([_item(submission) for submission in batch])


def _item(submission: Submission) -> dict[str, object]:
    envelope = submission.envelope
    expires_at = envelope.expires_at
    return {
        "id": str(envelope.command_id),
        "seq": submission.seq,
        "name": envelope.name,
        "args": envelope.args,
        "args_version": envelope.args_version,
        "actor_id": str(envelope.actor_id),
        "on_behalf_of": envelope.on_behalf_of,
        "happened_at": to_microseconds(envelope.happened_at),
        "expires_at": None if expires_at is None else to_microseconds(expires_at),
        "remark": envelope.remark,
        "ops": None if submission.ops is None else ops_to_json(submission.ops),
    }


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
