"""What people do with status updates, as commands.

Every one names its incident, so that it waits, is shown and is hidden with it. The words of an
update are those of its last writer: a command that builds on them carries ``seen_written_at``,
when the words were written that the person saw.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.communications.status_update import UpdateMoment
from services.major_incidents.major import ResponsePhase

HOLD_S = 8
"""How long a sender may think again before an update leaves, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftUpdate:
    """Begin an update on one status page; nobody is told yet.

    ``current_status`` and ``next_steps`` hold one point a line. ``component_states`` is JSON:
    component id → status. ``told_at``, where given, is the moment it claims to be of.
    """

    REMARK: ClassVar[str] = "summary"

    update_id: UUID
    incident_id: UUID
    page_id: UUID
    moment: UpdateMoment
    phase: ResponsePhase = ResponsePhase.INVESTIGATING
    subject: str = ""
    summary: str = ""
    current_status: str = ""
    next_steps: str = ""
    next_update_at: datetime | None = None
    next_update_where: str = ""
    component_states: str = "{}"
    is_notifying: bool = False
    is_cause_released: bool = False
    told_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeDraft:
    """Other words for an update that has not been sent; a review of the former ones is void."""

    REMARK: ClassVar[str] = "summary"

    update_id: UUID
    incident_id: UUID
    moment: UpdateMoment
    phase: ResponsePhase
    subject: str
    summary: str
    current_status: str
    next_steps: str
    next_update_at: datetime | None
    next_update_where: str
    component_states: str
    is_notifying: bool
    is_cause_released: bool
    told_at: datetime | None
    seen_written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AskForReview:
    """Ask for a second pair of eyes: of one person, or of whoever is there (None)."""

    update_id: UUID
    incident_id: UUID
    reviewer_id: UUID | None = None
    seen_written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewUpdate:
    """Say that another person's update may be sent, or give it back with a remark."""

    REMARK: ClassVar[str] = "remark"

    update_id: UUID
    incident_id: UUID
    is_passed: bool
    remark: str = ""
    seen_written_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SendUpdate:
    """Let an update leave after ``hold_s`` seconds; ``is_notifying`` is decided each time."""

    update_id: UUID
    incident_id: UUID
    is_notifying: bool
    seen_written_at: datetime
    hold_s: int = HOLD_S


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawUpdate:
    """Take back an update that has not left."""

    update_id: UUID
    incident_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SendHeldUpdate:
    """Send an update that waited too long to go out by itself."""

    update_id: UUID
    incident_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectUpdate:
    """Begin a correction of an update that was sent. It leaves as an edit of that one.

    ``told_at`` marks it as backdated, and is never later than now.
    """

    REMARK: ClassVar[str] = "summary"

    update_id: UUID
    incident_id: UUID
    replaces_id: UUID
    phase: ResponsePhase
    subject: str
    summary: str
    current_status: str = ""
    next_steps: str = ""
    next_update_at: datetime | None = None
    next_update_where: str = ""
    component_states: str = "{}"
    is_notifying: bool
    is_cause_released: bool = False
    told_at: datetime | None = None
