"""A status update: what is said, by whom it was read before, and how far it is on its way."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar
from uuid import UUID

from services.communications.status_page import Audience
from services.major_incidents.major import ResponsePhase


class UpdateMoment(Enum):
    """Which word it is."""

    FIRST = "first"
    FOLLOW_UP = "follow_up"
    FINAL = "final"


class UpdateState(Enum):
    """How far an update is on its way.

    Draft → in review → queued → sent. HELD waited longer than it was fresh: a person is asked
    before it is sent. WITHDRAWN never left.
    """

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    QUEUED = "queued"
    HELD = "held"
    SENT = "sent"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateTemplate:
    """Words to begin with. ``{key}``, ``{severity}``, ``{summary}``, ``{service}``, ``{products}``,
    ``{since}``, ``{impact}``, ``{duration}`` and ``{cases}`` are filled from the record."""

    TABLE: ClassVar[str] = "update_template"

    id: UUID
    version: int = 0
    name: str
    audience: Audience
    moment: UpdateMoment
    subject: str = ""
    summary: str = ""
    current_status: str = ""
    next_steps: str = ""
    is_active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusUpdate:
    """One word about an incident to one audience, on one status page and its outlets.

    ``current_status`` and ``next_steps`` hold one point a line; an external update says all in
    ``summary``. ``component_states`` is JSON: component id → :class:`ComponentStatus` value.
    ``message`` is JSON, the update as it leaves, fixed when it is queued. ``hold_until`` leaves
    the sender some seconds to think again; ``fresh_until``: one that reaches the shared database
    or the dispatcher later is held. ``sent_at`` is written by the shared database.
    ``told_at``, where given, is the moment it claims to be of: it is marked as backdated.
    ``replaces_id`` is the sent update that this one corrects.
    """

    TABLE: ClassVar[str] = "status_update"

    id: UUID
    version: int = 0
    incident_id: UUID
    major_id: UUID | None = None
    page_id: UUID
    audience: Audience
    moment: UpdateMoment
    state: UpdateState = UpdateState.DRAFT
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
    written_by_id: UUID
    written_at: datetime
    review_asked_of_id: UUID | None = None
    reviewed_by_id: UUID | None = None
    reviewed_at: datetime | None = None
    review_remark: str = ""
    queued_by_id: UUID | None = None
    queued_at: datetime | None = None
    message: str = "{}"
    hold_until: datetime | None = None
    fresh_until: datetime | None = None
    sent_at: datetime | None = None
    told_at: datetime | None = None
    replaces_id: UUID | None = None
