"""The embedded shared database: one SQLite file, the same protocol as PostgreSQL.

Everything a submission writes happens in one immediate transaction. SQLite has one writer, so
numbering transactions as they are written gives a feed in commit order.
"""

import json
import math
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

from services.core.clock import Clock, to_microseconds
from services.core.database import single, transaction
from services.core.records import Plain
from services.sync.changes import InsertRow, Op
from services.sync.errors import ClientUnknown, CommandExpired
from services.sync.extent import Extent
from services.sync.guards import PREFIX
from services.sync.paging_standing import PagingStanding
from services.sync.shared import (
    Block,
    ClientIdentity,
    Decision,
    Introduction,
    Outcome,
    Presence,
    Submission,
    Welcome,
)
from services.sync.sqlite_reading import SqliteReading, recorded

POLL_S = 0.2
"""How often the file is looked at for news while somebody waits for them."""


Standing = Callable[[sqlite3.Connection, int], PagingStanding]
"""How paging stands now, by microseconds."""


class _Stale(Exception):
    """A row no longer has the version a write-set was computed on."""


class SharedSqlite(SqliteReading):
    """Speaks the protocol of :class:`services.sync.shared.SharedDatabase` with a file.

    ``standing`` reads how paging stands in it; ``submitted`` is told after each submission.
    """

    def __init__(
        self,
        path: Path,
        clock: Clock,
        snapshot_tables: Sequence[str],
        extent: Extent,
        standing: Standing | None = None,
        submitted: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(path, clock, snapshot_tables, extent)
        self._standing = standing
        self._submitted = submitted
        self._interrupted = threading.Event()

    def hello(self, introduction: Introduction) -> Welcome:
        """Introduce this client; whoever opened the file has upgraded it to this program.

        Raises:
            ClientUnknown: another copy of the program uses the same identity.
        """
        identity, moment = introduction.identity, self._clock.now()
        now = to_microseconds(moment)
        with self._asking() as connection, transaction(connection):
            nonce = self._nonce_of(identity)
            if nonce is not None and nonce != str(identity.nonce):
                raise ClientUnknown(client_id=str(identity.client_id))
            connection.execute(
                "INSERT INTO client VALUES (?, ?, ?, ?) ON CONFLICT (client_id)"
                " DO UPDATE SET nonce = excluded.nonce, last_seen_at = excluded.last_seen_at",
                (str(identity.client_id), str(introduction.fresh or identity.nonce), now, now),
            )
        return Welcome(epoch=self._epoch, now=moment)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    # -- numbers --------------------------------------------------------------------------

    def take_block(self, identity: ClientIdentity, size: int) -> Block:
        """Reserve incident numbers that no other client will ever get."""
        with self._asking() as connection, transaction(connection):
            lo = int(single(connection, "SELECT next_number FROM meta"))
            block = Block(lo, lo + size - 1)
            connection.execute("UPDATE meta SET next_number = ?", (block.hi + 1,))
            self._own(identity, block)
        return block

    def claim_numbers(self, identity: ClientIdentity, numbers: Sequence[int]) -> None:
        """Take back numbers used before a backup was put back, as far as nobody else has them."""
        with self._asking() as connection, transaction(connection):
            for number in numbers:
                if not single(
                    connection, "SELECT 1 FROM number_block WHERE ? BETWEEN lo AND hi", number
                ):
                    self._own(identity, Block(number, number))
            connection.execute(
                "UPDATE meta SET next_number = max(next_number, ?)", (max(numbers, default=0) + 1,)
            )

    def _own(self, identity: ClientIdentity, block: Block) -> None:
        now = to_microseconds(self._clock.now())
        self._connection.execute(
            "INSERT INTO number_block VALUES (?, ?, ?, ?)",
            (block.lo, block.hi, str(identity.client_id), now),
        )

    # -- one desk among others ------------------------------------------------------------

    def be_present(
        self, identity: ClientIdentity, incident_id: UUID | None, *, is_writing: bool
    ) -> tuple[Presence, ...]:
        """Nobody: an embedded database has one desk."""
        return ()

    def keep_up(self) -> PagingStanding | None:
        """How paging stands: the program leads the pages of the file in threads of their own."""
        if self._standing is None:
            return None
        with self._asking() as connection:
            return self._standing(connection, to_microseconds(self._clock.now()))

    def wait(self, cursor: int, timeout_s: float) -> bool:
        """Return when the feed stands elsewhere, when interrupted, or after the time-out: False."""
        is_woken = False
        for _ in range(math.ceil(timeout_s / POLL_S)):
            if self.has_news(cursor):
                return True
            if self._interrupted.wait(POLL_S):
                is_woken = True
                break
        self._interrupted.clear()
        return is_woken

    def interrupt(self) -> None:
        """End a wait in another thread at once; the next one too if none is under way."""
        self._interrupted.set()

    # -- deciding -------------------------------------------------------------------------

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
        self._submitted()
        return tuple(decisions)

    def _nonce_of(self, identity: ClientIdentity) -> str | None:
        sql = "SELECT nonce FROM client WHERE client_id = ?"
        found = single(self._connection, sql, str(identity.client_id))
        return None if found is None else str(found)

    def _ensure_known(self, identity: ClientIdentity) -> None:
        if self._nonce_of(identity) != str(identity.nonce):
            raise ClientUnknown(client_id=str(identity.client_id))

    def _decide(self, identity: ClientIdentity, submission: Submission, rev: int) -> Decision:
        envelope, connection = submission.envelope, self._connection
        known = connection.execute(
            "SELECT * FROM command WHERE command_id = ?", (str(envelope.command_id),)
        ).fetchone()
        if known:
            return recorded(known)
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
        if envelope.expires_at is not None and self._clock.now() > envelope.expires_at:
            code = CommandExpired.code
            return Decision(envelope.command_id, submission.seq, Outcome.REJECTED, code)
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
            if not _written(op).issubset(self._columns[op.table]):
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


_ALLOWED = (
    "SELECT 1 FROM submitting s JOIN command_rule r ON r.act = s.act JOIN actor_role a"
    " ON a.role = r.role OR (s.on_behalf_of <> '' AND a.role = 'administrator')"
    " WHERE s.on_behalf_of = '' OR EXISTS"
    " (SELECT 1 FROM actor_role b WHERE b.role = 'administrator') LIMIT 1"
)


_REFUSALS = (sqlite3.IntegrityError, sqlite3.ProgrammingError, OverflowError, UnicodeEncodeError)
"""What a write-set runs into: a guard or constraint, or a value that no column can hold."""


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
