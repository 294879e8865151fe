"""The cache: what this desk knows, confirmed rows with its own pending commands on top.

The file can be deleted at any time; it is filled again from the shared database and the
journal. ``shadow`` holds the confirmed image of every row that pending commands changed, so
that a pull can put the rows back before the commands run again.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import cast
from uuid import UUID

from services.core.clock import to_microseconds
from services.core.database import Rows, connect, single, transaction
from services.core.errors import AppError, DatabaseUnreadable
from services.core.records import Plain, Record, Row, spec_of
from services.sync.cache_file import is_as_left, note_closed, note_opened
from services.sync.changes import Changes, InsertRow, Op, ops_from_json, ops_to_json, write_set
from services.sync.envelope import (
    CommandSpec,
    Envelope,
    envelope_from_json,
    envelope_to_json,
    unseal,
)
from services.sync.errors import AlreadyThere, NumbersUsedUp, RefusedByShared
from services.sync.shared import (
    Block,
    ChangedRow,
    Decision,
    Outcome,
    Pull,
    SnapshotPart,
    SnapshotStart,
)

LOCAL_SCHEMA = """
CREATE TABLE pending (
    seq INTEGER PRIMARY KEY,
    command_id TEXT NOT NULL UNIQUE,
    subject_id TEXT,
    envelope TEXT NOT NULL,
    ops TEXT,
    state TEXT NOT NULL,
    code TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX pending_of_subject ON pending (subject_id);
CREATE TABLE shadow (
    entity TEXT NOT NULL,
    id TEXT NOT NULL,
    before TEXT,
    PRIMARY KEY (entity, id)
) WITHOUT ROWID;
CREATE TABLE number_block (lo INTEGER PRIMARY KEY, hi INTEGER NOT NULL);
CREATE TABLE seen (incident_id TEXT PRIMARY KEY, updated_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class PendingState(Enum):
    """Where a command of this desk stands.

    WAITING is not decided yet; ACKED is applied but not seen in a pull; WITHDRAWING no longer
    holds and the shared database is being told; CONFLICT waits for the person.
    """

    WAITING = "waiting"
    ACKED = "acked"
    WITHDRAWING = "withdrawing"
    CONFLICT = "conflict"


REPLAYED = (PendingState.WAITING.value, PendingState.ACKED.value)
UNDECIDED = (*REPLAYED, PendingState.WITHDRAWING.value)


@dataclass(frozen=True, slots=True)
class PendingCommand:
    """A command of this desk that is not yet part of the shared truth."""

    seq: int
    envelope: Envelope
    ops: tuple[Op, ...] | None
    state: PendingState
    code: str
    reason: dict[str, Plain]


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """What a transaction touched, for the screens. ``ids`` are records and their incidents."""

    tables: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    is_everything: bool = False

    def __or__(self, other: "ChangeSet") -> "ChangeSet":
        return ChangeSet(
            self.tables | other.tables,
            self.ids | other.ids,
            self.is_everything or other.is_everything,
        )

    def __bool__(self) -> bool:
        return bool(self.tables) or self.is_everything


@dataclass(frozen=True)
class CommandBook:
    """All that sync must know of the practices: records, commands, and what history follows."""

    records: tuple[type[Record], ...]
    commands: dict[str, CommandSpec]
    history: Callable[[Envelope, Changes], tuple[Record, ...]]
    create_tables: Callable[[sqlite3.Connection], None]

    @property
    def fingerprint(self) -> str:
        """Changes whenever a table of the cache would."""
        shape = [(spec_of(r).table, [c.name for c in spec_of(r).columns]) for r in self.records]
        return hashlib.sha256(f"{shape}{LOCAL_SCHEMA}".encode()).hexdigest()


class Cache:
    """The writing side of the cache file. One thread at a time; reading has its own engine."""

    def __init__(self, path: Path, book: CommandBook) -> None:
        self._path = path
        self._book = book
        self._connection = self._open()
        self._rows = Rows(self._connection)
        self._touched: set[tuple[str, str]] = set()

    def _open(self) -> sqlite3.Connection:
        is_trusted = is_as_left(self._path)
        note_opened(self._path)
        try:
            connection = connect(self._path)
            if self._is_usable(connection, is_trusted=is_trusted):
                return connection
            connection.close()
        except (DatabaseUnreadable, sqlite3.DatabaseError, IsADirectoryError):
            pass
        set_aside(self._path)
        return self._create()

    def _is_usable(self, connection: sqlite3.Connection, *, is_trusted: bool) -> bool:
        if not single(connection, "SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
            return False
        if not is_trusted and single(connection, "PRAGMA quick_check(1)") != "ok":
            return False
        known = single(connection, "SELECT value FROM meta WHERE name = 'fingerprint'")
        return bool(known == self._book.fingerprint)

    def _create(self) -> sqlite3.Connection:
        connection = connect(self._path)
        with transaction(connection):
            self._book.create_tables(connection)
            for statement in LOCAL_SCHEMA.split(";")[:-1]:
                connection.execute(statement)
            connection.execute(
                "INSERT INTO meta VALUES ('fingerprint', ?)", (self._book.fingerprint,)
            )
        return connection

    @property
    def rows(self) -> Rows:
        """The rows as they are shown, for rules and recovery."""
        return self._rows

    def setting(self, name: str) -> str:
        """A value of the cache's own memory, or empty."""
        return single(self._connection, "SELECT value FROM meta WHERE name = ?", name) or ""

    def set(self, **values: str) -> None:
        """Remember values."""
        self._connection.executemany(
            "INSERT INTO meta VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            list(values.items()),
        )

    @property
    def cursor(self) -> int:
        """How far the feed was read; -1 before the first full copy is complete."""
        return int(self.setting("cursor") or -1)

    # -- commands of this desk ------------------------------------------------------------

    def execute(self, seq: int, envelope: Envelope) -> ChangeSet:
        """Decide a command, apply it here and keep it as pending, in one transaction.

        Raises:
            AppError: the rule refuses it; nothing is changed.
        """
        with self._transaction():
            ops = self._run(envelope)
            self._connection.execute(
                "INSERT INTO pending (seq, command_id, subject_id, envelope, ops, state)"
                " VALUES (?, ?, ?, ?, ?, 'waiting')",
                (
                    seq,
                    str(envelope.command_id),
                    _subject(envelope),
                    envelope_to_json(envelope),
                    _ops_text(ops),
                ),
            )
            if subject := _subject(envelope):
                self.mark_seen(UUID(subject), to_microseconds(envelope.happened_at))
        return self._collect(_subject(envelope))

    def keep_as_conflict(self, seq: int, envelope: Envelope, error: AppError) -> ChangeSet:
        """Keep a recovered command that no longer holds, to be withdrawn and shown."""
        with self._transaction():
            self._connection.execute(
                "INSERT INTO pending (seq, command_id, subject_id, envelope, state, code, reason)"
                " VALUES (?, ?, ?, ?, 'withdrawing', ?, ?)",
                (
                    seq,
                    str(envelope.command_id),
                    _subject(envelope),
                    envelope_to_json(envelope),
                    error.code,
                    json.dumps(_plain(error.context)),
                ),
            )
        return self._collect(_subject(envelope))

    def has(self, command_id: UUID) -> bool:
        """Whether the command is among the pending ones."""
        found = single(
            self._connection, "SELECT 1 FROM pending WHERE command_id = ?", str(command_id)
        )
        return found is not None

    def pending(self, *states: PendingState, limit: int = -1) -> list[PendingCommand]:
        """Pending commands in these states (none given: all), in order."""
        marks = ", ".join("?" * len(states)) if states else "SELECT state FROM pending"
        found = self._connection.execute(
            f"SELECT * FROM pending WHERE state IN ({marks}) ORDER BY seq LIMIT {limit}",
            [state.value for state in states],
        )
        return [_pending(row) for row in found]

    def first_undecided_seq(self) -> int:
        """The earliest command whose decision is still to come."""
        marks = ", ".join("?" * len(UNDECIDED))
        found = self._connection.execute(
            f"SELECT coalesce(min(seq), 9223372036854775807) FROM pending WHERE state IN ({marks})",
            UNDECIDED,
        ).fetchone()
        return int(found[0])

    def dismiss(self, command_id: UUID) -> ChangeSet:
        """Forget a conflict the person has settled."""
        with self._transaction():
            gone = self._connection.execute(
                "DELETE FROM pending WHERE command_id = ? AND state = 'conflict'"
                " RETURNING subject_id",
                (str(command_id),),
            ).fetchone()
        return self._collect(gone[0] if gone else None, "pending")

    # -- answers and pulls ----------------------------------------------------------------

    def acknowledge(self, decisions: Iterable[Decision]) -> ChangeSet:
        """Take the answers of a submission; refused ones become conflicts and are taken back."""
        with self._transaction():
            decisions = tuple(decisions)
            subjects = [self._settle(d, is_pulled=False) for d in decisions]
            if any(d.outcome in (Outcome.REJECTED, Outcome.WITHDRAWN) for d in decisions):
                self._replay()
        return self._collect(*subjects)

    def rebase(self, pull: Pull) -> ChangeSet:
        """Take a pull and run the commands still undecided again on top, in one transaction."""
        with self._transaction():
            self._restore()
            self._take(pull.rows)
            subjects = [self._settle(d, is_pulled=True) for d in pull.decided]
            self.set(cursor=str(pull.cursor), epoch=pull.epoch)
            self._run_again()
        return self._collect(*subjects)

    def _settle(self, decision: Decision, *, is_pulled: bool) -> str | None:
        """Note one decision; returns the incident it concerns, if its standing changed."""
        found = self._connection.execute(
            "SELECT subject_id, state FROM pending WHERE command_id = ?",
            (str(decision.command_id),),
        ).fetchone()
        if found is None or found["state"] == PendingState.CONFLICT.value:
            return None
        if decision.outcome is Outcome.APPLIED:
            sql = (
                "DELETE FROM pending WHERE command_id = ?"
                if is_pulled
                else "UPDATE pending SET state = 'acked' WHERE command_id = ?"
            )
            self._connection.execute(sql, (str(decision.command_id),))
            return cast(str | None, found["subject_id"]) if is_pulled else None
        if decision.outcome is Outcome.STALE:
            return None
        if decision.outcome is Outcome.REJECTED:
            self._connection.execute(
                "UPDATE pending SET code = ?, reason = ? WHERE command_id = ?",
                (decision.code, json.dumps(decision.reason), str(decision.command_id)),
            )
        self._connection.execute(
            "UPDATE pending SET state = 'conflict', ops = NULL,"
            " code = CASE code WHEN '' THEN ? ELSE code END WHERE command_id = ?",
            (RefusedByShared.code, str(decision.command_id)),
        )
        return cast(str | None, found["subject_id"])

    def _replay(self) -> None:
        self._restore()
        self._run_again()

    def _restore(self) -> None:
        for row in self._connection.execute("SELECT * FROM shadow").fetchall():
            before = json.loads(row["before"]) if row["before"] else None
            self._rows.put(row["entity"], row["id"], before)
            self._touched.add((row["entity"], row["id"]))
        self._connection.execute("DELETE FROM shadow")

    def _take(self, rows: Sequence[ChangedRow]) -> None:
        by_table: dict[str, list[Row]] = {}
        for changed in rows:
            self._touched.add((changed.table, changed.id))
            if changed.row is None:
                self._rows.put(changed.table, changed.id, None)
            else:
                by_table.setdefault(changed.table, []).append(changed.row)
        for table, found in by_table.items():
            self._rows.put_many(table, found)

    def _run_again(self) -> None:
        marks = ", ".join("?" * len(REPLAYED))
        waiting = self._connection.execute(
            f"SELECT * FROM pending WHERE state IN ({marks}) ORDER BY seq", REPLAYED
        ).fetchall()
        for row in waiting:
            self._run_one_again(_pending(row))

    def _run_one_again(self, command: PendingCommand) -> None:
        self._connection.execute("SAVEPOINT again")
        try:
            ops = self._run(command.envelope)
            self._connection.execute(
                "UPDATE pending SET ops = ? WHERE seq = ?", (_ops_text(ops), command.seq)
            )
        except AppError as error:
            self._connection.execute("ROLLBACK TO again")
            if command.state is not PendingState.ACKED:
                self._connection.execute(
                    "UPDATE pending SET state = 'withdrawing', ops = NULL, code = ?, reason = ?"
                    " WHERE seq = ?",
                    (error.code, json.dumps(_plain(error.context)), command.seq),
                )
        self._connection.execute("RELEASE again")

    # -- the full copy --------------------------------------------------------------------

    def begin_snapshot(self) -> ChangeSet:
        """Empty the confirmed rows; pending commands stay."""
        with self._transaction():
            for record in self._book.records:
                self._connection.execute(f"DELETE FROM {record.TABLE}")
            self._connection.execute("DELETE FROM shadow")
            self.set(cursor="-1")
        return ChangeSet(is_everything=True)

    def take_part(self, part: SnapshotPart) -> ChangeSet:
        """Add rows of a full copy."""
        with self._transaction():
            self._rows.put_many(part.table, part.rows)
        self._touched.clear()
        return ChangeSet(tables=frozenset({part.table}))

    def finish_snapshot(self, start: SnapshotStart) -> ChangeSet:
        """The copy is complete: run pending commands on it and read the feed from here."""
        with self._transaction():
            self.set(cursor=str(start.cursor), epoch=start.epoch)
            self._replay()
        self._touched.clear()
        self._connection.execute("ANALYZE")
        return ChangeSet(is_everything=True)

    # -- incident numbers -----------------------------------------------------------------

    def add_block(self, block: Block) -> None:
        """Keep reserved numbers for use."""
        self._connection.execute("INSERT INTO number_block VALUES (?, ?)", (block.lo, block.hi))

    def numbers_left(self) -> int:
        """How many reserved numbers are unused."""
        return int(
            single(self._connection, "SELECT coalesce(sum(hi - lo + 1), 0) FROM number_block")
        )

    def drop_numbers(self) -> None:
        """Give up reserved numbers that belong to another client."""
        self._connection.execute("DELETE FROM number_block")

    def take_number(self) -> int:
        """The next reserved number, never given again.

        Raises:
            NumbersUsedUp: no block is left.
        """
        with transaction(self._connection) as connection:
            lo = single(connection, "SELECT min(lo) FROM number_block")
            if lo is None:
                raise NumbersUsedUp()
            connection.execute("UPDATE number_block SET lo = lo + 1 WHERE lo = ?", (lo,))
            connection.execute("DELETE FROM number_block WHERE lo > hi")
        return int(lo)

    # -- what the person has read ----------------------------------------------------------

    def mark_seen(self, incident_id: UUID, updated_at_us: int) -> bool:
        """Remember that the person has seen an incident as of a moment (microseconds).

        Returns whether that is news.
        """
        done = self._connection.execute(
            "INSERT INTO seen VALUES (?, ?) ON CONFLICT (incident_id)"
            " DO UPDATE SET updated_at = excluded.updated_at"
            " WHERE updated_at <> excluded.updated_at",
            (str(incident_id), updated_at_us),
        )
        return done.rowcount > 0

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()
        note_closed(self._path)

    # -- inside ---------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._touched.clear()
        with transaction(self._connection):
            yield

    def _run(self, envelope: Envelope) -> tuple[Op, ...]:
        spec = self._book.commands[envelope.name]
        changes = spec.function(self._rows, envelope.act, unseal(envelope, spec.command))
        ops = write_set(changes)
        for op in ops:
            self._apply(op)
        for record in self._book.history(envelope, changes):
            row = spec_of(type(record)).to_row(record)
            self._keep_image(record.TABLE, str(record.id))
            self._rows.put(record.TABLE, str(record.id), row)
        return ops

    def _apply(self, op: Op) -> None:
        id_ = str(op.row["id"]) if isinstance(op, InsertRow) else op.id
        self._keep_image(op.table, id_)
        try:
            self._write(op)
        except sqlite3.IntegrityError as error:
            raise AlreadyThere(constraint=str(error)) from error

    def _write(self, op: Op) -> None:
        if isinstance(op, InsertRow):
            self._rows.insert(op.table, {**op.row, "version": 1})
        elif not self._rows.update(op.table, op.id, op.version, op.columns):
            raise RuntimeError(f"{op.table} {op.id} changed under its own command")

    def _keep_image(self, table: str, id_: str) -> None:
        self._touched.add((table, id_))
        if single(self._connection, "SELECT 1 FROM shadow WHERE entity = ? AND id = ?", table, id_):
            return
        before = self._rows.read(table, id_)
        self._connection.execute(
            "INSERT INTO shadow VALUES (?, ?, ?)",
            (table, id_, None if before is None else json.dumps(before, ensure_ascii=False)),
        )

    def _collect(self, *more: str | None) -> ChangeSet:
        """What the last transaction touched, with the incidents that rows belong to."""
        tables = {table for table, _ in self._touched}
        ids = {id_ for _, id_ in self._touched} | {id_ for id_ in more if id_}
        ids |= set(self._owners())
        if more:
            tables.add("pending")
        return ChangeSet(frozenset(tables), frozenset(ids))

    def _owners(self) -> Iterator[str]:
        owned = {
            record.TABLE
            for record in self._book.records
            if any(column.name == "incident_id" for column in spec_of(record).columns)
        }
        for table, id_ in self._touched:
            if table in owned:
                owner = single(
                    self._connection, f"SELECT incident_id FROM {table} WHERE id = ?", id_
                )
                if owner:
                    yield owner


def set_aside(path: Path) -> None:
    """Move a file that cannot be used out of the way, with its write-ahead log."""
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        if file.exists():
            aside = path.with_name(f"{path.name}.unusable{suffix}")
            _remove(aside)
            file.rename(aside)


def _remove(path: Path) -> None:
    """Make room for what is set aside now; what was set aside before has had its time."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _subject(envelope: Envelope) -> str | None:
    return cast(str | None, envelope.args.get("incident_id"))


def _ops_text(ops: tuple[Op, ...]) -> str:
    return json.dumps(ops_to_json(ops), ensure_ascii=False, separators=(",", ":"))


def _pending(row: sqlite3.Row) -> PendingCommand:
    return PendingCommand(
        row["seq"],
        envelope_from_json(row["envelope"]),
        None if row["ops"] is None else ops_from_json(json.loads(row["ops"])),
        PendingState(row["state"]),
        row["code"],
        json.loads(row["reason"]),
    )


def _plain(context: dict[str, object]) -> dict[str, object]:
    return {
        name: value if isinstance(value, str | int | None) else str(value)
        for name, value in context.items()
    }
