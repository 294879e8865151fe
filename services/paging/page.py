"""A page and all that comes of it: steps, people called, deliveries, attempts."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar
from uuid import UUID

from services.on_call.policy import CalledAs, StepWhen


class PageState(Enum):
    """Where a page stands. It ends acknowledged or superseded, never in silence.

    HELD waited offline longer than it was fresh: a person is asked before it is sent.
    """

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SUPERSEDED = "superseded"
    HELD = "held"


class Answer(Enum):
    """What a person who was called answered."""

    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"


class DeliveryKind(Enum):
    """What a delivery carries.

    ACKNOWLEDGED and RESOLVED tell a provider that keeps its own alert open what became of a page.
    UPDATE carries a status update, ROOM what a chat room of a major incident is to be like.
    REPLY is the word back to somebody who answered a page by mail.
    """

    PAGE = "page"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    VERIFICATION = "verification"
    TEST = "test"
    PROBE = "probe"
    UPDATE = "update"
    ROOM = "room"
    REPLY = "reply"


class DeliveryState(Enum):
    """Where a delivery stands.

    UNSURE: it may have been sent, and is sent again with the mark that it may be a repeat.
    SUPERSEDED: it was no longer wanted when its turn came. BUNDLED: another one told of it.
    DEAD: given up; the page has gone on to its next step.
    """

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    REFUSED = "refused"
    UNSURE = "unsure"
    SUPERSEDED = "superseded"
    BUNDLED = "bundled"
    DEAD = "dead"


class Outcome(Enum):
    """What a provider made of one attempt."""

    DELIVERED = "delivered"
    RETRY = "retry"
    REFUSED = "refused"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Asking people to act on one incident.

    A command opens it with what is asked; from then on the shared database leads it. ``position``
    is the step last taken (-1 before the first), ``round`` how often all were gone through.
    ``rounds_from`` is the round in which it was last opened. ``is_urged`` asks for the next step at
    once. An acknowledged page reopens at ``reopens_at``, which the shared database sets from
    ``snooze_s`` or else ``acknowledge_timeout_s`` (0 is never).
    ``hold_until`` leaves whoever asked some seconds to think again. ``fresh_until``: a page that
    reaches the shared database later is held, not sent as new.
    """

    TABLE: ClassVar[str] = "page"

    id: UUID
    version: int = 0
    incident_id: UUID
    state: PageState = PageState.OPEN
    policy_id: UUID | None = None
    to_team_id: UUID | None = None
    to_person_ids: tuple[UUID, ...] = ()
    reason: str = ""
    opened_by_id: UUID
    opened_at: datetime
    hold_until: datetime | None = None
    fresh_until: datetime | None = None
    started_at: datetime | None = None
    round: int = 0
    position: int = -1
    is_catch_all: bool = False
    due_at: datetime | None = None
    is_urged: bool = False
    is_everyone: bool = False
    repeat_count: int = 0
    rounds_from: int = 0
    acknowledge_timeout_s: int = 0
    snooze_s: int = 0
    acknowledged_by_id: UUID | None = None
    acknowledged_at: datetime | None = None
    reopens_at: datetime | None = None
    ended_at: datetime | None = None
    end_remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageStep:
    """A step as the policy had it when the page began; later edits change no running page."""

    TABLE: ClassVar[str] = "page_step"

    id: UUID
    version: int = 0
    incident_id: UUID
    page_id: UUID
    position: int
    delay_s: int
    taken: StepWhen
    person_ids: tuple[UUID, ...] = ()
    roster_ids: tuple[UUID, ...] = ()
    team_ids: tuple[UUID, ...] = ()
    destination_ids: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRecipient:
    """A person who was called, when and why, found at the moment the step was taken."""

    TABLE: ClassVar[str] = "page_recipient"

    id: UUID
    version: int = 0
    incident_id: UUID
    page_id: UUID
    person_id: UUID
    round: int
    position: int
    called_as: CalledAs
    roster_id: UUID | None = None
    called_at: datetime
    answer: Answer | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one address, wanted once. Its id is its key with the provider, for ever.

    ``lease_token`` rises with every claim, and only the last one may finish. ``memo`` is JSON,
    what the provider wants to know again. ``may_repeat``: an earlier attempt ended unsure.
    ``answer_digest`` is the SHA-256 of the token by which a link answers for ``person_id``.
    ``subject_id`` is the status update or the response channel that it carries.
    """

    TABLE: ClassVar[str] = "delivery"

    id: UUID
    version: int = 0
    incident_id: UUID | None = None
    page_id: UUID | None = None
    recipient_id: UUID | None = None
    person_id: UUID | None = None
    contact_method_id: UUID | None = None
    destination_id: UUID
    kind: DeliveryKind
    address: str = ""
    text: str = ""
    round: int = 0
    position: int = 0
    created_at: datetime
    due_at: datetime
    state: DeliveryState = DeliveryState.WAITING
    attempt_count: int = 0
    lease_token: int = 0
    lease_until: datetime | None = None
    dispatcher: str = ""
    finished_at: datetime | None = None
    reason: str = ""
    memo: str = "{}"
    may_repeat: bool = False
    bundled_into_id: UUID | None = None
    answer_digest: str = ""
    subject_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryAttempt:
    """One try, written before the provider is called; ``outcome`` is absent while unknown."""

    TABLE: ClassVar[str] = "delivery_attempt"

    id: UUID
    version: int = 0
    incident_id: UUID | None = None
    delivery_id: UUID
    number: int
    lease_token: int
    dispatcher: str
    started_at: datetime
    finished_at: datetime | None = None
    outcome: Outcome | None = None
    reason: str = ""


LED = frozenset(record.TABLE for record in (PageStep, PageRecipient, Delivery, DeliveryAttempt))
"""Tables that the shared database fills by itself, without a command, as it leads pages."""
