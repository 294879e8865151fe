"""The records of an incident: itself, its escalations, its notes and its history."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import ClassVar
from uuid import UUID

from services.incidents.priority import Impact, Priority, Severity, Urgency


class IncidentState(Enum):
    """Where an incident stands. Assigned, Escalated and Reopened are derived labels."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


OPEN_STATES = frozenset({IncidentState.NEW, IncidentState.IN_PROGRESS, IncidentState.ON_HOLD})
FINAL_STATES = frozenset({IncidentState.CLOSED, IncidentState.CANCELLED})


class OnHoldReason(Enum):
    """What an incident on hold waits for."""

    CALLER = "caller"
    CHANGE = "change"
    PROBLEM = "problem"
    SUPPLIER = "supplier"
    EVIDENCE = "evidence"
    SCHEDULED = "scheduled"


class Channel(Enum):
    """How the report reached the desk."""

    PHONE = "phone"
    WALK_UP = "walk_up"
    EMAIL = "email"
    CHAT = "chat"
    PORTAL = "portal"
    MONITORING = "monitoring"


class ResolutionCode(Enum):
    """What brought the service back."""

    FIXED = "fixed"
    WORKAROUND = "workaround"
    ADVICE = "advice"
    HARDWARE = "hardware"
    SOFTWARE_UPDATE = "software_update"
    SUPPLIER = "supplier"
    WENT_AWAY = "went_away"
    NOT_RECORDED = "not_recorded"


class CancelReason(Enum):
    """Why an incident is withdrawn."""

    DUPLICATE = "duplicate"
    NOT_AN_INCIDENT = "not_an_incident"
    RAISED_IN_ERROR = "raised_in_error"


class ConfirmationMethod(Enum):
    """How the caller said that the service works again."""

    PHONE = "phone"
    EMAIL = "email"
    CHAT = "chat"
    IN_PERSON = "in_person"
    NO_ANSWER = "no_answer"
    NOT_RECORDED = "not_recorded"


class EscalationKind(Enum):
    """Functional goes to more skill, hierarchical to more authority."""

    FUNCTIONAL = "functional"
    HIERARCHICAL = "hierarchical"


class EscalationState(Enum):
    """Where an escalation stands.

    Functional: offered → accepted → handed back, or rejected, passed on to a further team, or
    recalled. Hierarchical: told → answered, or recalled.
    """

    OFFERED = "offered"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    PASSED_ON = "passed_on"
    HANDED_BACK = "handed_back"
    RECALLED = "recalled"
    TOLD = "told"
    ANSWERED = "answered"


OPEN_ESCALATION_STATES = frozenset({EscalationState.OFFERED, EscalationState.ACCEPTED})


class NoteKind(Enum):
    """Who reads a note, and what it records."""

    INTERNAL = "internal"
    REPLY = "reply"
    CALL = "call"
    CALLER_REPLY = "caller_reply"
    CONTACT_ATTEMPT = "contact_attempt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """An unplanned interruption of a service, or a reduction of its quality.

    ``reported_at`` is when the caller spoke, ``created_at`` when it was logged. ``team_id`` and
    ``assignee_id`` work on it now; ``owner_team_id`` and ``owner_id`` (service desk) stay
    responsible until it is closed. ``service_id`` None is the answer "Unknown". Who may read one
    that ``is_confidential`` says ``services.incidents.visibility``. One that ``is_drill`` is an
    exercise: it counts in no figure, and nothing of it leaves the building.
    """

    TABLE: ClassVar[str] = "incident"

    id: UUID
    version: int = 0
    number: int
    external_reference: str = ""
    state: IncidentState = IncidentState.NEW
    on_hold_reason: OnHoldReason | None = None
    follow_up_at: datetime | None = None
    summary: str
    description: str = ""
    channel: Channel
    caller_id: UUID | None = None
    monitoring_source: str = ""
    opened_by_id: UUID
    reported_at: datetime
    created_at: datetime
    updated_at: datetime
    service_id: UUID | None = None
    affected_product_ids: tuple[UUID, ...] = ()
    category_id: UUID | None = None
    subcategory_id: UUID | None = None
    impact: Impact | None = None
    urgency: Urgency | None = None
    priority: Priority | None = None
    matrix_edition: int | None = None
    priority_override_reason: str = ""
    severity: Severity | None = None
    owner_team_id: UUID
    owner_id: UUID | None = None
    team_id: UUID
    assignee_id: UUID | None = None
    accepted_at: datetime | None = None
    first_response_at: datetime | None = None
    escalation_id: UUID | None = None
    escalation_state: EscalationState | None = None
    was_escalated: bool = False
    reassignment_count: int = 0
    resolved_at: datetime | None = None
    resolved_by_id: UUID | None = None
    resolution_code: ResolutionCode | None = None
    resolution: str = ""
    is_first_contact_resolution: bool = False
    reopened_at: datetime | None = None
    reopen_count: int = 0
    closed_at: datetime | None = None
    closed_by_id: UUID | None = None
    confirmation_method: ConfirmationMethod | None = None
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    cancelled_at: datetime | None = None
    cancel_reason: CancelReason | None = None
    duplicate_of_id: UUID | None = None
    parent_id: UUID | None = None
    follow_up_of_id: UUID | None = None
    is_imported: bool = False
    is_confidential: bool = False
    is_drill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """One hand-over to another team, or one call for a decision up the management line."""

    TABLE: ClassVar[str] = "escalation"

    id: UUID
    version: int = 0
    incident_id: UUID
    kind: EscalationKind
    state: EscalationState
    from_team_id: UUID
    from_person_id: UUID | None = None
    to_team_id: UUID | None = None
    to_person_id: UUID | None = None
    previous_id: UUID | None = None
    reason: str = ""
    tried: str = ""
    found: str = ""
    need: str = ""
    needed_by: datetime | None = None
    offered_by_id: UUID
    offered_at: datetime
    accepted_by_id: UUID | None = None
    accepted_at: datetime | None = None
    ended_by_id: UUID | None = None
    ended_at: datetime | None = None
    end_remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Something said or done that changes no field. Notes are never changed or removed."""

    TABLE: ClassVar[str] = "note"

    id: UUID
    version: int = 0
    incident_id: UUID
    kind: NoteKind
    author_id: UUID
    written_at: datetime
    text: str
    duration_s: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """What one act changed on one record; written by the shared database itself.

    ``subject_id`` is the incident or one of its escalations, ``subject`` its table.
    ``changes`` is JSON: column → [before, after]. ``recorded_at`` is the shared database's
    clock, absent while only this desk knows the act. ``on_behalf_of`` names whom an import
    speaks for; the true actor stays in ``actor_id``.
    """

    TABLE: ClassVar[str] = "history_entry"

    id: UUID
    version: int = 0
    incident_id: UUID
    subject: str
    subject_id: UUID
    command_id: UUID
    act: str
    actor_id: UUID
    on_behalf_of: str = ""
    happened_at: datetime
    recorded_at: datetime | None = None
    remark: str = ""
    changes: str = "{}"
