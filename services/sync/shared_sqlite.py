"""The embedded shared database: one SQLite file, the same protocol as PostgreSQL.

Everything a submission writes happens in one immediate transaction. SQLite has one writer, so
numbering transactions as they are written gives a feed in commit order.
"""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast
from uuid import UUID

from services.core.clock import Clock, to_microseconds
from services.core.database import Rows, connect, single, transaction
from services.core.errors import DatabaseUnreadable
from services.core.records import Plain, Row
from services.sync.changes import InsertRow, Op
from services.sync.errors import ClientUnknown, SharedUnreachable
from services.sync.guards import PREFIX
from services.sync.shared import (
    Block,
    ChangedRow,
    ClientIdentity,
    Decision,
    Outcome,
    Pull,
    SnapshotPart,
    SnapshotStart,
    Submission,
)

SNAPSHOT_ROWS = 5_000
"""Rows of one part of a full copy."""


class _Stale(Exception):
    """A row no longer has the version a write-set was computed on."""


class SharedSqlite:
    """Speaks the protocol of :class:`services.sync.shared.SharedDatabase` with a file."""

    def __init__(self, path: Path, clock: Clock, snapshot_tables: Sequence[str]) -> None:
        if not path.exists():
            raise SharedUnreachable(file=path.name)
        self._path = path
        self._clock = clock
        self._tables = tuple(snapshot_tables)
        self._lock = threading.RLock()
        try:
            self._connection = connect(path)
            self._rows = Rows(self._connection)
            self._epoch = str(single(self._connection, "SELECT epoch FROM meta"))
            self._columns = {table: _columns(self._connection, table) for table in self._tables}
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

    def hello(self, identity: ClientIdentity, fresh: UUID | None = None) -> None:
        """Introduce this client; from now on it is known by the fresh nonce, if one is given.

        Raises:
            ClientUnknown: another copy of the program uses the same identity.
        """
        now = to_microseconds(self._clock.now())
        with self._asking() as connection, transaction(connection):
            nonce = single(
                connection,
                "SELECT nonce FROM client WHERE client_id = ?",
                str(identity.client_id),
            )
            if nonce is not None and nonce != str(identity.nonce):
                raise ClientUnknown(client_id=str(identity.client_id))
            connection.execute(
                "INSERT INTO client VALUES (?, ?, ?, ?) ON CONFLICT (client_id)"
                " DO UPDATE SET nonce = excluded.nonce, last_seen_at = excluded.last_seen_at",
                (str(identity.client_id), str(fresh or identity.nonce), now, now),
            )

    def take_block(self, identity: ClientIdentity, size: int) -> Block:
        """Reserve incident numbers that no other client will ever get."""
        with self._asking() as connection, transaction(connection):
            lo = int(single(connection, "SELECT next_number FROM meta"))
            block = Block(lo, lo + size - 1)
            connection.execute("UPDATE meta SET next_number = ?", (block.hi + 1,))
            connection.execute(
                "INSERT INTO number_block VALUES (?, ?, ?, ?)",
                (
                    block.lo,
                    block.hi,
                    str(identity.client_id),
                    to_microseconds(self._clock.now()),
                ),
            )
        return block

    def submit(self, identity: ClientIdentity, batch: Sequence[Submission]) -> tuple[Decision, ...]:
        """Decide commands in order, all in one transaction; stops after the first stale one.

        Raises:
            ClientUnknown: this client did not say hello, or gives its numbers a second time, as
                a profile put back from a backup would.
        """
        decisions: list[Decision] = []
        with self._asking() as connection, transaction(connection):
            self._ensure_known(identity)
            rev = int(single(connection, "UPDATE meta SET rev = rev + 1 RETURNING rev"))
            for submission in batch:
                decision = self._decide(identity, submission, rev)
                decisions.append(decision)
                if decision.outcome is Outcome.STALE:
                    break
        return tuple(decisions)

    def pull(self, identity: ClientIdentity, cursor: int, first_undecided_seq: int) -> Pull:
        """Everything that changed since the cursor, as of one moment."""
        with self._asking() as connection:
            connection.execute("BEGIN")
            try:
                return self._pull(connection, identity, cursor, first_undecided_seq)
            finally:
                connection.execute("COMMIT")

    def _pull(
        self,
        connection: sqlite3.Connection,
        identity: ClientIdentity,
        cursor: int,
        first_undecided_seq: int,
    ) -> Pull:
        rev = int(single(connection, "SELECT rev FROM meta"))
        changed = connection.execute(
            "SELECT entity, entity_id FROM feed WHERE rev > ? ORDER BY rev", (cursor,)
        ).fetchall()
        rows = tuple(
            ChangedRow(entity, id_, self._rows.read(entity, id_)) for entity, id_ in changed
        )
        decided = tuple(
            _recorded(row)
            for row in connection.execute(
                "SELECT * FROM command WHERE client_id = ? AND client_seq >= ? ORDER BY client_seq",
                (str(identity.client_id), first_undecided_seq),
            )
        )
        return Pull(rev, self._epoch, rows, decided)

    def snapshot(self) -> tuple[SnapshotStart, Iterator[SnapshotPart]]:
        """A full copy as of now, through a connection of its own."""
        reading = connect(self._path, is_read_only=True)
        reading.execute("BEGIN")
        rev = int(single(reading, "SELECT rev FROM meta"))
        return SnapshotStart(rev, self._epoch), self._parts(reading)

    def changed_count(self, cursor: int) -> int:
        """How many rows a pull from this cursor would bring."""
        with self._asking() as connection:
            return int(single(connection, "SELECT count(*) FROM feed WHERE rev > ?", cursor))

    def has_news(self, cursor: int) -> bool:
        """Whether the feed stands elsewhere: further on, or back after a backup was put back."""
        with self._asking() as connection:
            return int(single(connection, "SELECT rev FROM meta")) != cursor

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _parts(self, reading: sqlite3.Connection) -> Iterator[SnapshotPart]:
        try:
            total = sum(
                int(single(reading, f"SELECT count(*) FROM {table}")) for table in self._tables
            )
            done = 0
            for table in self._tables:
                order = _NEWEST_OPEN_FIRST.get(table, "id")
                found = reading.execute(f"SELECT * FROM {table} ORDER BY {order}")
                while rows := found.fetchmany(SNAPSHOT_ROWS):
                    done += len(rows)
                    yield SnapshotPart(table, tuple(dict(row) for row in rows), done, total)
        finally:
            reading.close()

    def _ensure_known(self, identity: ClientIdentity) -> None:
        nonce = single(
            self._connection,
            "SELECT nonce FROM client WHERE client_id = ?",
            str(identity.client_id),
        )
        if nonce != str(identity.nonce):
            raise ClientUnknown(client_id=str(identity.client_id))

    def _decide(self, identity: ClientIdentity, submission: Submission, rev: int) -> Decision:
        envelope, connection = submission.envelope, self._connection
        known = connection.execute(
            "SELECT * FROM command WHERE command_id = ?", (str(envelope.command_id),)
        ).fetchone()
        if known:
            return _recorded(known)
        connection.execute("SAVEPOINT deciding")
        try:
            decision = self._judge(identity, submission, rev)
        except _Stale:
            connection.execute("ROLLBACK TO deciding")
            decision = Decision(envelope.command_id, submission.seq, Outcome.STALE)
        except _REFUSALS as error:
            connection.execute("ROLLBACK TO deciding")
            code, reason = _refusal(error)
            decision = Decision(envelope.command_id, submission.seq, Outcome.REJECTED, code, reason)
        connection.execute("RELEASE deciding")
        if decision.outcome is not Outcome.STALE:
            try:
                self._record(identity, submission, decision)
            except sqlite3.IntegrityError as error:  # its place in the order is taken
                raise ClientUnknown(client_id=str(identity.client_id)) from error
        return decision

    def _judge(self, identity: ClientIdentity, submission: Submission, rev: int) -> Decision:
        envelope = submission.envelope
        if submission.ops is None:
            return Decision(envelope.command_id, submission.seq, Outcome.WITHDRAWN)
        self._begin(identity, submission, rev)
        if refusal := self._not_allowed(submission.ops):
            raise sqlite3.IntegrityError(PREFIX + refusal)
        for op in submission.ops:
            self._apply(op)
        self._connection.execute("DELETE FROM submitting")
        return Decision(envelope.command_id, submission.seq, Outcome.APPLIED)

    def _begin(self, identity: ClientIdentity, submission: Submission, rev: int) -> None:
        envelope = submission.envelope
        recorded_at = to_microseconds(self._clock.now())
        happened_at = to_microseconds(envelope.happened_at)
        self._connection.execute(
            "INSERT INTO submitting VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                str(envelope.command_id),
                str(identity.client_id),
                envelope.name,
                str(envelope.actor_id),
                envelope.on_behalf_of,
                min(happened_at, recorded_at),
                recorded_at,
                envelope.remark,
                rev,
            ),
        )

    def _not_allowed(self, ops: tuple[Op, ...]) -> str:
        """The code of a refusal for the whole command, or empty."""
        if not single(self._connection, _ALLOWED):
            return "role-missing"
        found = self._connection.execute(
            "SELECT w.entity FROM writable w, submitting s WHERE w.act = s.act"
        )
        writable = {row[0] for row in found}
        for op in ops:
            if op.table not in writable:
                return "table-not-writable"
            if not _written(op) <= self._columns[op.table]:
                return "column-not-writable"
        return ""

    def _apply(self, op: Op) -> None:
        if isinstance(op, InsertRow):
            self._rows.insert(op.table, {**op.row, "version": 1})
        elif not self._rows.update(op.table, op.id, op.version, op.columns):
            raise _Stale

    def _record(self, identity: ClientIdentity, submission: Submission, decision: Decision) -> None:
        envelope = submission.envelope
        self._connection.execute(
            "INSERT INTO command VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                str(envelope.command_id),
                str(identity.client_id),
                submission.seq,
                envelope.name,
                json.dumps(envelope.args),
                str(envelope.actor_id),
                envelope.on_behalf_of,
                to_microseconds(envelope.happened_at),
                to_microseconds(self._clock.now()),
                decision.outcome.value,
                decision.code,
                json.dumps(decision.reason, ensure_ascii=False),
            ),
        )


_NEWEST_OPEN_FIRST = {
    "incident": "state IN ('new', 'in_progress', 'on_hold') DESC, number DESC",
}

_ALLOWED = (
    "SELECT 1 FROM submitting s JOIN command_rule r ON r.act = s.act JOIN actor_role a"
    " ON a.role = r.role OR (s.on_behalf_of <> '' AND a.role = 'administrator')"
    " WHERE s.on_behalf_of = '' OR EXISTS"
    " (SELECT 1 FROM actor_role b WHERE b.role = 'administrator') LIMIT 1"
)


_REFUSALS = (sqlite3.IntegrityError, sqlite3.ProgrammingError, OverflowError, UnicodeEncodeError)
"""What a write-set runs into: a guard or constraint, or a value that no column can hold."""


def _columns(connection: sqlite3.Connection, table: str) -> frozenset[str]:
    found = connection.execute("SELECT name FROM pragma_table_info(?)", (table,))
    return frozenset(str(row[0]) for row in found)


def _written(op: Op) -> set[str]:
    """The columns a row change names. Id and version of an update are its address, not values."""
    if isinstance(op, InsertRow):
        return set(op.row)
    return {f"{name} of an update" if name in ("id", "version") else name for name in op.columns}


def _refusal(error: Exception) -> tuple[str, dict[str, Plain]]:
    text = str(error)
    if not isinstance(error, sqlite3.IntegrityError):
        return "invalid-value", {}
    if text.startswith(PREFIX):
        return text.removeprefix(PREFIX), {}
    return "constraint", {"constraint": text}


def _recorded(row: sqlite3.Row) -> Decision:
    return Decision(
        UUID(row["command_id"]),
        row["client_seq"],
        Outcome(row["outcome"]),
        row["code"],
        cast(Row, json.loads(row["reason"])),
    )
