"""How a desk joins the shared database: hello, copies, what was lost on the way, numbers."""

import logging
import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.core.clock import MICROSECOND, to_microseconds
from services.core.ids import new_id
from services.sync.errors import ClientUnknown, JournalLinesDamaged, SharedUnreachable
from services.sync.journal_lines import JournalEntry
from services.sync.local_files import remember
from services.sync.open_desk import OpenDesk
from services.sync.pending import PendingState, subject_of
from services.sync.shared import Block, ClientIdentity, Introduction, Welcome

log = logging.getLogger(__name__)

BLOCK_SIZE = 100
REFILL_BELOW = 50
LATEST = 100
"""Applied commands that every hello asks about; a database that lost any lost the latest."""

ASKED_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a full copy is, in rows."""

    done: int
    total: int


class Joining(OpenDesk):
    """Gets this desk to where it can exchange changes."""

    welcome: Welcome | None = None
    """What the shared database answered the last hello."""

    # -- hello ----------------------------------------------------------------------------

    def connect(self) -> None:
        """Say hello, and notice when the shared database is not the one it was.

        Commands it acknowledged and no longer knows are given again, with their ids. Afterwards
        ``needs_snapshot`` tells whether a copy has to follow.
        """
        welcome, is_as_left = self._introduce()
        with self._lock:
            known, scope = self._cache.setting("epoch"), self._cache.setting("scope")
            window = self._cache.setting("kept_for")
            latest = [*self._acked(), *self._journal.applied(LATEST)]
        is_other = known not in ("", welcome.epoch)
        if not is_as_left or is_other or (latest and self._shared.missing(latest)):
            self._give_again()
        elif scope != welcome.scope or window != self._window:
            self._discard_copy()
        if not self.needs_snapshot:
            with self._lock:
                change = self._cache.prune(self._since(), self._clock.now())
            self._told(change)
            self.refill_numbers()

    def _introduce(self) -> tuple[Welcome, bool]:
        """The welcome, and whether the shared database knew this desk as it was left.

        Each hello takes a new nonce, so that of two copies only the first is known again. One
        that is known by an earlier nonce meets a backup put back, one that is not known at all
        gets an identity of its own.
        """
        fresh = new_id(self._machine.now())
        with self._lock:
            present = self._identity
            former = self._journal.former_nonces()
            self._journal.offer_nonce(fresh)
        for nonce in (present.nonce, *(n for n in former if n != present.nonce)):
            try:
                welcome = self._greet(ClientIdentity(present.client_id, nonce), fresh)
            except ClientUnknown:
                continue
            # A nonce offered last was taken if its answer got lost: nothing is amiss.
            return welcome, nonce in (present.nonce, *former[:1])
        with self._lock:
            own = self._journal.new_identity(self._machine.now())
            self._cache.numbers.drop()
        return self._greet(own, fresh), False

    def _greet(self, identity: ClientIdentity, fresh: UUID) -> Welcome:
        asked = self._machine.now()
        welcome = self._shared.hello(Introduction(identity, fresh, host=platform.node()))
        with self._lock:
            self._identity = self._journal.keep_nonce(identity, fresh)
            remember(self._cache, self._identity)
            if welcome.now is not None:
                offset = self._clock.learn(asked, welcome.now)
                self._cache.set(clock_offset=str(offset // MICROSECOND))
        self.welcome = welcome
        return welcome

    def _give_again(self) -> None:
        """Open what the shared database acknowledged and no longer knows, and what was refused by
        one that may be gone: a command keeps its id, so that what was decided stays decided. A
        copy must follow."""
        with self._lock:
            known = [*self._acked(), *self._journal.applied()]
        lost = [id_ for some in _some(known) for id_ in self._shared.missing(some)]
        log.warning("shared-is-another known=%d lost=%d", len(known), len(lost))
        # A crash after this begins again: without a copy nothing is run on rows that are gone.
        self._discard_copy()
        with self._lock:
            self._cache.numbers.drop()
            self._journal.reopen(*lost, *self._cache.pending.reopen(lost))
            entries, _ = self._journal.entries(is_undecided_only=True)
        numbers = [self._book.number_of(entry.envelope) for entry in entries]
        self._shared.claim_numbers(self._identity, [n for n in numbers if n is not None])

    def _acked(self) -> list[UUID]:
        acked = self._cache.pending.listed(PendingState.ACKED)
        return [command.envelope.command_id for command in acked]

    # -- copies ---------------------------------------------------------------------------

    @property
    def needs_snapshot(self) -> bool:
        """Whether the cache holds no complete copy yet."""
        with self._lock:
            return self._cache.cursor < 0

    @property
    def keeps_as_wanted(self) -> bool:
        """Whether the copy reaches as far back as the person wants."""
        with self._lock:
            return self._cache.setting("kept_for") == self._window

    @property
    def is_partial(self) -> bool:
        """Whether incidents that ended long ago are left to the shared database."""
        return self._kept_for is not None

    @property
    def _window(self) -> str:
        return "" if self._kept_for is None else str(self._kept_for // MICROSECOND)

    def _since(self) -> datetime | None:
        return None if self._kept_for is None else self._clock.now() - self._kept_for

    def _discard_copy(self) -> None:
        with self._lock:
            self._cache.set(cursor="-1")

    def copy(self, progress: Callable[[Progress], None] = lambda _: None) -> None:
        """Fill the cache from the shared database; rows can be used as they arrive."""
        window = self._window
        start, parts = self._shared.snapshot(self._since())
        with self._lock:
            change = self._cache.begin_snapshot()
        self._told(change)
        for part in parts:
            if self.is_ending:
                raise SharedUnreachable()
            with self._lock:
                change = self._cache.take_part(part)
            self._told(change)
            progress(Progress(part.done, part.total))
        with self._lock:
            needed = self._cache.fresh.absent(
                self._cache.aggregates.pinned()
                | self._cache.pending.subjects()
                | {subject for e in self._unadmitted() if (subject := subject_of(e.envelope))}
            )
        fetched = self._shared.fetch([UUID(id_) for id_ in sorted(needed)]) if needed else ()
        with self._lock:
            open_ = [(entry.seq, entry.envelope) for entry in self._unadmitted()]
            change = self._cache.finish_snapshot(start, fetched, open_)
            self._cache.set(kept_for=window)
            if not self._cache.setting("read_before"):
                self._cache.set(read_before=str(to_microseconds(self._machine.now())))
        self._told(change)
        self.refill_numbers()

    def recover(self) -> int:
        """Give journalled commands again that the cache does not know; returns damaged lines."""
        with self._lock:
            change = self._cache.admit([(e.seq, e.envelope) for e in self._unadmitted()])
        self._told(change)
        return self.damaged_count

    def _unadmitted(self) -> list[JournalEntry]:
        if damaged := self._journal.lines.retire_damaged(self._machine.now()):
            log.error("journal-damaged lines=%d", damaged)
            self.damaged_count += damaged
            self._note(JournalLinesDamaged(count=damaged))
        entries, _ = self._journal.entries(is_undecided_only=True)
        return [e for e in entries if not self._cache.pending.has(e.envelope.command_id)]

    # -- numbers --------------------------------------------------------------------------

    def refill_numbers(self) -> None:
        """Reserve more numbers while the shared database can be asked."""
        with self._lock:
            is_low = self._cache.numbers.left() < REFILL_BELOW
        if is_low:
            block = self._take_block()
            with self._lock:
                self._cache.numbers.add(block)

    def _take_block(self) -> Block:
        return self._shared.take_block(self._identity, BLOCK_SIZE)


def _some(ids: Sequence[UUID]) -> Iterator[Sequence[UUID]]:
    for start in range(0, len(ids), ASKED_AT_ONCE):
        yield ids[start : start + ASKED_AT_ONCE]
