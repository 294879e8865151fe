"""The commands of the incident practice: what a person asks for.

A command that sets a field carries the value the person saw (``seen_…``), so that a later
replay cannot silently overwrite a colleague's decision. Each names in ``REMARK`` the field
whose text the history quotes.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from services.incidents.incident import (
    CancelReason,
    Channel,
    ConfirmationMethod,
    NoteKind,
    OnHoldReason,
    ResolutionCode,
)
from services.incidents.priority import CALLERS_OF_MAJOR, Impact, Priority, Severity, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class LogIncident:
    """Record what the caller reports, under its final number.

    ``matrix_edition`` names the matrix of the system an import reads; else the one in force ranks.
    """

    incident_id: UUID
    number: int
    summary: str
    description: str = ""
    channel: Channel
    caller_id: UUID | None = None
    monitoring_source: str = ""
    reported_at: datetime
    service_id: UUID | None = None
    affected_product_ids: tuple[UUID, ...] = ()
    category_id: UUID | None = None
    subcategory_id: UUID | None = None
    impact: Impact | None = None
    urgency: Urgency | None = None
    severity: Severity | None = None
    owner_team_id: UUID
    follow_up_of_id: UUID | None = None
    external_reference: str = ""
    matrix_edition: int | None = None
    is_confidential: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribeIncident:
    """Correct the summary or the description."""

    incident_id: UUID
    summary: str
    description: str
    seen_summary: str
    seen_description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeCaller:
    """Say who is affected."""

    incident_id: UUID
    caller_id: UUID
    seen_caller_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoriseIncident:
    """Put the incident into a category."""

    incident_id: UUID
    category_id: UUID
    subcategory_id: UUID | None
    seen_category_id: UUID | None
    seen_subcategory_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeService:
    """Name the faulty service (None: unknown) and the affected products."""

    incident_id: UUID
    service_id: UUID | None
    affected_product_ids: tuple[UUID, ...]
    seen_service_id: UUID | None
    seen_affected_product_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrioritiseIncident:
    """Set impact and urgency; priority follows from the matrix unless overridden with a reason.

    ``matrix_edition`` names the matrix of the system an import reads; else the one in force ranks.
    """

    REMARK: ClassVar[str] = "override_reason"

    incident_id: UUID
    impact: Impact
    urgency: Urgency
    override: Priority | None = None
    override_reason: str = ""
    seen_impact: Impact | None
    seen_urgency: Urgency | None
    seen_priority: Priority | None
    matrix_edition: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeverity:
    """Set the effect on customers, with the reason for a change."""

    REMARK: ClassVar[str] = "reason"

    incident_id: UUID
    severity: Severity | None
    reason: str
    seen_severity: Severity | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestrictIncident:
    """Let only those read the incident who have to do with it, or lift that, with the reason."""

    REMARK: ClassVar[str] = "reason"

    incident_id: UUID
    is_confidential: bool
    reason: str
    seen_is_confidential: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignIncident:
    """Give the incident to a person of the team that works on it, or to nobody."""

    incident_id: UUID
    assignee_id: UUID | None
    seen_team_id: UUID
    seen_assignee_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StartIncident:
    """Take the incident and begin to work on it."""

    incident_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldIncident:
    """Wait for something outside. Waiting for the caller needs a reply that says so."""

    REMARK: ClassVar[str] = "remark"

    incident_id: UUID
    reason: OnHoldReason
    follow_up_at: datetime | None
    remark: str = ""
    reply: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeIncident:
    """Go on after a hold."""

    REMARK: ClassVar[str] = "remark"

    incident_id: UUID
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveIncident:
    """Service is restored. The incident can be reopened until it is closed.

    A tier that resolves hands the incident back to the service desk by this act.
    """

    REMARK: ClassVar[str] = "resolution"

    incident_id: UUID
    code: ResolutionCode
    resolution: str
    category_id: UUID
    subcategory_id: UUID | None
    service_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenIncident:
    """It is not fixed after all."""

    REMARK: ClassVar[str] = "reason"

    incident_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseIncident:
    """Make the record final: the caller confirmed, or could not be reached in spite of trying."""

    REMARK: ClassVar[str] = "remark"

    incident_id: UUID
    method: ConfirmationMethod
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelIncident:
    """Withdraw an incident that is none."""

    REMARK: ClassVar[str] = "remark"

    incident_id: UUID
    reason: CancelReason
    duplicate_of_id: UUID | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote:
    """Write an internal note, a reply to the caller, a call or an attempt to reach the caller.

    ``seen_note_id`` is the latest note that the writer of a reply had seen, or the incident's own
    id where there was none; None asks for no look at what colleagues wrote meanwhile.
    """

    REMARK: ClassVar[str] = "text"

    incident_id: UUID
    kind: NoteKind
    text: str
    duration_s: int | None = None
    seen_note_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkToParent:
    """Make the incident a child of another, or free it (None)."""

    incident_id: UUID
    parent_id: UUID | None
    seen_parent_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateToTeam:
    """Offer the incident to a team with more skill; the owner stays with the service desk.

    With a ``page_id`` whoever is on call for the team is paged by the same act, after
    ``page_hold_s`` seconds in which the page can be taken back.
    """

    REMARK: ClassVar[str] = "reason"

    incident_id: UUID
    escalation_id: UUID
    to_team_id: UUID
    reason: str
    tried: str
    found: str
    need: str
    seen_team_id: UUID
    page_id: UUID | None = None
    page_hold_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptEscalation:
    """A member of the receiving team takes the incident."""

    incident_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectEscalation:
    """The receiving team returns the incident to the team before, with a reason."""

    REMARK: ClassVar[str] = "reason"

    incident_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandBackEscalation:
    """The team that accepted gives the incident back to the service desk."""

    REMARK: ClassVar[str] = "remark"

    incident_id: UUID
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallEscalation:
    """The service desk takes the incident back, with a reason."""

    REMARK: ClassVar[str] = "reason"

    incident_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateUp:
    """Tell a manager what is needed and by when. Assignment does not change."""

    REMARK: ClassVar[str] = "need"

    incident_id: UUID
    escalation_id: UUID
    to_person_id: UUID
    reason: str
    need: str
    needed_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEscalation:
    """Record what the manager decided."""

    REMARK: ClassVar[str] = "answer"

    incident_id: UUID
    escalation_id: UUID
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawEscalation:
    """Take back a call up the management line that is no longer needed."""

    REMARK: ClassVar[str] = "reason"

    incident_id: UUID
    escalation_id: UUID
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoAct:
    """Put back what one's own last act changed, while nobody has built on it."""

    incident_id: UUID
    undone_command_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPriorityMatrix:
    """Put a new edition of the priority matrix in force."""

    matrix_id: UUID
    edition: int
    name: str
    cells: str
    is_in_force: bool = True
    callers_of_major: int = CALLERS_OF_MAJOR
