"""What leads pages and deliveries: the shared database, whichever it is.

Each call is one statement or one transaction, so that whoever dies in it leaves no lock behind.
The clock is the shared database's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.paging.destination import ProviderKind
from services.paging.page import DeliveryKind, Outcome
from services.providers.answer_words import PageAnswer
from services.sync.paging_standing import PagingStanding

LEASE_S = 30
"""How long a claimed delivery belongs to its dispatcher; longer than any call may take."""

NOBODY = "00000000-0000-0000-0000-000000000000"
"""The actor of what the shared database does by itself."""

FIRE_LIMIT = 200
"""How many steps one call takes; the next call takes the rest."""

ATTEMPTS = 5
"""After so many attempts a delivery is given up, and its page goes on at once."""

ATTEMPTS_TO_TELL = 300
"""The same for status updates and chat rooms, whose pauses are longer: after about two days."""

NO_ROOM: Mapping[UUID, int] = {}
"""Nothing is known of how many calls any destination can take."""

ALARM_AFTER_S = 60
"""How late anything may be before the auditor says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A delivery that belongs to this dispatcher until its lease ends.

    ``number`` and ``summary`` are of the incident, or 0 and empty; a confidential incident has no
    summary. ``bundled`` are numbers of further incidents that this delivery tells of.
    ``first_text`` is the first update about the incident that reached this place, or empty.
    ``memo`` and ``options`` are JSON. ``answer_digest`` is of the token its links carry.
    """

    delivery_id: UUID
    lease_token: int
    attempt: int
    kind: DeliveryKind
    page_id: UUID | None
    incident_id: UUID | None
    number: int
    summary: str
    severity: int | None
    priority: int | None
    reason: str
    text: str
    person_name: str
    address: str
    destination_id: UUID
    provider: ProviderKind
    base_url: str
    options: str
    may_reach_private: bool
    memo: str
    may_repeat: bool
    bundled: tuple[int, ...]
    answer_digest: str
    claimed_at: datetime
    first_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Something that must not be: a fact about a page, a delivery, a roster, or the dispatchers."""

    kind: str
    subject_id: UUID | None
    since: datetime
    detail: str = ""


class PagingEngine(Protocol):
    """What leads pages. Every call may raise ``SharedUnreachable``."""

    def fire_due(self) -> PagingStanding:
        """Take every step that is due, and say how paging stands."""
        ...

    def confirm_clock(self) -> bool:
        """Say that the database's clock is right, though it was stepped forward.

        False where it was not held to be wrong.
        """
        ...

    def claim(self, dispatcher: str, answer_digest: str) -> Claimed | None:
        """The most urgent delivery that is still wanted, or None.

        ``answer_digest`` is the SHA-256, in hexadecimal, of the token this delivery's links carry.
        """
        ...

    def claim_many(
        self, dispatcher: str, answer_digests: Sequence[str], room: Mapping[UUID, int] = NO_ROOM
    ) -> Sequence[Claimed]:
        """The most urgent deliveries that are still wanted, one for each digest at most.

        ``room`` is how many calls a destination can take now, 1 where nothing is said. What waits
        for one that can take none uses up no attempt.
        """
        ...

    def finish(
        self,
        claimed: Claimed,
        outcome: Outcome,
        *,
        reason: str = "",
        retry_after_s: float = 0.0,
        memo: str = "{}",
    ) -> bool:
        """Record what came of an attempt; False where the lease was lost and nothing is recorded.

        A delivery to be tried again is due after ``retry_after_s``.
        """
        ...

    def answer(self, answer_digest: str, given: PageAnswer) -> str:
        """Answer a page in the name of whom a delivery reached.

        Returns what came of it: the word of the answer, ``too-late`` or ``unknown``.
        """
        ...

    def answerable(self, destination_id: UUID, address: str) -> Sequence[tuple[UUID, str]]:
        """The pages that went to a contact's address within a week, since they last opened.

        The newest first; each as its delivery and the digest that answers it.
        """
        ...

    def beat(self, dispatcher: str, detail: str = "") -> None:
        """Say that this dispatcher lives. ``detail`` is JSON for ``--status``, or ``STOPPED``."""
        ...

    def audit(self) -> tuple[Alarm, ...]:
        """Everything that must not be."""
        ...

    def disable_destination(self, destination_id: UUID, reason: str) -> None:
        """Stop using a destination whose provider says that it is gone."""
        ...

    def note_probe(self, destination_id: UUID, result: str) -> None:
        """Record the end of a probe of a destination; an empty result is success."""
        ...

    def probes_due(self) -> int:
        """Put a probe into the queue for each destination whose last proof is too old."""
        ...

    def wait(self, timeout_s: float) -> None:
        """Return when something may be due, when interrupted, or after the time-out."""
        ...

    def interrupt(self) -> None:
        """End a wait in another thread at once."""
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...
