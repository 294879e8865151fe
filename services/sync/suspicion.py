"""Which of several commands the shared database cannot take: found by sending each alone."""

from collections.abc import Sequence
from uuid import UUID

from services.core.errors import AppError
from services.sync.errors import SharedUnreachable
from services.sync.pending import PendingCommand

DEATHS = 3
"""How often the connection may die over the same commands before they are suspected."""


class Suspicion:
    """Remembers over which commands submissions failed."""

    def __init__(self) -> None:
        self._head: UUID | None = None
        self._deaths = 0
        self._alone_until = -1

    def share(self, waiting: list[PendingCommand]) -> list[PendingCommand]:
        """What of the waiting commands to submit at once: one of those that are suspected."""
        is_suspected = bool(waiting) and waiting[0].seq <= self._alone_until
        return waiting[:1] if is_suspected else waiting

    def blame(self, batch: Sequence[PendingCommand], error: AppError) -> PendingCommand | None:
        """The command that cannot be sent, if this failure shows which it is."""
        if isinstance(error, SharedUnreachable) and type(error) is not SharedUnreachable:
            return None  # it names its own cause, and that is no command
        head = batch[0].envelope.command_id
        self._deaths = self._deaths + 1 if head == self._head else 1
        self._head = head
        if isinstance(error, SharedUnreachable) and self._deaths < DEATHS:
            return None
        self._deaths = 0
        if len(batch) == 1:
            return batch[0]
        self._alone_until = batch[-1].seq
        return None

    def relieve(self) -> None:
        """A submission was answered: earlier failures say nothing any more."""
        self._head, self._deaths = None, 0
