"""The cache: what this desk knows, confirmed rows with its own pending commands on top.

The file can be deleted at any time; it is filled again from the shared database and the
journal. ``shadow`` holds the confirmed image of every row that pending commands changed, so
that a pull can put the rows back before the commands run again.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.core.clock import to_microseconds
from services.core.database import Rows, single, transaction
from services.core.errors import AppError
from services.core.records import Row, spec_of
from services.core.secrets import Secret
from services.sync.aggregates import Aggregates
from services.sync.book import ChangeSet, CommandBook
from services.sync.cache_file import note_closed, open_cache
from services.sync.changes import InsertRow, Op, write_set
from services.sync.envelope import Envelope, unseal
from services.sync.errors import AlreadyThere
from services.sync.fresh_copy import FreshCopy
from services.sync.memory import Memory
from services.sync.numbers import NumberBlocks
from services.sync.pending import PendingCommand, PendingCommands, PendingState, subject_of
from services.sync.shared import (
    ChangedRow,
    Decision,
    Outcome,
    Pull,
    SnapshotPart,
    SnapshotStart,
)


class Cache(Memory):
    """The writing side of the cache file. One thread at a time; reading has its own engine."""

    def __init__(
        self, path: Path, book: CommandBook, key: Secret | None = None, *, is_ruined: bool = False
    ) -> None:
        self._path = path
        self._book = book
        connection, self.is_new = open_cache(path, book, key, is_ruined=is_ruined)
        super().__init__(connection)
        self.rows = Rows(connection)
        """The rows as they are shown, for rules and recovery."""
        self.pending = PendingCommands(self._connection)
        self.numbers = NumberBlocks(self._connection)
        self.aggregates = Aggregates(self._connection, book)
        self.fresh = FreshCopy(self._connection, book.records, book.extent.root)
        self._touched: set[tuple[str, str]] = set()

    # -- commands of this desk ------------------------------------------------------------

    def execute(self, seq: int, envelope: Envelope) -> ChangeSet:
        """Decide a command, apply it here and keep it as pending, in one transaction.

        Raises:
            AppError: the rule refuses it; nothing is changed.
        """
        with self._transaction():
            self.pending.add(seq, envelope, self._run(envelope))
            if subject := subject_of(envelope):
                self.mark_seen(UUID(subject), to_microseconds(envelope.happened_at))
        return self._collect(subject_of(envelope))

    def admit(self, commands: Sequence[tuple[int, Envelope]]) -> ChangeSet:
        """Take journalled commands that are not here, and run all undecided ones in order."""
        if not commands:
            return ChangeSet()
        with self._transaction():
            self._add(commands)
            self._replay()
        return self._collect(*(subject_of(envelope) for _, envelope in commands))

    def _add(self, commands: Sequence[tuple[int, Envelope]]) -> None:
        for seq, envelope in commands:
            self.pending.add(seq, envelope, None)

    def withdraw(self, commands: Sequence[PendingCommand], error: AppError) -> ChangeSet:
        """Take commands back here; the shared database is to be told."""
        with self._transaction():
            for command in commands:
                self.pending.withdraw(command.seq, error)
            self._replay()
        return self._collect(*(subject_of(command.envelope) for command in commands))

    def dismiss(self, command_id: UUID) -> tuple[PendingCommand | None, ChangeSet]:
        """Forget a conflict the person has settled; returns it too."""
        with self._transaction():
            gone = self.pending.remove_conflict(command_id)
            if gone is not None and gone.is_unsendable:
                self._replay()  # what was still shown of it goes
        return gone, self._collect(subject_of(gone.envelope) if gone else None, "pending")

    def bring_back(self, conflict: PendingCommand) -> ChangeSet:
        """Show a conflict again that was dismissed."""
        with self._transaction():
            self.pending.add_conflict(conflict)
            if conflict.is_unsendable:
                self._replay()
        return self._collect(subject_of(conflict.envelope), "pending")

    # -- answers and pulls ----------------------------------------------------------------

    def acknowledge(self, decisions: Iterable[Decision]) -> ChangeSet:
        """Take the answers of a submission; refused ones become conflicts and are taken back."""
        with self._transaction():
            decisions = tuple(decisions)
            subjects = [self.pending.settle(d, is_pulled=False) for d in decisions]
            if any(d.outcome in (Outcome.REJECTED, Outcome.WITHDRAWN) for d in decisions):
                self._replay()
        return self._collect(*subjects)

    def rebase(
        self, pull: Pull, fetched: Sequence[ChangedRow] = (), since: datetime | None = None
    ) -> ChangeSet:
        """Take a pull and run the commands still undecided again on top, in one transaction.

        ``fetched`` completes aggregates of which the pull has only a part; ``since`` is where the
        window begins.
        """
        with self._transaction():
            self._restore()
            self._take((*pull.rows, *fetched), since)
            subjects = [self.pending.settle(d, is_pulled=True) for d in pull.decided]
            self.set(cursor=str(pull.cursor), epoch=pull.epoch)
            self._run_again()
        return self._collect(*subjects)

    def take_fetched(
        self, rows: Sequence[ChangedRow], pins: Sequence[UUID], now: datetime
    ) -> ChangeSet:
        """Take whole aggregates and keep them, wherever the window begins."""
        with self._transaction():
            self.aggregates.pin(pins, now)
            self._restore()
            self._take(rows, now)
            self._run_again()
        return self._collect()

    def prune(self, since: datetime | None, now: datetime) -> ChangeSet:
        """Leave out what lies before the window and is not needed here."""
        with self._transaction():
            for row in self.aggregates.outdated(since, now):
                self.rows.put(row.table, row.id, None)
                self._touched.add((row.table, row.id))
        return self._collect()

    def _replay(self) -> None:
        self._restore()
        self._run_again()

    def _restore(self) -> None:
        for row in self._connection.execute("SELECT * FROM shadow").fetchall():
            before = json.loads(row["before"]) if row["before"] else None
            self.rows.put(row["entity"], row["id"], before)
            self._touched.add((row["entity"], row["id"]))
        self._connection.execute("DELETE FROM shadow")

    def _take(self, rows: Sequence[ChangedRow], since: datetime | None) -> None:
        by_table: dict[str, list[Row]] = {}
        for changed in self.aggregates.sift(rows, since):
            self._touched.add((changed.table, changed.id))
            if changed.row is None:
                self.rows.put(changed.table, changed.id, None)
            else:
                row = self.aggregates.known(changed.table, changed.row)
                by_table.setdefault(changed.table, []).append(row)
        for table, found in by_table.items():
            self.rows.put_many(table, found)

    def _run_again(self) -> None:
        for command in self.pending.replayed():
            self._run_one_again(command)

    def _run_one_again(self, command: PendingCommand) -> None:
        self._connection.execute("SAVEPOINT again")
        try:
            self.pending.set_ops(command.seq, self._run(command.envelope))
        except AppError as error:
            self._connection.execute("ROLLBACK TO again")
            if command.state is PendingState.WAITING:
                self.pending.withdraw(command.seq, error)
        self._connection.execute("RELEASE again")

    # -- the full copy --------------------------------------------------------------------

    def begin_snapshot(self) -> ChangeSet:
        """What is here is no complete copy any more, and stays until the next one is."""
        with self._transaction():
            self.fresh.begin()
            self.set(cursor="-1")
        return ChangeSet(is_everything=True)

    def take_part(self, part: SnapshotPart) -> ChangeSet:
        """Add rows of a full copy."""
        with self._transaction():
            rows = [self.aggregates.known(part.table, row) for row in part.rows]
            self.fresh.take(part.table, rows)
        self._touched.clear()
        return ChangeSet(tables=frozenset({part.table}))

    def finish_snapshot(
        self,
        start: SnapshotStart,
        fetched: Sequence[ChangedRow],
        commands: Sequence[tuple[int, Envelope]],
    ) -> ChangeSet:
        """The copy is complete: run pending and journalled commands on it, and read on from here.

        ``fetched`` are aggregates that these commands need and the copy left out.
        """
        with self._transaction():
            self._restore()
            self.fresh.finish()
            self._take(fetched, None)
            self._add(commands)
            self.set(cursor=str(start.cursor), epoch=start.epoch, scope=start.scope)
            self._replay()
        self._touched.clear()
        self._connection.execute("ANALYZE")
        return ChangeSet(is_everything=True)

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
        changes = spec.function(self.rows, envelope.act, unseal(envelope, spec.command))
        ops = write_set(changes)
        for op in ops:
            self._apply(op)
        for record in self._book.history(envelope, changes):
            row = spec_of(type(record)).to_row(record)
            self._keep_image(record.TABLE, str(record.id))
            self.rows.put(record.TABLE, str(record.id), row)
        return ops

    def _apply(self, op: Op) -> None:
        id_ = str(op.row["id"]) if isinstance(op, InsertRow) else op.id
        self._keep_image(op.table, id_)
        try:
            self._write(op)
        except self._connection.IntegrityError as error:
            raise AlreadyThere(constraint=str(error)) from error

    def _write(self, op: Op) -> None:
        if isinstance(op, InsertRow):
            self.rows.insert(op.table, {**op.row, "version": 1})
        elif not self.rows.update(op.table, op.id, op.version, op.columns):
            raise RuntimeError(f"{op.table} {op.id} changed under its own command")

    def _keep_image(self, table: str, id_: str) -> None:
        self._touched.add((table, id_))
        if single(self._connection, "SELECT 1 FROM shadow WHERE entity = ? AND id = ?", table, id_):
            return
        before = self.rows.read(table, id_)
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
