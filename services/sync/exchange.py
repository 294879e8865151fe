"""The exchange of commands and changes between this desk and the shared database."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from services.sync.book import ChangeSet
from services.sync.errors import CommandExpired, NotSent, SharedUnreachable, Unsendable
from services.sync.joining import Joining
from services.sync.paging_standing import PagingStanding
from services.sync.pending import PendingCommand, PendingState, subject_of
from services.sync.shared import Decision, Outcome, Presence, Pull, Submission

log = logging.getLogger(__name__)

BATCH_SIZE = 50
"""Commands of one submission; PostgreSQL keeps 64 subtransactions at hand."""

STALE_ROUNDS = 3
FAR_BEHIND = 20_000
"""Changed rows above which a full copy is cheaper than a pull."""


class Exchange(Joining):
    """What the sync thread does again and again: push, pull, compare, wait."""

    # -- push -----------------------------------------------------------------------------

    @property
    def has_work(self) -> bool:
        """Whether something waits to be submitted."""
        with self._lock:
            return bool(self._cache.pending.to_submit(limit=1))

    def push(self) -> bool:
        """Submit what waits, in order; returns whether anything was decided."""
        was_decided, stale_rounds = False, 0
        while stale_rounds < STALE_ROUNDS and (batch := self._batch()):
            decisions = self._submit(batch)
            with self._lock:
                change = self._cache.acknowledge(decisions)
            self._told(change)
            was_decided = was_decided or bool(decisions)
            if decisions and decisions[-1].outcome is Outcome.STALE:
                stale_rounds += 1
                self.pull()
        return was_decided

    def _batch(self) -> list[PendingCommand]:
        with self._lock:
            if self._cache.cursor < 0:
                return []
            now, waiting = self._clock.now(), self._cache.pending.listed(PendingState.WAITING)
            if expired := [command for command in waiting if command.is_expired(now)]:
                self._told(self._cache.withdraw(expired, CommandExpired()))
            return self._suspicion.share(self._cache.pending.to_submit(BATCH_SIZE))

    def _submit(self, batch: Sequence[PendingCommand]) -> tuple[Decision, ...]:
        """The answers; none when a command that cannot be sent has been put aside or is sought."""
        try:
            decisions = self._shared.submit(
                self._identity, [Submission(p.seq, p.envelope, p.ops) for p in batch]
            )
        except (SharedUnreachable, NotSent) as error:
            if culprit := self._suspicion.blame(batch, error):
                self._put_aside(culprit, error)
            if isinstance(error, SharedUnreachable):
                raise
            return ()
        self._suspicion.relieve()
        return decisions

    def _put_aside(self, command: PendingCommand, error: SharedUnreachable | NotSent) -> None:
        log.error("unsendable command=%s code=%s", command.envelope.command_id, error.code)
        problem = str(error.context.get("problem") or error.code)
        subject = subject_of(command.envelope)
        with self._lock:
            self._cache.pending.put_aside(command.seq, Unsendable(problem=problem))
        self._told(ChangeSet(frozenset({"pending"}), frozenset({subject} if subject else ())))

    # -- pull -----------------------------------------------------------------------------

    def pull(self) -> ChangeSet:
        """Take what changed and run the commands still undecided on top."""
        with self._lock:
            cursor, first = self._cache.cursor, self._cache.pending.first_undecided_seq()
            epoch, scope = self._cache.setting("epoch"), self._cache.setting("scope")
            acked = self._cache.pending.listed(PendingState.ACKED)
        if not self.keeps_as_wanted:
            return self._copied()
        if not acked and not self._shared.has_news(cursor):
            return ChangeSet()
        if self._shared.changed_count(cursor) > FAR_BEHIND:
            return self._copied()
        pull = _with_acked(self._shared.pull(self._identity, cursor, first), acked)
        if pull.cursor < cursor or pull.epoch != epoch:
            self._give_again()  # a backup was put back: what was read since no longer exists
            return self._copied()
        if pull.scope != scope:
            return self._copied()
        if not pull.rows and not pull.decided and pull.cursor == cursor:
            return ChangeSet()
        return self._take(pull)

    def _copied(self) -> ChangeSet:
        self.copy()
        return ChangeSet(is_everything=True)

    def _take(self, pull: Pull) -> ChangeSet:
        since = self._since()
        with self._lock:
            incomplete = self._cache.aggregates.incomplete(pull.rows, since)
        fetched = self._shared.fetch(incomplete) if incomplete else ()
        with self._lock:
            change = self._cache.rebase(pull, fetched, since)
            # What was refused stays open in the journal until the person has dismissed it.
            self._journal.decide(
                [
                    (d.command_id, d.outcome.value)
                    for d in pull.decided
                    if d.outcome is Outcome.APPLIED
                ],
                self._machine.now(),
            )
        self._told(change)
        return change

    # -- comparing ------------------------------------------------------------------------

    def check(self, bucket: int) -> bool:
        """Compare a bucket of every table with the shared database, and copy again if one differs.

        Returns whether nothing differs, as far as both stand at the same place.
        """
        since = self._since()
        for record in self._book.records:
            theirs = self._shared.digest(record.TABLE, bucket, since)
            with self._lock:
                is_settled = not self._cache.pending.listed(limit=1)
                if not is_settled or self._cache.cursor != theirs.cursor:
                    return True
                ours = self._cache.aggregates.digest(record.TABLE, bucket, since)
            if ours != (theirs.count, theirs.value):
                log.error("cache-differs table=%s bucket=%x", record.TABLE, bucket)
                # What differs after a copy too is no damage that another copy could mend.
                if (record.TABLE, bucket) not in self._mended:
                    self._mended.add((record.TABLE, bucket))
                    self.copy()
                return False
        return True

    # -- waiting --------------------------------------------------------------------------

    def wait(self, timeout_s: float) -> bool:
        """Return when there may be news, when interrupted, or after the time-out (False)."""
        with self._lock:
            cursor = self._cache.cursor
        return self._shared.wait(cursor, timeout_s)

    def keep_up(self) -> PagingStanding | None:
        """Let the shared database do what is due, and hear how that stands."""
        return self._shared.keep_up()

    def interrupt(self) -> None:
        """End a wait in another thread at once."""
        self._shared.interrupt()

    def be_present(self, incident_id: UUID | None, *, is_writing: bool) -> tuple[Presence, ...]:
        """Say which record is open here, and hear where the others are."""
        return self._shared.be_present(self._identity, incident_id, is_writing=is_writing)


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
