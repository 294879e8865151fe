"""This desk's copy of the shared truth, as screens and commands use it. Any thread may call it."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.core.errors import AppError
from services.core.ids import new_id
from services.sync.book import ChangeSet
from services.sync.envelope import Envelope, seal
from services.sync.errors import NumbersUsedUp
from services.sync.exchange import Exchange
from services.sync.joining import Progress
from services.sync.pending import PendingCommand

__all__ = ["Progress", "Replica"]


class Replica(Exchange):
    """What a person does at this desk; the exchange brings it to all."""

    def execute(self, command: object, actor_id: UUID) -> Envelope:
        """Give a command: kept in the journal, decided and shown here, submitted soon.

        Raises:
            AppError: the rule refuses it, or it could not be saved; nothing is changed.
        """
        spec = self._book.commands[type(command).__name__]
        with self._lock:
            now = self._clock.stamp()
            envelope = seal(
                command,
                command_id=new_id(now),
                actor_id=actor_id,
                happened_at=now,
                max_age=spec.max_age,
            )
            change = self._reserve.saved(lambda: self._give(envelope))
        self._told(change)
        return envelope

    def _give(self, envelope: Envelope) -> ChangeSet:
        seq = self._journal.append(envelope)
        try:
            return self._cache.execute(seq, envelope)
        except AppError:
            self._journal.decide([(envelope.command_id, "refused here")], self._machine.now())
            raise

    def take_number(self) -> int:
        """The next incident number of this desk.

        Raises:
            NumbersUsedUp: none is left and the shared database cannot be asked.
        """
        with self._lock:
            if self._cache.numbers.left() == 0:
                try:
                    self._cache.numbers.add(self._take_block())
                except AppError as error:
                    raise NumbersUsedUp() from error
            return self._cache.numbers.take()

    def dismiss(self, command_id: UUID) -> Callable[[], None]:
        """Forget a conflict that the person has settled; returns what brings it back."""
        with self._lock:
            self._journal.decide([(command_id, "dismissed")], self._machine.now())
            conflict, change = self._cache.dismiss(command_id)
        self._told(change)
        return lambda: self._bring_back(conflict) if conflict else None

    def _bring_back(self, conflict: PendingCommand) -> None:
        with self._lock:
            self._journal.reopen(conflict.envelope.command_id)
            change = self._cache.bring_back(conflict)
        self._told(change)

    def pending(self) -> list[PendingCommand]:
        """Every command of this desk that is not yet part of the shared truth."""
        with self._lock:
            return self._cache.pending.listed()

    def mark_seen(self, incident_id: UUID, updated_at_us: int) -> None:
        """Remember that the person has read an incident."""
        with self._lock:
            is_news = self._cache.mark_seen(incident_id, updated_at_us)
            self._cache.aggregates.use(incident_id, self._machine.now())
        if is_news:  # told again, the record would be read again, and be seen again
            self._told(ChangeSet(frozenset({"seen"}), frozenset({str(incident_id)})))

    # -- what this desk keeps -------------------------------------------------------------

    def keep(self, kept_for: timedelta | None) -> None:
        """Keep incidents this long after their end (None: for ever); copies again soon."""
        self._kept_for = kept_for
        self.interrupt()

    def fetch_ended_before(self, moment: datetime, limit: int) -> tuple[UUID, ...]:
        """Bring those incidents here that ended last before a moment; returns which.

        Raises:
            SharedUnreachable: the shared database cannot be asked now.
        """
        ids = self._shared.older(moment, limit)
        self.fetch_older(ids)
        return ids

    def fetch_older(self, incident_ids: Sequence[UUID]) -> None:
        """Bring whole incidents here that this desk had left to the shared database.

        Raises:
            SharedUnreachable: it cannot be asked now.
        """
        fetched = self._shared.fetch(incident_ids)
        with self._lock:
            change = self._cache.take_fetched(fetched, incident_ids, self._machine.now())
        self._told(change)
