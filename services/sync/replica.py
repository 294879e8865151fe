"""This desk's copy of the shared truth: gives commands, submits them, takes pulls.

Any thread may call it; one lock guards the writing side of cache and journal and is never held
while the shared database is asked.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

from services.core.clock import Clock, to_microseconds
from services.core.errors import AppError
from services.core.ids import new_id
from services.core.reserve import Reserve
from services.core.secrets import Secret
from services.sync.book import ChangeSet, CommandBook
from services.sync.envelope import Envelope, seal
from services.sync.errors import ClientUnknown, NumbersUsedUp
from services.sync.files_in_use import FilesInUse
from services.sync.local_files import Place, open_local, remember
from services.sync.pending import PendingCommand, PendingState
from services.sync.shared import (
    Decision,
    Introduction,
    Outcome,
    Pull,
    SharedDatabase,
    Submission,
)

log = logging.getLogger(__name__)

BATCH_SIZE = 50
"""Commands of one submission; PostgreSQL keeps 64 subtransactions at hand."""

TO_SUBMIT = (PendingState.WAITING, PendingState.WITHDRAWING)
BLOCK_SIZE = 100
REFILL_BELOW = 50
STALE_ROUNDS = 3
FAR_BEHIND = 20_000
"""Changed rows above which a full copy is cheaper than a pull."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a full copy is, in rows."""

    done: int
    total: int


class Replica:
    """The desk's side of the protocol."""

    def __init__(
        self,
        cache_path: Path,
        journal_path: Path,
        book: CommandBook,
        shared: SharedDatabase,
        clock: Clock,
        told: Callable[[ChangeSet], None],
        key: Secret | None = None,
    ) -> None:
        self._lock = FilesInUse()
        self._book = book
        self._clock = clock
        self._shared = shared
        self._told = told
        self._place = Place(cache_path, journal_path, book, key)
        self._reserve = Reserve(journal_path.parent)
        self._open()
        self.damaged_count = 0
        """Lines of the journal that cannot be read; none of them is ever replayed."""

    # -- the local files ------------------------------------------------------------------

    def _open(self, *, is_suspect: bool = False) -> None:
        files = open_local(self._place, self._clock.now(), is_suspect=is_suspect)
        self._journal, self._cache, self._identity = files.journal, files.cache, files.identity
        self.facts = files.facts
        """What became of damaged files when they were opened, to be told once."""

    @property
    def is_damaged(self) -> bool:
        """Whether a local file turned out damaged while in use."""
        return self._lock.is_damaged

    def doubt(self) -> None:
        """A reader of the cache found it damaged."""
        self._lock.is_damaged = True

    def repair(self) -> None:
        """Open the local files again and replace what is damaged; unsent commands stay.

        Raises:
            DatabaseUnreadable: a file can be neither opened nor replaced.
        """
        with self._lock:
            self._cache.close()
            self._journal.close()
            self._open(is_suspect=True)
            self._lock.is_damaged = False
        self._told(ChangeSet(is_everything=True))

    # -- giving commands ------------------------------------------------------------------

    def execute(self, command: object, actor_id: UUID) -> Envelope:
        """Give a command: kept in the journal, decided and shown here, submitted soon.

        Raises:
            AppError: the rule refuses it, or it could not be saved; nothing is changed.
        """
        now = self._clock.now()
        envelope = seal(command, command_id=new_id(now), actor_id=actor_id, happened_at=now)
        with self._lock:
            change = self._reserve.saved(lambda: self._give(envelope, now))
        self._told(change)
        return envelope

    def _give(self, envelope: Envelope, now: datetime) -> ChangeSet:
        seq = self._journal.append(envelope)
        try:
            return self._cache.execute(seq, envelope)
        except AppError:
            self._journal.decide([(envelope.command_id, "refused here")], now)
            raise

    def take_number(self) -> int:
        """The next incident number of this desk.

        Raises:
            NumbersUsedUp: none is left and the shared database cannot be asked.
        """
        with self._lock:
            if self._cache.numbers.left() == 0:
                self._fetch_block()
            return self._cache.numbers.take()

    def dismiss(self, command_id: UUID) -> Callable[[], None]:
        """Forget a conflict that the person has settled; returns what brings it back."""
        with self._lock:
            self._journal.decide([(command_id, "dismissed")], self._clock.now())
            conflict, change = self._cache.dismiss(command_id)
        self._told(change)
        return lambda: self._bring_back(conflict) if conflict else None

    def _bring_back(self, conflict: PendingCommand) -> None:
        with self._lock:
            self._journal.reopen(conflict.envelope.command_id)
            change = self._cache.bring_back(conflict)
        self._told(change)

    def mark_seen(self, incident_id: UUID, updated_at_us: int) -> None:
        """Remember that the person has read an incident."""
        with self._lock:
            is_news = self._cache.mark_seen(incident_id, updated_at_us)
        if is_news:  # told again, the record would be read again, and be seen again
            self._told(ChangeSet(frozenset({"seen"}), frozenset({str(incident_id)})))

    # -- exchange with the shared database -------------------------------------------------

    def connect(self) -> None:
        """Say hello; a copied profile gets an identity of its own.

        Each hello takes a new nonce, so that of two copies only the first is known again.
        """
        fresh = new_id(self._clock.now())
        try:
            self._shared.hello(Introduction(self._identity, fresh))
        except ClientUnknown:
            with self._lock:
                self._identity = self._journal.new_identity(self._clock.now())
                self._cache.numbers.drop()
            self._shared.hello(Introduction(self._identity, fresh))
        with self._lock:
            self._identity = self._journal.keep_nonce(self._identity, fresh)
            remember(self._cache, self._identity)
        if self.needs_snapshot:
            return
        self.refill_numbers()

    @property
    def needs_snapshot(self) -> bool:
        """Whether the cache holds no complete copy yet."""
        with self._lock:
            return self._cache.cursor < 0

    @property
    def has_work(self) -> bool:
        """Whether something waits to be submitted."""
        with self._lock:
            waiting = self._cache.pending.listed(
                PendingState.WAITING, PendingState.WITHDRAWING, limit=1
            )
        return bool(waiting)

    def refill_numbers(self) -> None:
        """Reserve more numbers while the shared database can be asked."""
        with self._lock:
            is_low = self._cache.numbers.left() < REFILL_BELOW
        if is_low:
            block = self._shared.take_block(self._identity, BLOCK_SIZE)
            with self._lock:
                self._cache.numbers.add(block)

    def _fetch_block(self) -> None:
        try:
            self._cache.numbers.add(self._shared.take_block(self._identity, BLOCK_SIZE))
        except AppError as error:
            raise NumbersUsedUp() from error

    def copy(self, progress: Callable[[Progress], None] = lambda _: None) -> None:
        """Fill the cache from the shared database; rows can be used as they arrive."""
        start, parts = self._shared.snapshot()
        with self._lock:
            change = self._cache.begin_snapshot()
        self._told(change)
        for part in parts:
            with self._lock:
                change = self._cache.take_part(part)
            self._told(change)
            progress(Progress(part.done, part.total))
        with self._lock:
            change = self._cache.finish_snapshot(start)
            self._cache.set(read_before=str(to_microseconds(self._clock.now())))
        self._told(change)
        self.recover()
        self.refill_numbers()

    def recover(self) -> int:
        """Give journalled commands again that the cache does not know; returns damaged lines."""
        with self._lock:
            entries, damaged = self._journal.entries(is_undecided_only=True)
            missing = [e for e in entries if not self._cache.pending.has(e.envelope.command_id)]
            for entry in missing:
                try:
                    change = self._cache.execute(entry.seq, entry.envelope)
                except AppError as error:
                    change = self._cache.keep_as_conflict(entry.seq, entry.envelope, error)
                self._told(change)
        if damaged:
            log.error("journal-damaged lines=%d", damaged)
        self.damaged_count = damaged
        return damaged

    def push(self) -> bool:
        """Submit what waits, in order; returns whether anything was decided."""
        was_decided = False
        for _ in range(STALE_ROUNDS):
            batch = self._batch()
            if not batch:
                break
            decisions = self._shared.submit(self._identity, batch)
            with self._lock:
                change = self._cache.acknowledge(decisions)
            self._told(change)
            was_decided = True
            if decisions and decisions[-1].outcome is Outcome.STALE:
                self.pull()
        return was_decided

    def _batch(self) -> Sequence[Submission]:
        with self._lock:
            waiting = self._cache.pending.listed(*TO_SUBMIT, limit=BATCH_SIZE)
        return [Submission(p.seq, p.envelope, p.ops) for p in waiting]

    def pull(self) -> ChangeSet:
        """Take what changed and run the commands still undecided on top."""
        with self._lock:
            cursor, first = self._cache.cursor, self._cache.pending.first_undecided_seq()
            epoch = self._cache.setting("epoch")
            acked = self._cache.pending.listed(PendingState.ACKED)
        if not acked and not self._shared.has_news(cursor):
            return ChangeSet()
        if self._shared.changed_count(cursor) > FAR_BEHIND:
            self.copy()
            return ChangeSet(is_everything=True)
        pull = _with_acked(self._shared.pull(self._identity, cursor, first), acked)
        if pull.cursor < cursor or pull.epoch != epoch:
            self.copy()  # a backup was put back: what was read since no longer exists
            return ChangeSet(is_everything=True)
        if not pull.rows and not pull.decided and pull.cursor == cursor:
            return ChangeSet()
        with self._lock:
            change = self._cache.rebase(pull)
            # What was refused stays open in the journal until the person has dismissed it.
            self._journal.decide(
                [
                    (d.command_id, d.outcome.value)
                    for d in pull.decided
                    if d.outcome is Outcome.APPLIED
                ],
                self._clock.now(),
            )
        self._told(change)
        return change

    def pending(self) -> list[PendingCommand]:
        """Every command of this desk that is not yet part of the shared truth."""
        with self._lock:
            return self._cache.pending.listed()

    def tidy(self, now: datetime) -> None:
        """Drop what the journal no longer has to keep, and keep room back on the disk."""
        self._reserve.fill()
        with self._lock:
            self._journal.forget_before(now)

    def close(self) -> None:
        """Let go of all files."""
        with self._lock:
            self._cache.close()
            self._journal.close()
            self._shared.close()


def _with_acked(pull: Pull, acked: Sequence[PendingCommand]) -> Pull:
    """The pull with every command that was acknowledged before it began.

    Those that were recorded under a former identity of this desk it does not list by itself.
    """
    listed = {decision.command_id for decision in pull.decided}
    missing = tuple(
        Decision(p.envelope.command_id, p.seq, Outcome.APPLIED)
        for p in acked
        if p.envelope.command_id not in listed
    )
    return replace(pull, decided=(*pull.decided, *missing))
